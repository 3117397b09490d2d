"""Decide what of a page is new, what is richer, what is a repeat. **Pure**: reads the state, writes nothing.

Remembering is the caller's: it applies ``Outcome.entries`` once the page's effects are whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from schemas import Article, Provenance, Reason, SplitPage, SplitTeaser, Teaser
from schemas.teaser import FoundOn
from worker.dedupe.articles import Seen, judged_article
from worker.dedupe.entries import KEY_BYTES, MAX_REVISION, NO_TAIL, RECORD, Entry, changes
from worker.dedupe.expiry import MAX_SECONDS, PAGE_SECONDS, end, event_time, last_seen, microseconds, moment, seconds
from worker.dedupe.outcome import Outcome
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import State
from worker.dedupe.teasers import Better, Shown, compared, digest_of, new_entry, repeat_reasons, shown_of

_ANY_ARTICLE = Article.model_construct()  # type: ignore[call-arg]  # as below
_ANY_TEASER = Teaser.model_construct()  # type: ignore[call-arg]  # each event brings all fields
"""What events are copied from: a copy costs a third of a construction."""


class MalformedId(ValueError):
    """An id of a split page is not 32 hex digits: another version of the split wrote it."""


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
    keys, has_twins = keys_of(page)
    known_page, *known = state.find(keys)
    work = _Work(page, settings, now, has_twins=has_twins)
    if known_page is not None and known_page[2] > now:
        work.drop_all(Reason.PAGE_AGAIN)
    else:
        work.records.append(_page_record(keys[:KEY_BYTES], now))
        work.judge(keys, known, micros)
    return work.outcome(at or moment(now), is_clamped=is_clamped)


@dataclass(slots=True)
class _Work:
    """What is gathered while a page is judged."""

    page: SplitPage
    settings: DedupeSettings
    now: int
    has_twins: bool
    records: list[bytes] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    revisions: list[int | None] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    article: Article | None = None
    teasers: list[Teaser] = field(default_factory=list)
    found_on: FoundOn | None = None
    provenance: Provenance | None = None

    def drop_all(self, reason: Reason) -> None:
        """Drop every item that the split passed on."""
        n = len(self.page.teasers) + (self.page.article is not None)
        self.reasons = [reason] * n
        self.revisions = [None] * n

    def judge(self, keys: bytes, known: list[Entry | None], micros: int) -> None:
        """Judge the article, then the teasers.

        Args:
            keys: Of page, article if there is one, and teasers.
            known: Entries of article and teasers.
            micros: Event time of the page, microseconds since 1970.
        """
        at = KEY_BYTES
        if self.page.article is not None:
            self._judge_article(keys[at : at + KEY_BYTES], known[0], micros)
            known, at = known[1:], at + KEY_BYTES
        self._judge_teasers(keys[at:], known)

    def _judge_article(self, key: bytes, entry: Entry | None, micros: int) -> None:
        article = self.page.article
        assert article is not None  # noqa: S101  the caller looked
        verdict = judged_article(article, entry, Seen(self.now, micros, self.settings))
        self.reasons.append(verdict.reason)
        self.revisions.append(verdict.revision)
        if verdict.entry is not None:
            self.records.append(key + verdict.entry)
        if verdict.status is not None:
            event = {
                **article.__dict__,
                "status": verdict.status,
                "revision": verdict.revision,
                "previous_fingerprint": verdict.previous,
                "provenance": self._provenance(),
            }
            self.article = _ANY_ARTICLE.model_copy(update=event)

    def _judge_teasers(self, keys: bytes, known: Iterable[Entry | None]) -> None:
        """Judge every teaser. The loop that everything hangs on: an exact repeat takes its shortest way."""
        now, step, dropped = self.now, self.settings.step_seconds, self.settings.drop_kinds
        decided, revised = self.reasons.append, self.revisions.append
        repeat = repeat_reasons(self.page.site)
        twins = self._twins() if self.has_twins else frozenset()
        for at, (teaser, entry) in enumerate(zip(self.page.teasers, known, strict=True)):
            fields = teaser.__dict__
            if fields["kind"] in dropped:
                decided(Reason.SPONSORED)
                revised(None)
                continue
            if at in twins:
                decided(Reason.REPEAT_IN_PAGE)
                revised(None)
                continue
            shown = shown_of(fields)
            digest = digest_of(shown)
            if entry is None or entry[2] <= now:
                self._new(teaser, keys[at * KEY_BYTES : (at + 1) * KEY_BYTES], shown, digest)
            elif entry[5] == digest and now - entry[1] < step:
                decided(repeat[fields["url"] is None])
                revised(entry[4])
            else:
                better = compared(shown, entry)
                decided(better.reason or repeat[fields["url"] is None])
                revised(self._bettered(teaser, better, entry))
                self._remember(keys[at * KEY_BYTES : (at + 1) * KEY_BYTES], better, entry, digest)

    def _twins(self) -> frozenset[int]:
        """Return the places of teasers whose id stood before on the page: the split merges them all."""
        first: dict[str, int] = {}
        ids = (teaser.teaser_id for teaser in self.page.teasers)
        return frozenset(at for at, one in enumerate(ids) if first.setdefault(one, at) != at)

    def _new(self, teaser: SplitTeaser, key: bytes, shown: Shown, digest: int) -> None:
        """Emit and remember a teaser that isn't known."""
        ranks, hashes = new_entry(shown)
        ends = end(self.now, self.now, self.settings)
        self.records.append(RECORD.pack(key, self.now, self.now, ends, ranks, 1, digest, hashes))
        self.reasons.append(Reason.NEW)
        self.revisions.append(1)
        self._emit(teaser, "new", 1, ())

    def _bettered(self, teaser: SplitTeaser, better: Better, entry: Entry) -> int:
        """Emit what a repeat changes, if anything, and return the revision that holds then."""
        self.conflicts += better.conflicts
        revision = entry[4]
        if better.changed:
            revision = min(revision + 1, MAX_REVISION)
            self._emit(teaser, "enriched", revision, better.changed)
        return revision

    def _remember(self, key: bytes, better: Better, entry: Entry, digest: int) -> None:
        """Remember a repeat where a rank rose or ``last seen`` moves; else nothing moves."""
        first, last, ends, ranks, revision, known_digest, _ = entry
        moved = last_seen(last, self.now, self.settings)
        if moved == last and better.ranks == ranks:
            return
        if moved != last:
            ends = end(first, moved, self.settings, before=ends)
        revision = min(revision + bool(better.changed), MAX_REVISION)
        # The digest stands for an item that brings nothing and contradicts nothing.
        digest = known_digest if better.conflicts else digest
        self.records.append(RECORD.pack(key, first, moved, ends, better.ranks, revision, digest, better.hashes))

    def _emit(self, teaser: SplitTeaser, status: str, revision: int, changed: tuple[str, ...]) -> None:
        if self.found_on is None:
            self.found_on = FoundOn(page_id=self.page.page_id, url=self.page.url)
        event = {
            **teaser.__dict__,
            "ranks": (),
            "status": status,
            "revision": revision,
            "changed": changed,
            "found_on": self.found_on,
            "provenance": self._provenance(),
        }
        # Its fields are valid: they come from a record. Checking them again costs five times as much.
        self.teasers.append(_ANY_TEASER.model_copy(update=event))

    def _provenance(self) -> Provenance:
        if self.provenance is None:
            page = self.page
            self.provenance = Provenance(
                page_id=page.page_id,
                url=page.url,
                fetched_at=page.fetched_at,
                extractor_version=page.extractor_version,
                identity_version=page.identity_version,
                lexicon_version=page.lexicon_version,
            )
        return self.provenance

    def outcome(self, seen_at: datetime, *, is_clamped: bool) -> Outcome:
        """Return what was gathered."""
        return Outcome(
            article=self.article,
            teasers=tuple(self.teasers),
            entries=changes(self.now, self.records) if self.records else b"",
            reasons=tuple(self.reasons),
            revisions=tuple(self.revisions),
            settled=tuple(item.reason for item in self.page.settled),
            split_counts=self.page.counts,
            conflicts=tuple(self.conflicts),
            seen_at=seen_at,
            stream_time=moment(self.now),
            is_clamped=is_clamped,
        )


def keys_of(page: SplitPage) -> tuple[bytes, bool]:
    """Return the keys of page, article and teasers, one after the other, and whether one stands there twice."""
    ids = [page.page_id]
    if page.article is not None:
        ids.append(page.article.article_id)
    ids += [teaser.teaser_id for teaser in page.teasers]
    try:
        keys = bytes.fromhex("".join(ids))
    except ValueError as error:
        raise MalformedId(f"page {page.page_id!r} has an id that is no hex") from error
    if len(keys) != KEY_BYTES * len(ids):
        raise MalformedId(f"page {page.page_id!r} has an id that is not {KEY_BYTES} bytes long")
    return keys, len(set(ids)) < len(ids)


def _page_record(key: bytes, now: int) -> bytes:
    return RECORD.pack(key, now, now, min(now + PAGE_SECONDS, MAX_SECONDS), 0, 0, 0, NO_TAIL)
