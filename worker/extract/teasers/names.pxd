from worker.extract.document cimport Document


cpdef bint is_platform(str host) except -1


cdef class Names:
    cdef Document _document
    cdef int *_known  # bits of each element; -1 where they weren't asked for yet

    cpdef int of(self, int element) except -1
