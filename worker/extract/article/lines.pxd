"""The lines of a page, for compiled modules."""

from worker.extract.document cimport Document

cdef class Line:
    cdef readonly int element, first, end, breaks
    cdef readonly str text

cpdef list lines_between(Document document, int first, int end, int most=*)
cdef Line line_of(Document document, int first, int end)  # pieces without a break as one; None without text
