cpdef str fold(str text)
cpdef bint is_identifying(str headline_folded)
