cdef class FoundTeasers:
    cdef readonly tuple items
    cdef readonly frozenset elements
