from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from worker.extract.document import Document

MAX_JSONLD_BYTES: int
MAX_JSONLD_NODES: int

Json: TypeAlias = Any
_T = TypeVar("_T")

class Metadata:
    article: Mapping[str, Json]
    article_source: str
    objects: Sequence[Mapping[str, Json]]
    by_id: Mapping[str, Mapping[str, Json]]
    metas: Mapping[str, Sequence[str]]
    canonical: str | None
    language: str | None
    title: str | None
    base: str | None
    def __init__(self, document: Document) -> None: ...
    def meta(self, *names: str) -> str | None: ...
    def by_trust(self, article: _T, metas: _T) -> tuple[_T, _T]: ...
    def follow(self, value: Json) -> Json: ...

def read_metadata(document: Document) -> Metadata: ...
def plain(value: Json) -> str | None: ...
def parsed(text: str) -> Json: ...
