"""What compiled modules see of bylines."""

cdef class Byline:
    cdef readonly tuple authors
    cdef readonly str agency
    cdef readonly bint announced

cpdef Byline byline(str text)
cpdef bint is_announced(str text)
cpdef int opening(str text)
cpdef bint is_opening(str text)
cpdef str agency_named(str text)
cpdef bint is_desk(str text)
cpdef bint is_name(str text)
