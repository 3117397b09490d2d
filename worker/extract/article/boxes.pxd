"""The boxes of lines, for compiled modules."""

from worker.extract.article.lines cimport Line
from worker.extract.document cimport Document

cdef class Pictures:
    cdef Document _document
    cdef int *_picture
    cdef int _count

    cpdef int near(self, Line line) except -1

cdef struct Article:
    int element
    int end
    int outer  # the number of the nearest around it; -1 for none
    int depth  # how many are around what stands in it, itself included

cdef class Nesting:
    cdef Article *_article
    cdef int _count, _several

    cpdef int of(self, int element) except -1
    cdef int _around(self, int element, int at) noexcept
