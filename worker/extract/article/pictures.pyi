from schemas import Image
from worker.extract.article.root import Root
from worker.extract.document import Document

MAX_IMAGES: int
MAX_CREDIT_CHARACTERS: int

def pictures(
    document: Document, root: Root, taken: frozenset[int], base: str | None, head: tuple[Image, ...]
) -> tuple[Image, ...]: ...
