"""What is around an element, for compiled modules: a look into an array."""

from worker.extract.document cimport Document

cpdef enum:  # of ``PARTS``
    COMMENTS = 1
    PARTICULARS = 9

cdef struct Around:  # as ``Surrounding`` says
    double names
    double own
    int semantic
    int frame
    int part
    int part_element
    bint closed

cdef class NameWeights:
    cdef dict weights, _shown, _hidden

    cdef Named of(self, str names, bint hidden)

cdef class Named:
    cdef double weight
    cdef int part

cdef class Surroundings:
    cdef Document _document
    cdef NameWeights _names
    cdef Around *_around
    cdef char *_is_known  # whether it was asked for

    cdef const Around *around(self, int element) except NULL  # nothing for -1; valid as long as these live
    cdef int _step(self, int element, const Around *above, Around *found) except -1
    cdef Named _own(self, int element)
