from worker.extract.document cimport Document
from worker.extract.teasers.headings cimport Over


cdef class StoryBlock:
    cdef readonly int element
    cdef readonly list members
    cdef readonly Over over

cpdef list blocks_of(Document document, list cards)
