from worker.extract.document cimport Document
from worker.extract.teasers.names cimport Names
from worker.extract.teasers.signals cimport Rows


cdef class Looked:
    cdef readonly list cards, blocks, block_of, forms
    cdef readonly Rows rows
    cdef readonly Names names


cpdef Looked look(Document document, page)
