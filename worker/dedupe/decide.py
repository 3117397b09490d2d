"""Decide what of a page is new, what is richer, what is a repeat. **Pure**: reads the state, writes nothing.

Remembering is the caller's: it applies ``Outcome.entries`` once the page's effects are whole.

Nearly all that pages show is an exact repeat. So all teasers of a page are looked up and compared by a few calls
that know no item (columns of numbers), and only the few that differ are looked at one by one.
"""

from datetime import datetime

from schemas import Article, Reason, SplitPage, Teaser
from worker.dedupe.articles import Seen, judged_article
from worker.dedupe.entries import ENTRY, MAX_REVISION, RECORD, Entry, changes, columns_of, page_record
from worker.dedupe.events import Events
from worker.dedupe.expiry import MAX_SECONDS, PAGE_SECONDS, end, event_time, last_seen, microseconds, moment, seconds
from worker.dedupe.lately import form_of
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
    now = max(state.stream_time, seconds(micros))
    page_key = key_of(page.page_id)
    work = _Work(page, settings, now)
    if state.page_end(page_key) > now:
        work.drop_all(Reason.PAGE_AGAIN)
    else:
        work.records.append(page_record(page_key, min(now + PAGE_SECONDS, MAX_SECONDS)))
        work.judge_article(state, micros)
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
        "revisions",
        "settings",
        "teasers",
    )

    def __init__(self, page: SplitPage, settings: DedupeSettings, now: int) -> None:
        self.page, self.settings, self.now = page, settings, now
        self.events = Events(page)
        self.records: list[bytes] = []
        self.reasons: list[Reason] = []
        self.revisions: list[int | None] = []
        self.conflicts: list[str] = []
        self.article: Article | None = None
        self.teasers: list[Teaser] = []

    def drop_all(self, reason: Reason) -> None:
        """Drop every item that the split passed on."""
        n = len(self.page.teasers) + (self.page.article is not None)
        self.reasons = [reason] * n
        self.revisions = [None] * n

    def judge_article(self, state: State, micros: int) -> None:
        """Judge the article, if there is one.

        Args:
            state: What is known.
            micros: Event time of the page, microseconds since 1970.
        """
        article = self.page.article
        if article is None:
            return
        key = key_of(article.article_id)
        (known,) = state.find((key,))
        verdict = judged_article(article, ENTRY.unpack(known), Seen(self.now, micros, self.settings))
        self.reasons.append(verdict.reason)
        self.revisions.append(verdict.revision)
        if verdict.entry is not None:
            self.records.append(key + verdict.entry)
        if verdict.status is not None:
            self.article = self.events.article(article, verdict.status, verdict.revision, verdict.previous)

    def judge_teasers(self, state: State) -> None:
        """Judge every teaser: take all for exact repeats, then look at those that are something else."""
        if not self.page.teasers:
            return
        keys, digests, hows = read_marks(self.page)
        known = state.find(keys)
        lasts, ends, revised, digests_known = columns_of(known)
        reasons = list(map(repeat_reasons(self.page.site, self.settings.drop_kinds).__getitem__, hows))
        revisions: list[int | None] = list(revised)
        has_twins = len(set(keys)) < len(keys)
        now, stale = self.now, self.now - self.settings.step_seconds
        compare = zip(reasons, digests, digests_known, lasts, ends, strict=True)
        for at, (reason, digest, digest_known, last, ends_at) in enumerate(compare):
            if reason is Reason.SPONSORED:
                revisions[at] = None
            elif has_twins and keys.index(keys[at]) < at:
                # The split merges what has one id, so a second one is another version's.
                reasons[at], revisions[at] = Reason.REPEAT_IN_PAGE, None
            elif ends_at <= now:
                reasons[at], revisions[at] = Reason.NEW, 1
                self._new(at, keys[at], digest)
            elif digest == digest_known:
                if last <= stale:
                    self._see(keys[at], ENTRY.unpack(known[at]))
            elif last <= stale or (form := form_of(keys[at], digest, known[at])) not in state.forms:
                better = self._richer(at, keys[at], digest, ENTRY.unpack(known[at]))
                reasons[at] = better.reason or reason
                revisions[at] = min(revised[at] + bool(better.changed), MAX_REVISION)
                if last > stale and better.is_nothing:
                    state.forms.add(form)
        self.reasons += reasons
        self.revisions += revisions

    def _new(self, at: int, key: bytes, digest: int) -> None:
        """Emit and remember a teaser that isn't known."""
        now, teaser = self.now, self.page.teasers[at]
        ranks, hashes = new_entry(shown_of(teaser.__dict__))
        self.records.append(RECORD.pack(key, now, now, end(now, now, self.settings), ranks, 1, digest, hashes))
        self.teasers.append(self.events.teaser(teaser, "new", 1, ()))

    def _see(self, key: bytes, known: Entry) -> None:
        """Remember that an exact repeat was seen a step later than the last."""
        first, _, ends, *rest = known
        ends = end(first, self.now, self.settings, before=ends)
        self.records.append(RECORD.pack(key, first, self.now, ends, *rest))

    def _richer(self, at: int, key: bytes, digest: int, known: Entry) -> Better:
        """Compare a repeat that shows something else, emit what it changes and remember what moves."""
        first, last, ends, ranks, revision, digest_known, _ = known
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
            digest = digest_known if better.conflicts else digest
            self.records.append(RECORD.pack(key, first, moved, ends, better.ranks, revision, digest, better.hashes))
        return better

    def outcome(self, seen_at: datetime, *, is_clamped: bool) -> Outcome:
        """Return what was gathered."""
        page = self.page
        return Outcome(
            article=self.article,
            teasers=tuple(self.teasers),
            entries=changes(self.now, self.records) if self.records else b"",
            reasons=tuple(self.reasons),
            revisions=tuple(self.revisions),
            settled=tuple([item.reason for item in page.settled]),
            split_counts=page.counts,
            conflicts=tuple(self.conflicts),
            seen_at=seen_at,
            stream_seconds=self.now,
            is_clamped=is_clamped,
        )
