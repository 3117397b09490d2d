from worker.extract.document cimport Document
from worker.extract.teasers.cards cimport Card


cpdef bint is_announced(Document document, Card card) except -1
