# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The heading over a block: the nearest line before it that is one.

Half of the blocks have a heading that the lexicon knows, a quarter has none at all; so the lexicon names blocks
that structure has found, and a heading element of any wording does where it stands close.
"""

cimport cython
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport uint64_t

from worker.extract.document cimport Document, Kind
from worker.extract.lexicon.lookups cimport heading_kind, rolling_kind

from worker.extract.lexicon import WORDINGS, label_key

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(str text)

cdef enum:
    MAX_LINES = 8  # looked at before a block; tabs and "see all" links stand between heading and items
    MAX_HEADING = 80  # characters of the longest heading; the longest of the labelled ones has 62
    MAX_INSIDE = 3  # elements around a tab's label that hold nothing else
    MAX_ROW = 240  # characters of all labels of a row, white space between them included
    ENDS = 32  # letters told apart at either end of a wording: case is none of it
    LONGEST_COUNTED = 63  # characters of a wording; longer ones are taken for as long

# How long the wordings of headings in plain letters are, by their first and last one: a bit a length.
cdef uint64_t[ENDS][ENDS] lengths_of_known


cdef int note_known() except -1:
    cdef str key
    for language in WORDINGS.languages:
        for wordings in language.headings.values():
            for name, texts in wordings.items():
                for text in texts:
                    key = label_key(text)
                    if key and name != "prefix" and PyUnicode_IS_ASCII(key):
                        lengths_of_known[end_of(key, 0)][end_of(key, len(key) - 1)] |= length_bit(key)
    return 0


cdef inline Py_UCS4 letter(str text, Py_ssize_t at) noexcept:
    return PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), at)


cdef inline int end_of(str text, Py_ssize_t at) noexcept:
    return <int>letter(text, at) % ENDS


cdef inline uint64_t length_bit(str text) noexcept:
    return <uint64_t>1 << min(PyUnicode_GET_LENGTH(text), LONGEST_COUNTED)


note_known()


@cython.final
@cython.freelist(16)
cdef class Over:
    """What stands over a block: its words, what the lexicon knows of them (None: nothing), and where it stands."""

    @property
    def kind(self):
        """What kind of block the heading names; None where its words say none."""
        return rolling_kind(self.text) if self.known is None else self.known.kind


cdef Over over(str text, known, int element):
    cdef Over found = Over.__new__(Over)
    found.text, found.known, found.element = text, known, element
    return found


cpdef Over heading_before(Document document, int first, int end):
    """Return the nearest heading in the pieces ``first`` to ``end``, None without one.

    A known wording that is a link may stand beside the heading ("See more"): then the heading above it counts.
    """
    cdef int at = end - 1, looked = 0, block, start, stop
    cdef bint names_itself, is_link
    cdef str text
    cdef Over beside = None
    while at >= first and looked < MAX_LINES:
        if is_blank(document, at):
            at -= 1
            continue
        block = document.element[document.piece[at].owner].block
        start = max(document.element[block].text_start, first)
        stop = at + 1
        while at > start and document.piece[at].kind < Kind.BREAK:
            at -= 1
        text = short_text(document, at, stop, MAX_HEADING)
        if text is None:
            break
        looked += 1
        at -= 1
        names_itself = is_heading(document.element[block].tag)
        is_link = document.piece[stop].linked > document.piece[stop - 1].linked
        if beside is not None and is_link and not names_itself:
            continue
        known = known_heading(text)
        if names_itself or (known is not None and not is_link):
            return over(text, known, block) if known is not None or beside is None else beside
        if known is not None and beside is None:
            beside = over(text, known, block)
    return beside


cpdef list row_of(Document document, Over over):
    """Return the labels that stand in a row with this heading, itself among them: those of tabs.

    Empty where it stands alone, or no other of them is a known heading, or one is a link ("See more").
    """
    cdef int element = over.element
    if over.known is None:
        return []
    for _ in range(MAX_INSIDE):
        element = document.element[element].parent
        if element < 0 or document.length_in(element) > MAX_ROW or document.linked_in(element):
            return []
        if len(document.text_in(element)) > len(over.text):
            row = labels_in(document, element)
            return row if len({each.text for each in row if each.known is not None}) > 1 else []
    return []


cdef list labels_in(Document document, int element):
    """Return what stands in an element, child by child."""
    cdef list found = []
    cdef int child = element + 1
    while child < document.element[element].end:
        text = document.text_in(child)
        if text:
            found.append(over(text, known_heading(text), child))
        child = document.element[child].end
    return found


cdef object known_heading(str text):
    """Return what the lexicon knows of a heading, white space folded; it isn't asked where no wording can be meant.

    Of plain letters folding changes nothing but case, so a wording has their number and begins and ends with the same.
    """
    cdef Py_ssize_t last = PyUnicode_GET_LENGTH(text) - 1
    if last < 0 or (
        PyUnicode_IS_ASCII(text)
        and letter(text, 0).isalnum()
        and letter(text, last).isalnum()
        and not lengths_of_known[end_of(text, 0)][end_of(text, last)] & length_bit(text)
    ):
        return None
    return heading_kind(text)


cdef str short_text(Document document, int first, int end, int most):
    """Return the text of these pieces, white space folded; None where it has more than so many characters."""
    cdef int at, letters = 0
    cdef str text
    if document.piece[end].length - document.piece[first].length > most:
        for at in range(first, end):
            letters += letters_in(<str>document.pieces[at], most + 1)
            if letters > most:
                return None
    text = document.text_of(first, end)
    return text if PyUnicode_GET_LENGTH(text) <= most else None


cdef bint is_blank(Document document, int piece) noexcept:
    return document.piece[piece].kind != Kind.TEXT or not letters_in(<str>document.pieces[piece], 1)


cdef int letters_in(str text, int most) noexcept:
    """Return how many characters are no white space, counted up to ``most``."""
    cdef int kind = PyUnicode_KIND(text), found = 0
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t at
    for at in range(PyUnicode_GET_LENGTH(text)):
        if not (<Py_UCS4>PyUnicode_READ(kind, data, at)).isspace():
            found += 1
            if found == most:
                break
    return found
