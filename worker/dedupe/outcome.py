"""What deduplication makes of a page, as a value: items to tell, entries to remember, totals that add up."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from schemas import Article, Counts, Decided, Decision, PageDecisions, Reason, SplitPage, Teaser
from worker.dedupe.entries import KEY_BYTES, entries_of, revision_of
from worker.dedupe.events import Told, ToldTeaser, events
from worker.dedupe.expiry import moment
from worker.dedupe.marks import key_of
from worker.dedupe.state import State

_NOT_COMPARED = frozenset({Reason.PAGE_AGAIN, Reason.SPONSORED, Reason.REPEAT_IN_PAGE})
"""Reasons that say nothing of what is known."""

HEADLINE_CHARACTERS = 200
"""Longest headline in a decision: it is there to recognise an item by."""


class Outcome(NamedTuple):
    """All that one page does. The same page and state give an equal outcome."""

    page: SplitPage
    """The page that was decided on."""

    told: tuple[Told, ...]
    """The items that make an event, in page order, the article first."""

    entries: bytes
    """Packed state changes: stream time, the page's id, and every entry that is new or moved."""

    reasons: tuple[Reason, ...]
    """One for each item that the split passed on: the article first, if there is one, then the teasers."""

    conflicts: tuple[str, ...]
    """The field of each contradiction of equal rank."""

    seen_at: datetime
    """Event time of the page."""

    stream_seconds: int
    """Stream time of the partition, this page included, seconds since 1970."""

    is_clamped: bool = False
    """Whether a fetch time in the future was taken back to when the page was received."""

    @property
    def events(self) -> tuple[Article | Teaser, ...]:
        """Return the events to send, made at each call: deciding needs none of them."""
        return tuple(events(self.page, self.told))

    @property
    def article(self) -> Article | None:
        """Return the article's event, made at each call; None where it makes none."""
        return next((event for event in self.events if isinstance(event, Article)), None)

    @property
    def teasers(self) -> tuple[Teaser, ...]:
        """Return the teasers' events, in page order, made at each call."""
        return tuple([event for event in self.events if isinstance(event, Teaser)])

    @property
    def settled(self) -> tuple[Reason, ...]:
        """Return the reason of each item that the split settled."""
        return tuple([item.reason for item in self.page.settled])

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
        emitted = len(self.told)
        merged = self.reasons.count(Reason.REPEAT_IN_PAGE)
        split = self.page.counts
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
        return not self.told

    @property
    def is_page_again(self) -> bool:
        """Tell whether the page was taken before."""
        return not self.entries


def page_decisions(outcome: Outcome, state: State) -> PageDecisions:
    """Return every item of the page with its decision and reason.

    Args:
        outcome: What `decide` made of the page.
        state: What it was decided against; the page's own entries may have been put since.
    """
    page = outcome.page
    return PageDecisions(
        page_id=page.page_id,
        url=page.url,
        site=page.site,
        seen_at=outcome.seen_at,
        stream_time=outcome.stream_time,
        items=(*_passed_on(outcome, state), *_settled(page)),
        extractor_version=page.extractor_version,
        identity_version=page.identity_version,
        lexicon_version=page.lexicon_version,
    )


def revisions(outcome: Outcome, state: State) -> tuple[int | None, ...]:
    """Return of each item the revision of the event that it made, else of the one that it repeats.

    None where neither is known. Looked up only where it is told: deciding needs no revision of a repeat.

    Args:
        outcome: What `decide` made of the page.
        state: What it was decided against; the page's own entries may have been put since.
    """
    page = outcome.page
    ids = [teaser.teaser_id for teaser in page.teasers]
    if page.article is not None:
        ids.insert(0, page.article.article_id)
    made = {told.id: told.revision for told in outcome.told}
    known = entries_of(state.find(b"".join(map(key_of, ids)), KEY_BYTES))
    judged = zip(ids, outcome.reasons, known, strict=True)
    return tuple(
        [None if reason in _NOT_COMPARED else made.get(id_) or revision_of(entry) for id_, reason, entry in judged]
    )


def _passed_on(outcome: Outcome, state: State) -> Iterator[Decided]:
    page = outcome.page
    judged = zip(outcome.reasons, revisions(outcome, state), strict=True)
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
    changed = {told.id: told.changed for told in outcome.told if isinstance(told, ToldTeaser)}
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
