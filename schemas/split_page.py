"""What lies between the two stages: one page, split into its article and its teasers. Internal."""

from typing import NamedTuple

from pydantic import AwareDatetime, Field

from schemas.article import SplitArticle
from schemas.base import Record
from schemas.decisions import Reason
from schemas.teaser import SplitTeaser


class Counts(Record):
    """Items of a page by what became of them; the article counts as one item.

    The law: ``found = emitted + merged_in_page + dropped + rejected``. ``emitted`` is known only after
    ``dedupe``, so at the split it is null and left out: what is passed on stands in its place.
    """

    found: int = Field(default=0, ge=0)
    """Items found on the page."""

    emitted: int | None = Field(default=None, ge=0)
    """Items that made an event; null at the split, where that isn't known."""

    merged_in_page: int = Field(default=0, ge=0)
    """Repeats merged into another item of the page."""

    dropped: int = Field(default=0, ge=0)
    """Items left out as repeats, links to the page itself, boilerplate or dropped kinds."""

    rejected: int = Field(default=0, ge=0)
    """Items that nothing could be made of."""


class Settled(NamedTuple):
    """An item that the split itself decided on: it is not among the teasers."""

    reason: Reason
    """Why; the decision follows from it."""

    headline: str | None = None
    """What it showed, at most 200 characters."""

    url: str | None = None
    """The address it pointed to, absolute http(s)."""

    where: str | None = None
    """Element path or source lines."""

    teaser_id: str | None = None
    """The teaser that it was merged into; null for anything else."""


class SplitPage(Record):
    """One page as ``split`` leaves it.

    Topic: ``pages.split.v1`` (internal). Key: ``site``.
    """

    page_id: str
    """Id of the page: 32 hex digits, from address, fetch time as received and body bytes."""

    url: str | None = None
    """Address the page was fetched from; null for a page without one."""

    site: str
    """Registered domain (``example.co.uk``), or ``text:<source>`` for a page without address."""

    fetched_at: AwareDatetime | None = None
    """When the page was fetched, UTC, as received; null where the crawler doesn't say."""

    received_at: AwareDatetime | None = None
    """Timestamp of the raw record, UTC: event time where the page has none. Null outside the stream."""

    article: SplitArticle | None = None
    """The article, or null for a list page."""

    teasers: tuple[SplitTeaser, ...] = ()
    """The teasers, repeats merged, in the order of first sight."""

    marks: str | None = None
    """Of each teaser its id, a digest of what `dedupe` compares and how it is shown: 21 bytes each, in base64.

    Made once at the split, so that a repeat is known without reading a field. null: `dedupe` makes them itself.
    """

    counts: Counts = Counts()
    """Totals of the page, as far as they are known at the split."""

    settled: tuple[Settled, ...] = ()
    """Items that the split decided on: merged, dropped or rejected. Their totals stand in ``counts``."""

    flags: tuple[str, ...] = ()
    """What was odd but no reason to reject: ``double_encoded``, ``charset_replaced``, ``teasers_cut``, ..."""

    extractor_version: str
    """Version of the worker that split the page."""

    identity_version: str
    """Version of the rules that make ids: domain list, parameters, folding."""

    lexicon_version: str | None = None
    """Version of the wordings in use."""
