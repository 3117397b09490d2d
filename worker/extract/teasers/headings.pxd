from worker.extract.document cimport Document, Tag


cdef class Over:
    cdef readonly str text
    cdef readonly object known
    cdef readonly int element

cpdef Over heading_before(Document document, int first, int end)
cpdef list row_of(Document document, Over over)

cdef object known_heading(str text)
cdef str short_text(Document document, int first, int end, int most)

cdef inline bint is_heading(int tag) noexcept:
    return Tag.H1 <= tag <= Tag.H6
