from worker.extract.document cimport Document
from worker.extract.teasers.targets cimport Page, Target


cdef class Link:
    cdef readonly int element
    cdef readonly Target target

cpdef list story_links(Document document, Page page)
