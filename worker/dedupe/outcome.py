"""What deduplication makes of a page, as a value: events to send, entries to remember, totals that add up."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from schemas import Article, Counts, Decided, Decision, PageDecisions, Reason, SplitPage, Teaser
from worker.dedupe.entries import revision_of
from worker.dedupe.expiry import moment
from worker.dedupe.marks import key_of
from worker.dedupe.state import State

_NOT_COMPARED = frozenset({Reason.PAGE_AGAIN, Reason.SPONSORED, Reason.REPEAT_IN_PAGE})
"""Reasons that say nothing of what is known."""

HEADLINE_CHARACTERS = 200
"""Longest headline in a decision: it is there to recognise an item by."""


class Outcome(NamedTuple):
    """All that one page does. The same page and state give an equal outcome."""

    article: Article | None
    """The article's event, or None where it makes none."""

    teasers: tuple[Teaser, ...]
    """The teasers' events, in page order."""

    entries: bytes
    """Packed state changes: stream time, the page's id, and every entry that is new or moved."""

    reasons: tuple[Reason, ...]
    """One for each item that the split passed on: the article first, if there is one, then the teasers."""

    settled: tuple[Reason, ...]
    """Of each item that the split settled."""

    split_counts: Counts
    """Totals of the page as the split left them."""

    conflicts: tuple[str, ...]
    """The field of each contradiction of equal rank."""

    seen_at: datetime
    """Event time of the page."""

    stream_seconds: int
    """Stream time of the partition, this page included, seconds since 1970."""

    is_clamped: bool = False
    """Whether a fetch time in the future was taken back to when the page was received."""

    @property
    def stream_time(self) -> datetime:
        """Return the stream time of the partition, this page included."""
        return moment(self.stream_seconds)

    @property
    def decided(self) -> Counter[Reason]:
        """Return items by reason, those that the split settled included: adds up to ``counts.found``."""
        return Counter(self.reasons + self.settled)

    @property
    def counts(self) -> Counts:
        """Return the totals of the page, ``emitted`` included."""
        emitted = len(self.teasers) + (self.article is not None)
        merged = self.reasons.count(Reason.REPEAT_IN_PAGE)
        split = self.split_counts
        return Counts(
            found=split.found,
            emitted=emitted,
            merged_in_page=split.merged_in_page + merged,
            dropped=split.dropped + len(self.reasons) - emitted - merged,
            rejected=split.rejected,
        )

    @property
    def is_repeat(self) -> bool:
        """Tell whether nothing on the page was new."""
        return self.article is None and not self.teasers

    @property
    def is_page_again(self) -> bool:
        """Tell whether the page was taken before."""
        return not self.entries


def page_decisions(outcome: Outcome, page: SplitPage, state: State) -> PageDecisions:
    """Return every item of the page with its decision and reason.

    Args:
        outcome: What `decide` made of ``page``.
        page: The page.
        state: What it was decided against; the page's own entries may have been put since.
    """
    return PageDecisions(
        page_id=page.page_id,
        url=page.url,
        site=page.site,
        seen_at=outcome.seen_at,
        stream_time=outcome.stream_time,
        items=(*_passed_on(outcome, page, state), *_settled(page)),
        extractor_version=page.extractor_version,
        identity_version=page.identity_version,
        lexicon_version=page.lexicon_version,
    )


def revisions(outcome: Outcome, page: SplitPage, state: State) -> tuple[int | None, ...]:
    """Return of each item the revision of the event that it made, else of the one that it repeats.

    None where neither is known. Looked up only where it is told: deciding needs no revision of a repeat.

    Args:
        outcome: What `decide` made of ``page``.
        page: The page.
        state: What it was decided against; the page's own entries may have been put since.
    """
    ids = [teaser.teaser_id for teaser in page.teasers]
    made = {event.teaser_id: event.revision for event in outcome.teasers}
    if page.article is not None:
        ids.insert(0, page.article.article_id)
    if outcome.article is not None:
        made[outcome.article.article_id] = outcome.article.revision
    known = state.find([key_of(record_id) for record_id in ids])
    judged = zip(ids, outcome.reasons, known, strict=True)
    return tuple(
        [None if reason in _NOT_COMPARED else made.get(id_) or revision_of(entry) for id_, reason, entry in judged]
    )


def _passed_on(outcome: Outcome, page: SplitPage, state: State) -> Iterator[Decided]:
    judged = zip(outcome.reasons, revisions(outcome, page, state), strict=True)
    if page.article is not None:
        reason, revision = next(judged)
        article = page.article
        yield Decided(
            record="article",
            id=article.article_id,
            story_id=article.article_id,
            headline=article.headline[:HEADLINE_CHARACTERS],
            url=article.canonical_url or article.url,
            decision=reason.decision,
            reason=reason,
            revision=revision,
        )
    changed = {event.teaser_id: event.changed for event in outcome.teasers}
    for teaser, (reason, revision) in zip(page.teasers, judged, strict=True):
        emitted = reason.decision is Decision.EMITTED
        yield Decided(
            record="teaser",
            id=teaser.teaser_id,
            story_id=teaser.story_id,
            headline=teaser.headline and teaser.headline[:HEADLINE_CHARACTERS],
            url=teaser.url,
            position=teaser.position,
            decision=reason.decision,
            reason=reason,
            changed=changed.get(teaser.teaser_id, ()) if emitted else (),
            revision=revision,
        )


def _settled(page: SplitPage) -> Iterator[Decided]:
    for item in page.settled:
        yield Decided(
            record="teaser",
            id=item.teaser_id,
            headline=item.headline and item.headline[:HEADLINE_CHARACTERS],
            url=item.url,
            where=item.where,
            decision=item.reason.decision,
            reason=item.reason,
        )
