cimport cython

cdef enum:
    CODES_ALONE = 5  # segments, slug, run, mixed and dated; behind them path and query
    CODES = 7


@cython.final
cdef class Shape:
    cdef readonly str host
    cdef readonly str ending
    cdef readonly int depth
    cdef readonly int slug_words
    cdef readonly int run
    cdef readonly bint mixed
    cdef readonly bint dated
    cdef readonly bint query
    cdef unsigned char codes[CODES]
    cdef unsigned int known  # a bit for each class of its words
    cdef bint on_platform
    cdef str address
    cdef Py_ssize_t path, stem_end  # where its segments stand in the address, the file ending off


cpdef Shape shape_of(str key)
cpdef double letters_of(Shape shape)
cpdef int likeness(Shape shape, Shape own)
cpdef bint is_above(Shape shape, Shape own)
cpdef bint holds_date(str text)
