# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Authors: the names that the page gives, as printed; people before organisations.

JSON-LD comes first, then meta elements, then microdata, then elements that templates call the author or the byline,
then a line under the headline that opens as a byline does: a house that signs in its metadata often has the reporter
in the text. An organisation counts only where JSON-LD names it as the author and nobody else is named; as the
publisher alone it is none.
"""

import re
from functools import lru_cache

from worker.extract.article.headline cimport first_heading
from worker.extract.article.line_texts cimport bare
from worker.extract.article.lines cimport lines_between
from worker.extract.bylines cimport is_announced
from worker.extract.document cimport Attribute, Document, Tag, is_named, next_attribute
from worker.extract.metadata cimport Metadata, plain

from worker.extract.bylines import byline


MAX_NAME_CHARACTERS = 200
"""Characters of the longest list of names: what is longer is a text about the author."""

NAMES_KEPT = 1_024
"""Claims whose names are remembered, about 1 MB: each is asked for twice, and a site's reporters sign again."""

FIRST_WIDE = "\u2e80"
"""The first letter of scripts in which two letters are a name."""

cdef enum:
    MAX_BYLINE = 120  # characters of the longest, and of an element that holds one
    DEEPEST = 4  # lists in lists in lists are no names
    SHORTEST_HOUSE = 4  # letters: three begin anything

MAX_LINES_TO_BYLINE = 12
"""Lines after the headline in which a byline is looked for, up to the first of prose."""

_MARKS = re.compile(
    r"(?:(?<![A-Za-z])[Aa]|(?<=[a-z])A)ut(?:hor|or|eur|ore)(?:s|en|es)?"
    r"(?:[-_]*[Nn]ame|[-_]*(?:list|List|item|link))?(?![a-z])"
    r"|(?:(?<![A-Za-z])[Bb]|(?<=[a-z])B)y[Ll]ine(?:s)?(?:[-_]*[Nn]ame)?(?![a-z])"
)
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")

_said = lru_cache(NAMES_KEPT)(byline)


def authors(Document document not None, Metadata metadata not None, frozenset names not None):
    """Return the names and their source; None where the page names nobody.

    Args:
        document: The page.
        metadata: What its head claims.
        names: Letters of what the site is called: it is no author of its own.
    """
    for claim in author_claims(document, metadata, names):
        if claim[0]:
            return claim
    return None


def author_claims(Document document not None, Metadata metadata not None, frozenset names not None):
    """Yield what each source names, in order of trust; () where it names nobody."""
    told = names_told(metadata)
    metas = [*metadata.metas.get("author", ()), *metadata.metas.get("article:author", ())]
    for texts, source in metadata.by_trust((told, metadata.article_source), (metas, "meta")):
        yield people(texts, names), source
    yield people_of_elements(printed(document), names), "markup"
    yield people(announced(document), names), "text"
    if metadata.article_source == "jsonld":
        houses = [name for name in told if len(name) <= MAX_NAME_CHARACTERS and "://" not in name]
        yield tuple(dict.fromkeys(houses)), "jsonld"


def agency(Metadata metadata not None):
    """Return the agencies that the head credits, joined by ", ", with the source of the first; None without any."""
    told = [(name, metadata.article_source) for name in names_told(metadata)]
    told += [(name, "meta") for name in metadata.metas.get("author", ())]
    found = {}
    for text, source in told:
        if len(text) <= MAX_NAME_CHARACTERS and (by := _said(text).agency):
            found.setdefault(by, source)
    return (", ".join(found), next(iter(found.values()))) if found else None


cdef tuple people(texts, frozenset names):
    """Return the names in the claims that are not the site's own."""
    cdef dict found = {}
    cdef str text, name
    for text in texts:
        if len(text) > MAX_NAME_CHARACTERS or "://" in text or "www." in text:
            continue  # addresses and texts are no names
        for name in _said(_BRACKETS.sub("", text) if "(" in text else text).authors:
            if not is_house(name, names):
                found[name] = None
    return tuple(found)


cdef tuple people_of_elements(list texts, frozenset names):
    """Return the names in elements of one byline: the full ones, else those of the first that has text."""
    full = tuple([name for name in people(texts, names) if is_full(name)])
    return full or people(texts[:1], names)


cdef list names_told(Metadata metadata):
    """Return the names in JSON-LD or microdata, references followed."""
    found = []
    add_names(metadata, metadata.article.get("author"), 0, found)
    return found


cdef int add_names(Metadata metadata, value, int depth, list found) except -1:
    value = metadata.follow(value)
    if isinstance(value, list) and depth < DEEPEST:
        for each in <list>value:
            add_names(metadata, each, depth + 1, found)
    elif isinstance(value, dict):
        if depth < DEEPEST:
            add_names(metadata, (<dict>value).get("name"), depth + 1, found)
    elif name := plain(value):
        found.append(name)
    return 0


cdef list printed(Document document):
    """Return the texts of the first element that is marked as author or byline, the innermost that are.

    The first is the first after the headline: what stands above it are other stories' as often as not.
    """
    cdef int heading = max(first_heading(document), 0), outer, element, end
    cdef list inside = [], texts = []
    outer = first_marked(document, heading + 1, document.count)
    if outer < 0:
        outer = first_marked(document, 0, min(heading + 1, document.count))
    if outer < 0:
        return texts
    element, end = outer, document.element[outer].end
    while element >= 0:
        inside.append(element)
        element = first_marked(document, element + 1, end)
    inside.append(end)
    for at in range(len(inside) - 1):
        if inside[at + 1] >= document.element[<int>inside[at]].end:
            texts.append(document.text_in(inside[at]))
    return texts


cdef int first_marked(Document document, int first, int end) except -2:
    """Return the first of these elements that is marked as author or byline, -1 where none is."""
    cdef int element
    for element in range(first, end):
        if document.element[element].tag in (Tag.A, Tag.SPAN, Tag.P, Tag.DIV, Tag.ADDRESS, Tag.LI):
            if is_marked(document, element):
                return element
    return -1


cdef bint is_marked(Document document, int element) except -1:
    """Tell whether an element of little text is called the author or the byline."""
    if not 0 < document.length_in(element) <= MAX_BYLINE or not may_be_marked(document, element):
        return False
    marks = [document.attribute(element, b"rel"), document.attribute(element, b"itemprop")]
    names = " ".join([mark for mark in (*marks, document.attribute(element, b"class")) if mark])
    return _MARKS.search(names) is not None and "comment" not in names and document.text_in(element) != ""


cdef bint may_be_marked(Document document, int element) noexcept:
    """Tell whether one of the element's names has letters that all marks have: one look, where a pattern takes ten."""
    cdef Attribute each
    cdef bint is_there = document.first_attribute(element, &each)
    cdef const char *at
    cdef size_t _
    while is_there:
        if is_named(&each, b"class") or is_named(&each, b"rel") or is_named(&each, b"itemprop"):
            at = each.value
            for _ in range(3, each.value_length):
                if at[0] in (c"a", c"A") and at[1] == c"u" and at[2] == c"t" and at[3] in (c"h", c"o", c"e"):
                    return True
                if at[0] in (c"b", c"B") and at[1] == c"y" and at[2] in (c"l", c"L") and at[3] == c"i":
                    return True
                at += 1
        is_there = next_attribute(&each)
    return False


def announced(Document document):
    """Yield the first line between headline and prose that opens as a byline does and names somebody in full."""
    cdef int heading = first_heading(document)
    if heading < 0:
        return
    lines = lines_between(document, document.element[heading].text_end, document.piece_count, MAX_LINES_TO_BYLINE)
    for line in lines:
        if len(line.text) > MAX_BYLINE:
            return
        if is_announced(line.text):
            names = byline(line.text).authors
            if names and all([is_full(name) for name in names]):
                yield line.text
                return


cdef bint is_full(str name) except -1:
    """Tell whether the name has a first and a last one, both with a capital where the script has them."""
    words = name.split()
    return len(words) > 1 and not words[0][0].islower() and not words[len(words) - 1][0].islower()


cdef bint is_house(str name, frozenset names) except -1:
    """Tell whether the name is the site's own."""
    cdef str letters = bare(name), each
    if len(letters) < (2 if letters[:1] >= FIRST_WIDE else 3) or letters in names:
        return True
    for each in names:
        if len(each) >= SHORTEST_HOUSE and letters.startswith(each):
            return True
    return False
