"""Decide what of a page is new, what is richer, what is a repeat. **Pure**: reads the state, writes nothing.

Remembering is the caller's: it applies ``Outcome.entries`` once the page's effects are whole.

Nearly all that pages show is a mere repeat. So all teasers of a page are asked for among the marks of those, and
only what isn't there is looked up and compared, one by one.
"""

from collections.abc import Sequence
from datetime import datetime

from schemas import Reason, SplitArticle, SplitPage
from worker.dedupe.articles import judged_article
from worker.dedupe.entries import ENTRY, KEY_BYTES, MAX_REVISION, RECORD, Entry, changes, page_record
from worker.dedupe.events import Told, ToldArticle, ToldTeaser
from worker.dedupe.expiry import (
    MAX_SECONDS,
    PAGE_SECONDS,
    end,
    event_time,
    last_seen,
    microseconds,
    moment,
    whole_seconds,
)
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
    micros = microseconds(at)
    now = max(state.stream_time, whole_seconds(micros))
    page_key = key_of(page.page_id)
    work = _Work(page, state, settings, now)
    if state.page_end(page_key) > now:
        work.drop_all(Reason.PAGE_AGAIN)
    else:
        work.records.append(page_record(page_key, min(now + PAGE_SECONDS, MAX_SECONDS)))
        if page.article is not None:
            work.judge_article(page.article, micros)
        if page.teasers:
            work.judge_teasers()
    return Outcome(
        page,
        tuple(work.told),
        changes(now, work.records) if work.records else b"",
        tuple(work.reasons),
        tuple(work.conflicts),
        at or moment(now),
        now,
        is_clamped,
    )


class _Work:
    """What is gathered while a page is judged."""

    __slots__ = ("conflicts", "now", "page", "reasons", "records", "settings", "state", "told")

    def __init__(self, page: SplitPage, state: State, settings: DedupeSettings, now: int) -> None:
        self.page, self.state, self.settings, self.now = page, state, settings, now
        self.records: list[bytes] = []
        self.reasons: list[Reason] = []
        self.conflicts: list[str] = []
        self.told: list[Told] = []

    def drop_all(self, reason: Reason) -> None:
        """Drop every item that the split passed on."""
        n = len(self.page.teasers) + (self.page.article is not None)
        self.reasons = [reason] * n

    def judge_article(self, article: SplitArticle, micros: int) -> None:
        """Judge the article.

        Args:
            article: As the page tells it.
            micros: Event time of the page, microseconds since 1970.
        """
        key = key_of(article.article_id)
        (known,) = self.state.find((key,))
        reason, revision, entry, status, previous = judged_article(
            article, ENTRY.unpack(known), self.now, micros, self.settings
        )
        self.reasons.append(reason)
        if entry is not None:
            self.records.append(key + entry)
        if status is not None:
            self.told.append(ToldArticle(article, status, revision, previous))

    def judge_teasers(self) -> None:
        """Judge every teaser: take all for mere repeats, then look at those that aren't known as such."""
        marks, hows, has_twins = read_marks(self.page)
        reasons = list(map(repeat_reasons(self.page.site, self.settings.drop_kinds).__getitem__, hows))
        now, fresh = self.now, self.state.fresh
        fresh.forget(now)
        repeats = fresh.marks
        odd = [at for at, mark in enumerate(marks) if mark not in repeats and reasons[at] is not Reason.SPONSORED]
        if has_twins:
            odd = _without_twins(odd, marks, reasons)
        stale = now - self.settings.step_seconds
        for at, packed in zip(odd, self.state.find([marks[at][:KEY_BYTES] for at in odd]), strict=True):
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
        """Tell and remember a teaser that isn't known."""
        now, teaser = self.now, self.page.teasers[at]
        ranks, hashes = new_entry(shown_of(teaser.__dict__))
        ends = end(now, now, self.settings)
        self.records.append(RECORD.pack(mark, now, now, ends, ranks, 1, mark[KEY_BYTES:], hashes))
        self.told.append(ToldTeaser(teaser, "new", 1, ()))

    def _see(self, mark: bytes, known: Entry) -> None:
        """Remember that a mere repeat was seen a step later than the last."""
        first, _, ends, ranks, revision, _, tail = known
        ends = end(first, self.now, self.settings, before=ends)
        self.records.append(RECORD.pack(mark, first, self.now, ends, ranks, revision, mark[KEY_BYTES:], tail))

    def _richer(self, at: int, mark: bytes, known: Entry) -> Better:
        """Compare a repeat that shows something else, tell what it changes and remember what moves."""
        first, last, ends, ranks, revision, digest, _ = known
        teaser = self.page.teasers[at]
        better = compared(shown_of(teaser.__dict__), known)
        self.conflicts += better.conflicts
        if better.changed:
            revision = min(revision + 1, MAX_REVISION)
            self.told.append(ToldTeaser(teaser, "enriched", revision, better.changed))
        moved = last_seen(last, self.now, self.settings)
        if moved != last or better.ranks != ranks:
            if moved != last:
                ends = end(first, moved, self.settings, before=ends)
            # The digest stands for an item that brings nothing and contradicts nothing.
            digest = digest if better.conflicts else mark[KEY_BYTES:]
            self.records.append(RECORD.pack(mark, first, moved, ends, better.ranks, revision, digest, better.hashes))
        return better


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
