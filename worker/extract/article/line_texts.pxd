"""What compiled modules ask of the text of a line."""

cdef enum Wording:
    UNKNOWN
    IS_BOILERPLATE
    HEADS_OTHERS
    MAY_HEAD_OTHERS
    IS_LABEL
    BEGINS_AS_LABEL
    IS_STAMP

cdef struct Said:
    int digits
    int sentences  # that end inside, up to 4
    int mark  # code of the first of the marks that frames have

cpdef Said said_in(str text)
cpdef int start_code(Py_UCS4 letter) noexcept
cpdef int ending_code(str text) noexcept
cpdef bint is_stamp(str text) except -1
cpdef int wording_code(str text) except -1
cpdef str bare(str text)
cpdef str head(str text)
