from worker.extract.document cimport Document
from worker.extract.teasers.looking cimport Looked


cpdef bint is_among_prose(Document document, Looked looked, int at, article) except -1
