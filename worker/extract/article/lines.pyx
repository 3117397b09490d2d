# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The lines of a page: its texts as a browser would set them, each with the element it stands in."""

cimport cython
from libc.limits cimport INT_MAX

from worker.extract.document cimport Document, Kind
from worker.extract.folding cimport folded_from
from worker.extract.sorted_numbers cimport first_from


@cython.final
@cython.freelist(256)
cdef class Line:
    """One line of text.

    Attributes:
        element: The nearest breaking element around it.
        first: Its first piece of text.
        end: One past its last piece.
        text: White space folded; never empty.
        breaks: How many ``br`` alone part it from the line before in the same element; 0 where more does.
    """


cpdef list lines_between(Document document, int first, int end, int most=INT_MAX):
    """Return the lines of the pieces ``first`` to ``end``, in page order.

    Args:
        document: The page.
        first: Number of the first piece.
        end: One past that of the last.
        most: Lines after which the others are left out, 1 or more.
    """
    cdef list found = []
    cdef int start = max(first, 0), stop = min(end, document.piece_count), breaks = 0, at, n
    cdef int last = first_from(document.line_break, sizeof(int), document.break_count, stop)
    cdef Line line
    for n in range(first_from(document.line_break, sizeof(int), document.break_count, start), last + 1):
        at = document.line_break[n] if n < last else stop
        if at > start:
            line = line_of(document, start, at)
            if line is not None:
                line.breaks = breaks
                found.append(line)
                if len(found) == most:
                    break
                breaks = 0
        breaks = breaks + 1 if n < last and document.piece[at].kind == Kind.BR_BREAK else 0
        start = at + 1
    return found


cdef Line line_of(Document document, int first, int end):
    cdef str text = folded_from(document.pieces, first, end)
    cdef int at = first
    if not text:
        return None
    cdef Line line = Line.__new__(Line)
    while document.piece[at].kind != Kind.TEXT:  # all texts of a line stand in one block, white space in any
        at += 1
    line.element = document.element[document.piece[at].owner].block
    line.first, line.end, line.text = first, end, text
    return line
