from worker.extract.article.root import Root
from worker.extract.document import Document

MAX_CHARACTERS: int
MAX_CAPTIONS: int

def captions(document: Document, root: Root, taken: frozenset[int]) -> tuple[str, ...]: ...
