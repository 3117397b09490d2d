cimport cython


@cython.final
cdef class CountedHost:
    cdef str name
    cdef object number  # a pattern, or None


@cython.final
cdef class Origin:
    cdef str url
    cdef CountedHost host


cpdef str resolve(str href, str base)
cpdef str address_key(str url)
cdef str clean_key(str href, Origin origin)
cdef Origin origin_of(str base)
