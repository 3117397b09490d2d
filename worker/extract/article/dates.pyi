from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from worker.extract.document import Document
from worker.extract.metadata import Metadata

Precision: TypeAlias = Literal["instant", "day"]

class Date(NamedTuple):
    at: datetime
    precision: Precision
    source: str

def moment(text: object) -> tuple[datetime, Precision] | None: ...
def published(document: Document, metadata: Metadata) -> Date | None: ...
def modified(metadata: Metadata) -> Date | None: ...
def published_claims(document: Document, metadata: Metadata) -> Iterator[Date]: ...
def modified_claims(metadata: Metadata) -> Iterator[Date]: ...
def written_day(text: str, language: str | None) -> datetime | None: ...
