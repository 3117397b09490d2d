"""What finders hand over: one item as it stands on the page, be it a card with links or lines of plain text."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from schemas import Reason, TeaserKind


class Form(IntEnum):
    """How an item stands on the page, the poorer before the richer; the figure is part of the ranks."""

    ORPHAN = 1
    """A lone line that repeats a headline or lead of the page."""

    TEXT_GROUP = 2
    """Lines of a flattened page."""

    LINKED_CARD = 3
    """An item with a link."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One item as it stands on the page, before repeats are merged."""

    form: Form
    """How it stands there."""

    place: int
    """Where it stands: any number that grows along the page and is no other item's."""

    headline: str | None = None
    """Its headline; None where it shows none, or only a label that is none ("read more")."""

    kicker: str | None = None
    """The short line over the headline."""

    lead: str | None = None
    """The text under the headline."""

    authors: tuple[str, ...] = ()
    """Names of its byline."""

    agency: str | None = None
    """Agency of its byline."""

    url: str | None = None
    """Absolute http(s) address that it points to."""

    image: str | None = None
    """Absolute http(s) address of its picture."""

    published_text: str | None = None
    """The date or age shown."""

    published_at: datetime | None = None
    """The same as an aware time in UTC, where the markup says it exactly."""

    kind: TeaserKind = TeaserKind.OTHER
    """Kind of its block."""

    heading: str | None = None
    """Heading of its block."""

    where: str | None = None
    """Element path or source lines, for who asks why."""

    cut: frozenset[str] = frozenset()
    """Fields known to be cut short. Texts that end in an ellipsis need not be named."""

    settled_as: Reason | None = None
    """Set where the finder has decided that it is no teaser: it is counted for that and goes no further."""

    otherwise: Reason = Reason.UNASSIGNED
    """What becomes of an orphan that repeats nothing."""
