# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The lines that may be the article's text: all inside its root, and long prose outside of it.

A body that is split over several places, or a lead above the root, is found by its length; short lines outside
the root are never body and cost nothing. A thread of comments is none either.
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ

from worker.extract.article.lines cimport Line, line_of, lines_between
from worker.extract.article.root cimport Root
from worker.extract.article.surroundings cimport COMMENTS, Around, Surroundings
from worker.extract.document cimport Document, Kind
from worker.extract.sorted_numbers cimport first_from

# Length, in letters of an alphabet, from which a line outside the root may be body. It has a long piece then:
# 60 letters of an alphabet are LONG_PIECE wide ones.
cdef double MIN_OUTSIDE = 60

# Share of link text up to which it may.
cdef double MAX_OUTSIDE_LINKS = 0.4

# Letters of an alphabet that a letter of Chinese, Japanese or Korean is worth: its texts are as much shorter.
cdef double WIDE_LETTER = 2.5
cdef Py_UCS4 FIRST_WIDE = u"\u2e80"


cpdef list candidates(Document document, Surroundings around, Root root):
    """Return the lines that may be body, in page order."""
    cdef int first = document.element[root.element].text_start, end = document.element[root.element].text_end
    cdef list found = []
    cdef Line line
    add_outside(found, document, around, 0, first)
    for line in lines_between(document, first, end):
        if not around.around(line.element).closed:
            found.append(line)
    add_outside(found, document, around, end, document.piece_count)
    if root.has_thread:
        return [line for line in found if not is_comment(document, around.around(line.element), root)]
    return found


cpdef double effective_length(str text) noexcept:
    """Return the length of a text in letters of an alphabet; its middle tells in which script it is."""
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text)
    cdef Py_UCS4 middle = PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), length // 2)
    return length * WIDE_LETTER if middle >= FIRST_WIDE else length


cpdef double link_share(Document document, Line line) noexcept:
    """Return the share of the line's characters that stand in links, 0 to 1."""
    return linked_between(document, line.first, line.end)


cdef double linked_between(Document document, int first, int end) noexcept:
    """Return the same of the pieces ``first`` to ``end``."""
    cdef int total = document.piece[end].length - document.piece[first].length
    return <double>(document.piece[end].linked - document.piece[first].linked) / total if total else 0.0


cdef bint is_comment(Document document, const Around *near, Root root) noexcept:
    """Tell whether something is in a comment; one that is around the whole article is none."""
    return near.part == COMMENTS and not root.is_in(document, near.part_element)


cdef int add_outside(list found, Document document, Surroundings around, int first, int end) except -1:
    """Add the long lines of prose among the pieces ``first`` to ``end``."""
    cdef int n, at, start, stop = first
    cdef Line line
    for n in range(
        first_from(document.long_piece, sizeof(int), document.long_count, first),
        first_from(document.long_piece, sizeof(int), document.long_count, end),
    ):
        at = document.long_piece[n]
        if at < stop:
            continue
        start, stop = line_start(document, at, stop), line_end(document, at, end)
        if linked_between(document, start, stop) > MAX_OUTSIDE_LINKS:
            continue
        line = line_of(document, start, stop)
        if line is not None and effective_length(line.text) >= MIN_OUTSIDE and not around.around(line.element).closed:
            found.append(line)
    return 0


cdef int line_start(Document document, int at, int first) noexcept:
    """Return the first piece, from ``first`` on, of the line that the text ``at`` stands in."""
    while at > first and not is_break(document, at - 1):
        at -= 1
    return at


cdef int line_end(Document document, int at, int end) noexcept:
    """Return the one past the last piece, up to ``end``, of the line that the text ``at`` stands in."""
    while at < end and not is_break(document, at):
        at += 1
    return at


cdef inline bint is_break(Document document, int at) noexcept:
    return document.piece[at].kind == Kind.BREAK or document.piece[at].kind == Kind.BR_BREAK
