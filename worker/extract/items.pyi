from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from schemas import Reason, TeaserKind

class Form(IntEnum):
    ORPHAN = 1
    TEXT_GROUP = 2
    LINKED_CARD = 3

@dataclass(frozen=True)
class FoundItem:
    form: Form
    place: int
    headline: str | None = None
    kicker: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    url: str | None = None
    image: str | None = None
    published_text: str | None = None
    published_at: datetime | None = None
    kind: TeaserKind = ...
    heading: str | None = None
    where: str | None = None
    cut: frozenset[str] = ...
    settled_as: Reason | None = None
    otherwise: Reason = ...
