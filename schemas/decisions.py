"""What becomes of every item of a page: one decision, one reason, totals that add up."""

from enum import StrEnum

from pydantic import AwareDatetime

from schemas.base import Record


class Decision(StrEnum):
    """What becomes of an item."""

    EMITTED = "emitted"
    MERGED_IN_PAGE = "merged_in_page"
    DROPPED = "dropped"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why; each belongs to exactly one decision."""

    NEW = "new"
    ENRICHED = "enriched"
    CORRECTED = "corrected"
    REVISED = "revised"
    REPEAT_IN_PAGE = "repeat_in_page"
    ORPHAN_LEAD = "orphan_lead"
    ORPHAN_HEADLINE = "orphan_headline"
    REPEAT_URL = "repeat_url"
    REPEAT_STORY = "repeat_story"
    REPEAT_HEADLINE = "repeat_headline"
    HEADLINE_CONFLICT = "headline_conflict"
    LEAD_CONFLICT = "lead_conflict"
    RECRAWL_SAME = "recrawl_same"
    OLDER = "older"
    PAGE_AGAIN = "page_again"
    SELF_LINK = "self_link"
    BOILERPLATE = "boilerplate"
    SPONSORED = "sponsored"
    UNASSIGNED = "unassigned"
    PARTIAL = "partial"
    NO_IDENTITY = "no_identity"

    @property
    def decision(self) -> Decision:
        """The decision that this is a reason of."""
        return _DECISIONS[self]


_REASONS = {
    Decision.EMITTED: (Reason.NEW, Reason.ENRICHED, Reason.CORRECTED, Reason.REVISED),
    Decision.MERGED_IN_PAGE: (Reason.REPEAT_IN_PAGE, Reason.ORPHAN_LEAD, Reason.ORPHAN_HEADLINE),
    Decision.DROPPED: (
        Reason.REPEAT_URL,
        Reason.REPEAT_STORY,
        Reason.REPEAT_HEADLINE,
        Reason.HEADLINE_CONFLICT,
        Reason.LEAD_CONFLICT,
        Reason.RECRAWL_SAME,
        Reason.OLDER,
        Reason.PAGE_AGAIN,
        Reason.SELF_LINK,
        Reason.BOILERPLATE,
        Reason.SPONSORED,
    ),
    Decision.REJECTED: (Reason.UNASSIGNED, Reason.PARTIAL, Reason.NO_IDENTITY),
}

_DECISIONS = {reason: decision for decision, reasons in _REASONS.items() for reason in reasons}


class Decided(Record):
    """One item of a page and what became of it."""

    record: str
    """``article`` or ``teaser``."""

    id: str | None = None
    """``article_id`` or ``teaser_id``; null for an item without identity."""

    story_id: str | None = None
    """The story it tells or points to; null for an item without identity."""

    headline: str | None = None
    """Its headline, at most 200 characters; null where it has none."""

    url: str | None = None
    """The address it points to; null where it has none."""

    where: str | None = None
    """Where it stood: element path or source lines; null where merging lost it."""

    position: int | None = None
    """Place among the page's teasers, from 1; null for the article and for items settled at the split."""

    decision: Decision
    """What became of it."""

    reason: Reason
    """Why."""

    changed: tuple[str, ...] = ()
    """Fields that it filled or bettered; empty unless enriched or corrected."""

    revision: int | None = None
    """Revision of the event that it made, else of the one that it repeats; null without one."""


class PageDecisions(Record):
    """Every item of one page with its decision and reason.

    Topic: ``decisions.v1``, off by default. Key: ``page_id``.
    """

    page_id: str
    """Id of the page: 32 hex digits."""

    url: str | None = None
    """Its address; null for a page without one."""

    site: str
    """Registered domain, or ``text:<source>``."""

    seen_at: AwareDatetime
    """Event time of the page, UTC: ``fetched_at``, else when it was received."""

    stream_time: AwareDatetime
    """Stream time of the partition at the decision, UTC: expiry counts from it."""

    items: tuple[Decided, ...]
    """The article first, then the teasers by position, then what the split settled."""

    extractor_version: str
    """Version of the worker that split the page."""

    identity_version: str
    """Version of the rules that make ids."""

    lexicon_version: str | None = None
    """Version of the wordings in use at the split."""
