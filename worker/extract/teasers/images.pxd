from worker.extract.document cimport Document

cpdef str image_of(Document document, int top, str base)
