"""Where the article stands, for compiled modules."""

from worker.extract.document cimport Document

cdef class Root:
    cdef readonly int element, end
    cdef readonly bint has_thread

    cpdef bint is_in(self, Document document, int element) noexcept
