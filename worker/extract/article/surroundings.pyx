# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the elements around a text say: the names that templates give them, and what they mean in HTML."""

import re
from math import fsum
from typing import NamedTuple

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.string cimport memcmp

from worker.extract.document import Tag as TagByName

from worker.extract.document cimport Attribute, Document, Tag, attribute_value, is_named, next_attribute

FRAMES = ("aside", "header", "footer", "form", "figure", "figcaption", "table", "blockquote", "details")
"""Elements that a text may stand in and seldom does as body; the nearest counts. Numbered from 1."""

CLOSED = frozenset(["nav", "button", "select", "label", "dialog", "noscript", "textarea", "option"])
"""Elements whose text is never body. Of 7,100 paragraphs of body in the corpora three stand in one (noscript)."""

_PARTS = (
    (
        "comment comments commentlist commentary commenter disqus respond reply replies"
        " commentaire commentaires comentario comentarios commenti kommentar kommentare kommentarer reacties"
    ),
    (
        "card cards latest more popular readmore recirc recirculation recommended recommendation recommendations"
        " related similar suggested teaser teasers trending"
    ),
    "newsletter subscribe subscription signup promo promotion paywall login register offer cta",
    "author authors bio byline contributor writer auteur auteurs autor autore autoren autores forfatter skribent",
    "caption captions figcaption credit photo photos gallery slideshow lightbox",
    "tweet twitter instagram facebook embed embedded oembed social share sharing",
    "sponsored sponsor advert advertisement ads taboola outbrain affiliate product products",
    "sidebar infobox factbox box info inset fact facts glossary",
    "meta date time tags tag breadcrumb breadcrumbs category kicker dateline published",
    "consent cookie cookies privacy gdpr modal popup overlay notice disclaimer copyright footnote correction",
)
PARTS = {word: number for number, words in enumerate(_PARTS, start=1) for word in words.split()}
"""What templates call the parts of a page that are seldom the article's text, numbered from 1 by what they are.

Of the long lines of the corpora in such an element below the root: comments 5 % body, teasers 14 %, sign-ups 61 %,
authors 3 %, pictures 15 %, embedded posts 17 %, advertising 46 %, boxes 22 %, particulars 29 %, notices 2 %.
"""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")

NAMES_KEPT = 8_192
"""Names whose weights are remembered, about 2 MB: the pages of a site repeat their template's."""

HIDDEN = "hidden!"
"""The word for an element that isn't shown; no template can write it."""

cdef enum:
    SHORTEST_WORD = 3
    MAX_NAME_CHARACTERS = 600  # of one element's names: a list of utility classes is as long and says little
    TAGS = Tag.WBR + 1

cdef struct Meaning:
    int semantic
    int frame
    bint closed

cdef Meaning[TAGS] meant
for _tag, _number in TagByName.__members__.items():
    _name = _tag.lower()
    meant[_number].semantic = {"main": 1, "article": 2}.get(_name, 0)
    meant[_number].frame = FRAMES.index(_name) + 1 if _name in FRAMES else 0
    meant[_number].closed = _name in CLOSED


class Surrounding(NamedTuple):
    """What is around an element, itself included.

    Attributes:
        names: Sum of the weights of the words in the names of all elements around it: body above 0, frame below.
        semantic: Whether it stands in ``main`` (1), ``article`` (2), or both (3).
        frame: Number of the nearest of ``FRAMES``; 0 for none.
        closed: Whether it stands in one of ``CLOSED``.
        own: The part of ``names`` that is its own.
        part: Number in ``PARTS`` of the nearest element that is called one; 0 for none.
        part_element: That element; -1 for none.
    """

    names: float
    semantic: int
    frame: int
    closed: bool
    own: float
    part: int
    part_element: int


cdef Around nothing
nothing.names = nothing.own = 0.0
nothing.semantic = nothing.frame = nothing.part = 0
nothing.part_element = -1
nothing.closed = False


@cython.final
cdef class Surroundings:
    """What is around each element that is asked about, worked out once."""

    def __cinit__(self, Document document not None, dict weights not None):
        self._document, self._names = document, names_under(weights)
        self._around = <Around *>PyMem_Malloc(document.count * sizeof(Around))
        self._is_known = <char *>PyMem_Calloc(document.count, 1)
        if self._around == NULL or self._is_known == NULL:
            raise MemoryError

    def __dealloc__(self):
        PyMem_Free(self._around)
        PyMem_Free(self._is_known)

    def of(self, int element):
        """Return what is around ``element``."""
        if element >= self._document.count:
            raise IndexError(f"element {element} of {self._document.count}")
        cdef const Around *found = self.around(element)
        return Surrounding(
            names=found.names,
            semantic=found.semantic,
            frame=found.frame,
            closed=found.closed,
            own=found.own,
            part=found.part,
            part_element=found.part_element,
        )

    cdef const Around *around(self, int element) except NULL:
        cdef const Around *above = &nothing
        cdef Around *each
        cdef int below = -1, next_below
        while element >= 0:
            each = &self._around[element]
            if self._is_known[element]:
                above = each
                break
            each.part_element = below  # where the way down goes on, until it is known what part this is in
            below, element = element, self._document.element[element].parent
        while below >= 0:
            each = &self._around[below]
            next_below = each.part_element
            self._step(below, above, each)
            self._is_known[below] = True
            above, below = each, next_below
        return above

    cdef int _step(self, int element, const Around *above, Around *found) except -1:
        """Write down what is around ``element``, given what is around its parent."""
        cdef int tag = self._document.element[element].tag
        cdef const Meaning *meaning = &meant[tag]
        if tag == Tag.HTML or tag == Tag.BODY:
            found[0] = nothing
            return 0
        cdef Named own = self._own(element)
        found[0] = above[0]
        found.own = own.weight
        found.names += own.weight
        # An article's class often has its own topics: WordPress puts `tag-` and `category-` with each there.
        if own.part and not (tag == Tag.ARTICLE and own.part == PARTICULARS):
            found.part, found.part_element = own.part, element
        found.semantic |= meaning.semantic
        if meaning.frame:
            found.frame = meaning.frame
        if meaning.closed:
            found.closed = True
        return 0

    cdef Named _own(self, int element):
        """Return what an element's own names say."""
        cdef bint hidden
        cdef str names = names_of(self._document, element, &hidden)
        return self._names.of(names, hidden) if names or hidden else unnamed


@cython.final
cdef class Named:
    """Sum of the weights of the words in some names, and the part that they call an element; 0 for none."""

    def __cinit__(self, double weight, int part):
        self.weight, self.part = weight, part


cdef Named unnamed = Named(0.0, 0)


@cython.final
cdef class NameWeights:
    """What names say under these weights, which nobody changes; remembered from page to page."""

    def __cinit__(self, dict weights not None):
        self.weights, self._shown, self._hidden = weights, {}, {}

    cdef Named of(self, str names, bint hidden):
        cdef dict known = self._hidden if hidden else self._shown
        found = known.get(names)
        if found is None:
            words = words_of(names, hidden)
            part = min([PARTS[word] for word in words if word in PARTS], default=0)
            # Exact: sets have another order in every process, and a plain sum would differ in its last digit.
            found = Named(fsum([self.weights.get(word, 0.0) for word in words]), part)
            if len(known) >= NAMES_KEPT:
                known.clear()
            known[names] = found
        return <Named>found


cdef NameWeights last_used = NameWeights({})


cdef NameWeights names_under(dict weights):
    """Return what is remembered of names under these weights; what was under others is forgotten."""
    global last_used
    cdef NameWeights found = last_used
    if found.weights is not weights:
        found = last_used = NameWeights(weights)
    return found


def name_words(Document document not None, int element):
    """Return the words in the names of an element: what the weights are learned for."""
    cdef bint hidden
    cdef str names = names_of(document, element, &hidden)
    return words_of(names, hidden)


cdef str names_of(Document document, int element, bint *hidden):
    """Return the names among an element's attributes, "" for none, and tell whether it is hidden."""
    cdef Attribute each
    cdef str names = None, value
    cdef bint is_one = document.first_attribute(element, &each)
    hidden[0] = False
    while is_one:
        if gives_name(&each):
            value = attribute_value(&each)
            if value is not None:
                names = value if names is None else f"{names} {value}"
        elif is_named(&each, b"hidden") or (is_named(&each, b"style") and hides(attribute_value(&each))):
            hidden[0] = True
        is_one = next_attribute(&each)
    if names is None:
        return ""
    return names if PyUnicode_GET_LENGTH(names) <= MAX_NAME_CHARACTERS else names[:MAX_NAME_CHARACTERS]


cdef bint gives_name(const Attribute *found) noexcept:
    """Tell whether it is an attribute in which templates name things."""
    cdef size_t length = found.name_length
    if length == 2:
        return memcmp(found.name, b"id", length) == 0
    if length == 4:
        return memcmp(found.name, b"role", length) == 0
    if length == 5:
        return memcmp(found.name, b"class", length) == 0
    if length == 8:
        return memcmp(found.name, b"itemprop", length) == 0
    if length == 9:
        return memcmp(found.name, b"data-type", length) == 0
    if length == 11:
        return memcmp(found.name, b"data-testid", length) == 0 or memcmp(found.name, b"data-module", length) == 0
    return length == 14 and memcmp(found.name, b"data-component", length) == 0


cdef bint hides(str style):
    """Tell whether what has this style isn't shown."""
    return style is not None and ("none" in style or "hidden" in style) and _HIDDEN.search(style) is not None


cdef frozenset words_of(str names, bint hidden):
    """Return the distinct words of names, in lower case; ``HIDDEN`` among them for what isn't shown.

    A word is small letters, with a capital before them or none, or capitals that no small letter follows.
    """
    cdef int kind = PyUnicode_KIND(names)
    cdef const void *data = PyUnicode_DATA(names)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(names), at = 0, first
    cdef set found = {HIDDEN} if hidden else set()
    while at < length:
        first = at
        while at < length and u"A" <= PyUnicode_READ(kind, data, at) <= u"Z":
            at += 1
        if at < length and u"a" <= PyUnicode_READ(kind, data, at) <= u"z":
            if at - first > 1:
                at -= 1  # the last capital begins the next word
            else:
                while at < length and u"a" <= PyUnicode_READ(kind, data, at) <= u"z":
                    at += 1
        elif at == first:
            at += 1
            continue
        if at - first >= SHORTEST_WORD:
            found.add(names[first:at].lower())
    return frozenset(found)
