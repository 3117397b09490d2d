"""The lines that may be body, and what is measured of a line, for compiled modules."""

from worker.extract.article.lines cimport Line
from worker.extract.article.root cimport Root
from worker.extract.article.surroundings cimport Surroundings
from worker.extract.document cimport Document

cpdef list candidates(Document document, Surroundings around, Root root)
cpdef double effective_length(str text) noexcept
cpdef double link_share(Document document, Line line) noexcept
