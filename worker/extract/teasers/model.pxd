from worker.extract.teasers.signals cimport Rows


cdef class Model:
    cdef readonly double base
    cdef readonly tuple tables, context
    cdef double *_weights  # of the codes of each signal, one after the other

    cdef double _own(self, const unsigned char *codes) noexcept
    cpdef list own_scores(self, Rows rows)
    cpdef list scores(self, Rows rows, blocks, forms, targets)
