"""Decide what of a page is new, what is richer, what is a repeat. **Pure**: reads the state, writes nothing.

Remembering is the caller's: it applies ``Outcome.entries`` once the page's effects are whole.

Nearly all that pages show is a mere repeat. So all teasers of a page are looked up and sifted at once, and only
what isn't one is compared, one by one.
"""

from datetime import datetime

from schemas import Reason, SplitArticle, SplitPage
from worker.dedupe.articles import judged_article
from worker.dedupe.entries import ENTRY, KEY_BYTES, changes, page_record
from worker.dedupe.events import Told, ToldArticle
from worker.dedupe.expiry import (
    MAX_SECONDS,
    PAGE_SECONDS,
    event_time,
    microseconds,
    moment,
    whole_seconds,
)
from worker.dedupe.judge import judged
from worker.dedupe.marks import MARK_BYTES, key_of, read_marks
from worker.dedupe.outcome import Outcome
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import State
from worker.dedupe.teasers import repeats


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
        known = self.state.find(key, KEY_BYTES)
        reason, revision, entry, status, previous = judged_article(
            article, ENTRY.unpack(known), self.now, micros, self.settings
        )
        self.reasons.append(reason)
        if entry is not None:
            self.records.append(key + entry)
        if status is not None:
            self.told.append(ToldArticle(article, status, revision, previous))

    def judge_teasers(self) -> None:
        """Judge every teaser."""
        page = self.page
        marks = read_marks(page)
        known = self.state.find(marks, MARK_BYTES)
        shown = repeats(page.site, self.settings.drop_kinds)
        done = judged(
            page.teasers, marks, known, shown.reasons, shown.dropped, self.state.poorer, self.now, self.settings
        )
        self.reasons += done.reasons
        self.records += done.records
        self.told += done.told
        self.conflicts += done.conflicts
