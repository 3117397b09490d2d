from typing import Any, NamedTuple

from worker.extract.document import Document

MAX_PROPERTIES: int
MAX_CHARACTERS: int

class Microdata(NamedTuple):
    article: dict[str, Any]
    others: frozenset[int] = ...

def read_microdata(document: Document) -> Microdata: ...
