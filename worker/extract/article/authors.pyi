from collections.abc import Iterator

from worker.extract.document import Document
from worker.extract.metadata import Metadata

def authors(document: Document, metadata: Metadata, names: frozenset[str]) -> tuple[tuple[str, ...], str] | None: ...
def author_claims(
    document: Document, metadata: Metadata, names: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str]]: ...
def agency(metadata: Metadata) -> tuple[str, str] | None: ...
