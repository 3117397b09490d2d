from worker.extract.document cimport Document
from worker.extract.metadata cimport Metadata

cdef int first_heading(Document document) noexcept
cpdef frozenset site_names(Metadata metadata, str site)
