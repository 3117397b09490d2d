from worker.extract.article.root cimport Root
from worker.extract.document cimport Document

cdef list of_article(Document document, int tag, Root root, frozenset taken)
cdef bint is_taken(Document document, int element, frozenset taken) except -1
