cpdef double size(str text)
cpdef int label(str text)
cpdef bint is_date(str text)
cpdef bint is_count(str text)
