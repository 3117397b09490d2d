from worker.extract.article.lines import Line
from worker.extract.document import Document
from worker.extract.metadata import Metadata

def has_lead(document: Document, metadata: Metadata, lines: list[Line]) -> bool: ...
