from worker.extract.document cimport Document
from worker.extract.teasers.targets cimport Target


cdef class Card:
    cdef readonly Target target
    cdef readonly int top
    cdef readonly list links

cpdef list long_pieces_of(Document document)
cpdef list cards_of(Document document, list links, list long_pieces)
