from worker.extract.document cimport Document


cdef class Metadata:
    cdef readonly dict article  # the JSON-LD object of the article, or what microdata says in its shape; may be empty
    cdef readonly str article_source  # what says it: jsonld or microdata
    cdef readonly list objects  # all JSON-LD objects with a type, in page order
    cdef readonly dict by_id  # JSON-LD objects by their ``@id``: others refer to them by it
    cdef readonly dict metas  # contents of meta elements by property, name or itemprop, in lower case; no empty ones
    cdef readonly str canonical  # the ``href`` of ``link rel=canonical``, as written
    cdef readonly str language  # the ``lang`` of the html element, as written
    cdef readonly str title  # text of the title element
    cdef readonly str base  # the ``href`` of the base element, as written

    cdef int read_elements(self, Document document, others) except -1
    cdef int read_meta(self, Document document, int element) except -1
    cdef int keep(self, str name, str content) except -1
    cdef str first(self, tuple names)
    cpdef object follow(self, value)


cpdef str plain(value)
