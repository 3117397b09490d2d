from worker.extract.document cimport Document
from worker.extract.teasers.cards cimport Card
from worker.extract.teasers.names cimport Names

cdef class Fields:
    cdef readonly str headline, kicker, lead, agency, published_text
    cdef readonly tuple authors
    cdef readonly object published_at  # a datetime

cpdef Fields fields_of(Document document, Card card, Names names)
