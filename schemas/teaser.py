"""A teaser: an item of a page that points to another story."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.base import Record
from schemas.provenance import Provenance

ENRICHABLE = ("headline", "kicker", "lead", "authors", "agency", "image", "published_at")
"""The fields that a richer repeat may fill or better, in the order of ``SplitTeaser.ranks``."""


class TeaserKind(StrEnum):
    """What kind of block the teaser stands in, in the order in which kinds win a merge."""

    RELATED = "related"
    INLINE = "inline"
    LATEST = "latest"
    POPULAR = "popular"
    OTHER = "other"
    SPONSORED = "sponsored"


class FoundOn(Record):
    """The page that shows the teaser."""

    page_id: str
    """Id of that page: 32 hex digits."""

    url: str | None = None
    """Its address; null for a page without one."""


class SplitTeaser(Record):
    """A teaser as one page shows it, repeats on that page merged into it."""

    teaser_id: str
    """Id of this site's pointer to the story: 32 hex digits, from site and ``story_id``."""

    story_id: str
    """Id of the story pointed to, the same on every site: 32 hex digits."""

    kind: TeaserKind
    """related, inline, latest, popular, other or sponsored: by the block's heading and form. More may come."""

    heading: str | None = None
    """The heading over its block, as shown; null where the block has none."""

    position: int = Field(ge=1)
    """Place among the page's teasers by first sight, from 1."""

    headline: str | None = None
    """Its headline as shown, without kicker; null only for a link that shows none."""

    kicker: str | None = None
    """The short line over the headline; null where there is none."""

    lead: str | None = None
    """The text under the headline; null where there is none."""

    authors: tuple[str, ...] = ()
    """Names in its byline; empty where it has none (not stated, not anonymous)."""

    agency: str | None = None
    """Agency or agencies credited in its byline, joined by ", "; null without."""

    url: str | None = None
    """Address of the story, absolute http(s), as the page has it; null in flattened pages."""

    image: str | None = None
    """Address of its picture, absolute http(s), never a placeholder; null without."""

    published_text: str | None = None
    """The date or age shown ("2 hours ago"), as printed; null without."""

    published_at: AwareDatetime | None = None
    """When the story was published, UTC, where the item says so exactly; null otherwise: an age is no date."""

    ranks: tuple[int, ...] = ()
    """Rank of the value of each field of ``ENRICHABLE``: 0 empty, else 2 x form, plus 1 where it is complete.

    Form: 1 orphan, 2 text group, 3 linked card. Empty for events: it serves ``dedupe`` alone.
    """


class Teaser(SplitTeaser):
    """One event about a teaser: it is new, or a repeat fills or betters some of its fields.

    Topic: ``teasers.v1``. Key: ``teaser_id``. ``new`` replaces everything; ``enriched`` is a patch:
    take the fields named in ``changed`` and nothing else.
    """

    status: Literal["new", "enriched"]
    """``new`` (revision 1, also after expiry) or ``enriched``. More values may come."""

    revision: int = Field(ge=1)
    """1 for a new teaser, one more at each enrichment."""

    changed: tuple[str, ...] = ()
    """Names of the fields to take from an enriched event; empty for a new one."""

    found_on: FoundOn
    """The page that shows it."""

    provenance: Provenance
    """The page it was read from, and the versions that read it."""
