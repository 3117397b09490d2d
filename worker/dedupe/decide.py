"""Decide what of a page is new, what is richer, what is a repeat. **Pure**: reads the state, writes nothing.

Remembering is the caller's: it applies ``Outcome.entries`` once the page's effects are whole.

Nearly all that pages show is a mere repeat. So all teasers of a page are asked for among the marks of those, and
only what isn't there is looked up and compared, one by one.
"""

from collections.abc import Sequence
from datetime import datetime

from schemas import Article, Reason, SplitPage, Teaser
from worker.dedupe.articles import Seen, judged_article
from worker.dedupe.entries import ENTRY, KEY_BYTES, MAX_REVISION, RECORD, Entry, changes, page_record
from worker.dedupe.events import Events
from worker.dedupe.expiry import MAX_SECONDS, PAGE_SECONDS, end, event_time, last_seen, microseconds, moment, seconds_of
from worker.dedupe.marks import key_of, read_marks
from worker.dedupe.outcome import Outcome
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import State
from worker.dedupe.teasers import Better, compared, new_entry, repeat_reasons, shown_of


def decide(page: SplitPage, state: State, *, received_at: datetime | None = None, settings: DedupeSettings) -> Outcome:
    """Return what of ``page`` is new, richer or a repeat.

    The same page and state give the same events, ids and entries.

    Args:
        page: One page as the split left it, repeats inside it merged.
        state: What is known in the partition. Only read.
        received_at: Stands in for ``page.received_at`` where that is missing.
        settings: Times and kinds.

    Raises:
        MalformedId: An id is not 32 hex digits.
    """
    at, is_clamped = event_time(page.fetched_at, page.received_at or received_at)
    now = max(state.stream_time, seconds_of(at))
    page_key = key_of(page.page_id)
    work = _Work(page, settings, now)
    if state.page_end(page_key) > now:
        work.drop_all(Reason.PAGE_AGAIN)
    else:
        work.records.append(page_record(page_key, min(now + PAGE_SECONDS, MAX_SECONDS)))
        work.judge_article(state, at)
        work.judge_teasers(state)
    return work.outcome(at or moment(now), is_clamped=is_clamped)


class _Work:
    """What is gathered while a page is judged."""

    __slots__ = (
        "article",
        "conflicts",
        "events",
        "now",
        "page",
        "reasons",
        "records",
        "settings",
        "teasers",
    )

    def __init__(self, page: SplitPage, settings: DedupeSettings, now: int) -> None:
        self.page, self.settings, self.now = page, settings, now
        self.events = Events(page)
        self.records: list[bytes] = []
        self.reasons: list[Reason] = []
        self.conflicts: list[str] = []
        self.article: Article | None = None
        self.teasers: list[Teaser] = []

    def drop_all(self, reason: Reason) -> None:
        """Drop every item that the split passed on."""
        n = len(self.page.teasers) + (self.page.article is not None)
        self.reasons = [reason] * n

    def judge_article(self, state: State, at: datetime | None) -> None:
        """Judge the article, if there is one.

        Args:
            state: What is known.
            at: Event time of the page, if there is one.
        """
        article = self.page.article
        if article is None:
            return
        key = key_of(article.article_id)
        (known,) = state.find((key,))
        verdict = judged_article(article, ENTRY.unpack(known), Seen(self.now, microseconds(at), self.settings))
        self.reasons.append(verdict.reason)
        if verdict.entry is not None:
            self.records.append(key + verdict.entry)
        if verdict.status is not None:
            self.article = self.events.article(article, verdict.status, verdict.revision, verdict.previous)

    def judge_teasers(self, state: State) -> None:
        """Judge every teaser: take all for mere repeats, then look at those that aren't known as such."""
        if not self.page.teasers:
            return
        marks, hows, has_twins = read_marks(self.page)
        reasons = list(map(repeat_reasons(self.page.site, self.settings.drop_kinds).__getitem__, hows))
        fresh = state.fresh
        fresh.forget(self.now)
        repeats = fresh.marks
        odd = [at for at, mark in enumerate(marks) if mark not in repeats and reasons[at] is not Reason.SPONSORED]
        if has_twins:
            odd = _without_twins(odd, marks, reasons)
        now, stale = self.now, self.now - self.settings.step_seconds
        for at, packed in zip(odd, state.find([marks[at][:KEY_BYTES] for at in odd]), strict=True):
            mark, known = marks[at], ENTRY.unpack(packed)
            first, last, ends, _, _, digest, _ = known
            if ends <= now:
                reasons[at] = Reason.NEW
                self._new(at, mark)
            elif not (mark.endswith(digest) or fresh.is_poorer(mark, first)):
                better = self._richer(at, mark, known)
                reasons[at] = better.reason or reasons[at]
                if better.is_nothing:
                    fresh.add_poorer(mark, first)
                    fresh.add(mark, last, ends)
            elif last <= stale:
                self._see(mark, known)
            else:
                fresh.add(mark, last, ends)
        self.reasons += reasons

    def _new(self, at: int, mark: bytes) -> None:
        """Emit and remember a teaser that isn't known."""
        now, teaser = self.now, self.page.teasers[at]
        ranks, hashes = new_entry(shown_of(teaser.__dict__))
        ends = end(now, now, self.settings)
        self.records.append(RECORD.pack(mark, now, now, ends, ranks, 1, mark[KEY_BYTES:], hashes))
        self.teasers.append(self.events.teaser(teaser, "new", 1, ()))

    def _see(self, mark: bytes, known: Entry) -> None:
        """Remember that a mere repeat was seen a step later than the last."""
        first, _, ends, ranks, revision, _, tail = known
        ends = end(first, self.now, self.settings, before=ends)
        self.records.append(RECORD.pack(mark, first, self.now, ends, ranks, revision, mark[KEY_BYTES:], tail))

    def _richer(self, at: int, mark: bytes, known: Entry) -> Better:
        """Compare a repeat that shows something else, emit what it changes and remember what moves."""
        first, last, ends, ranks, revision, digest, _ = known
        teaser = self.page.teasers[at]
        better = compared(shown_of(teaser.__dict__), known)
        self.conflicts += better.conflicts
        if better.changed:
            revision = min(revision + 1, MAX_REVISION)
            self.teasers.append(self.events.teaser(teaser, "enriched", revision, better.changed))
        moved = last_seen(last, self.now, self.settings)
        if moved != last or better.ranks != ranks:
            if moved != last:
                ends = end(first, moved, self.settings, before=ends)
            # The digest stands for an item that brings nothing and contradicts nothing.
            digest = digest if better.conflicts else mark[KEY_BYTES:]
            self.records.append(RECORD.pack(mark, first, moved, ends, better.ranks, revision, digest, better.hashes))
        return better

    def outcome(self, seen_at: datetime, *, is_clamped: bool) -> Outcome:
        """Return what was gathered."""
        page = self.page
        return Outcome(
            article=self.article,
            teasers=tuple(self.teasers),
            entries=changes(self.now, self.records) if self.records else b"",
            reasons=tuple(self.reasons),
            settled=tuple([item.reason for item in page.settled]),
            split_counts=page.counts,
            conflicts=tuple(self.conflicts),
            seen_at=seen_at,
            stream_seconds=self.now,
            is_clamped=is_clamped,
        )


def _without_twins(odd: list[int], marks: Sequence[bytes], reasons: list[Reason]) -> list[int]:
    """Return the places that are left to judge, those merged whose id stands on the page before.

    The split merges what has one id, so a second one is another version's.
    """
    keys = [mark[:KEY_BYTES] for mark in marks]
    firsts = {key: at for at, key in reversed(list(enumerate(keys)))}
    twins = {at for at, key in enumerate(keys) if firsts[key] < at and reasons[at] is not Reason.SPONSORED}
    for at in twins:
        reasons[at] = Reason.REPEAT_IN_PAGE
    return [at for at in odd if at not in twins]
