# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a page says about itself: JSON-LD, or microdata in its place, OpenGraph and other meta elements, links.

Everything is read once into plain look-ups; which source is believed is the affair of each field.
"""

import re
from html import unescape
from typing import Any

import orjson

from worker.extract.document cimport Document, Tag

from worker.extract.microdata import read_microdata
from worker.extract.vocabulary import is_article

MAX_JSONLD_BYTES = 2_000_000
"""Script texts read of a page, all together; the largest of the corpora has 700,000."""

MAX_JSONLD_NODES = 20_000
"""Objects looked at; a live blog of 2,000 posts has as many."""

_MARKUP = re.compile(r"<[^<>]{1,500}>")
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")

Json = Any
"""A value as orjson gives it: pages put anything anywhere, so each reader checks what it gets."""

cdef tuple TELLING = ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage")


cdef class Metadata:
    """The claims of one page's head; its fields are in ``metadata.pxd``."""

    def __init__(self, Document document not None):
        """Read the head of a page. **Total**."""
        cdef list objects = json_ld(document)
        cdef object key, others = ()
        cdef dict each
        self.article = article_of(objects)
        self.article_source = "jsonld"
        if not self.article:
            self.article, others = read_microdata(document)
            self.article_source = "microdata"
        self.objects = [each for each in objects if "@type" in each]
        self.by_id = {}
        for each in objects:
            key = each.get("@id")
            if isinstance(key, str) and key not in self.by_id and len(each) > 1:
                self.by_id[key] = each
        self.metas = {}
        self.read_elements(document, others)

    cdef int read_elements(self, Document document, others) except -1:
        """Read the elements of the head, wherever they stand; of all but meta elements the first that tells counts."""
        cdef int element, tag
        cdef bint in_root = False
        for element in range(document.count):
            tag = document.element[element].tag
            if tag == Tag.META:
                if element not in others:  # what the microdata of other articles says isn't said of the page
                    self.read_meta(document, element)
            elif tag == Tag.LINK:
                if self.canonical is None and is_canonical(document.attribute(element, "rel")):
                    self.canonical = document.attribute(element, "href") or None
            elif tag == Tag.TITLE:
                self.title = self.title or document.text_in(element) or None
            elif tag == Tag.BASE:
                self.base = self.base or document.attribute(element, "href") or None
            elif tag == Tag.HTML and not in_root:
                in_root = True
                self.language = document.attribute(element, "lang") or document.attribute(element, "xml:lang")
        return 0

    cdef int read_meta(self, Document document, int element) except -1:
        """Keep the content of a meta element by each of its names."""
        cdef str content = document.attribute(element, "content")
        if not content or content.isspace():
            return 0
        content = content.strip()
        self.keep(document.attribute(element, "property"), content)
        self.keep(document.attribute(element, "name"), content)
        self.keep(document.attribute(element, "itemprop"), content)
        return 0

    cdef int keep(self, str name, str content) except -1:
        if name:
            name = name.strip().lower()
            if name in self.metas:
                (<list>self.metas[name]).append(content)
            else:
                self.metas[name] = [content]
        return 0

    def meta(self, *names):
        """Return the first content of the first of these names that has one."""
        return self.first(names)

    cdef str first(self, tuple names):
        """Return the same as ``meta``."""
        cdef object name, values
        for name in names:
            values = self.metas.get(name)
            if values:
                return (<list>values)[0]
        return None

    def by_trust(self, article, metas):
        """Return what the article's object and what meta elements say of a field, the more trusted first.

        JSON-LD is written for machines. Microdata is what the template prints: names in capitals, days without an
        hour, local times that claim to be UTC.
        """
        return (article, metas) if self.article_source == "jsonld" else (metas, article)

    cpdef object follow(self, value):
        """Return the object that a bare reference means, anything else as it is."""
        if isinstance(value, dict) and len(<dict>value) == 1:
            reference = (<dict>value).get("@id")
            if isinstance(reference, str):
                return self.by_id.get(reference, value)
        return value


def read_metadata(Document document not None):
    """Return what the head of the page claims. **Total**."""
    return Metadata(document)


cpdef str plain(value):
    """Return a JSON-LD text as plain text: markup and entities resolved, white space folded; None for no text."""
    if not isinstance(value, str):
        return None
    cdef str text = value
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    text = " ".join(text.split())
    return text or None


cdef inline bint is_canonical(str relation):
    return relation is not None and relation.strip().lower() == "canonical"


cdef list json_ld(Document document):
    """Return every object of the page's JSON-LD, outer before inner."""
    cdef Py_ssize_t room = MAX_JSONLD_BYTES, nodes = MAX_JSONLD_NODES
    cdef list found = [], pending, inner
    cdef int element
    cdef object value, item
    cdef str kind, text
    for element in range(document.count):
        if document.element[element].tag != Tag.SCRIPT:
            continue
        kind = document.attribute(element, "type")
        if not kind or "ld+json" not in kind.lower():
            continue
        text = document.script(element)
        room -= len(text)
        if room < 0:
            break
        pending = [parsed(text)]
        while pending and nodes:
            value = pending.pop()
            nodes -= 1
            if isinstance(value, list):
                pending.extend(reversed(<list>value))
            elif isinstance(value, dict):
                found.append(value)
                inner = [item for item in (<dict>value).values() if isinstance(item, (dict, list))]
                inner.reverse()
                pending.extend(inner)
    return found


def parsed(str text not None):
    """Return the JSON of a script, None where it can't be mended.

    Mended are what publishers' templates get wrong: control characters inside texts, commas before a closing
    bracket, comment marks around the whole. A lone surrogate makes the whole script unusable.
    """
    try:
        return orjson.loads(text)
    except ValueError:
        pass  # malformed, or with a lone surrogate
    mended = _TRAILING_COMMA.sub("", _CONTROLS.sub(" ", _COMMENT.sub("", text).strip().rstrip(";")))
    try:
        return orjson.loads(mended)
    except ValueError:
        return None  # beyond mending: the page's other sources stand in


cdef dict article_of(list objects):
    """Return the object that is the page's article: the one that says most about itself."""
    cdef dict best = {}, each
    cdef object key, types
    cdef int most = 0, says
    for each in objects:
        types = each.get("@type")
        if types is None:
            continue
        types = types if isinstance(types, list) else [types]
        if not is_article([name for name in types if isinstance(name, str)]):
            continue
        says = 0
        for key in TELLING:
            says += key in each
        if says > most:
            best, most = each, says
    return best
