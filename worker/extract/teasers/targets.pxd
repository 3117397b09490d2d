cimport cython
from worker.extract.teasers.shapes cimport Shape
from worker.identity.addresses cimport Origin


@cython.final
cdef class Target:
    cdef readonly str url
    cdef readonly str key
    cdef readonly str path
    cdef readonly Shape shape
    cdef readonly double letters
    cdef tuple _above

    cdef tuple paths_above(self)


@cython.final
cdef class Page:
    cdef readonly frozenset keys
    cdef readonly Shape shape
    cdef readonly str host
    cdef str base, root, tail
    cdef Origin origin
    cdef frozenset numbers, slugs, paths
    cdef tuple marks

    cpdef Target target(self, str href)
    cpdef int distance(self, Shape shape)
    cpdef bint is_own(self, str key)
    cdef bint is_near(self, str key)
