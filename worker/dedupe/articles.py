"""An article against the state: new, revised, fetched again or older than what is known. **Pure**."""

from hashlib import blake2b
from typing import Literal, NamedTuple

from schemas import Reason, SplitArticle
from worker.dedupe.entries import ENTRY, KEY_BYTES, MAX_REVISION, NO_DIGEST, Entry, article_of, article_tail
from worker.dedupe.expiry import end, last_seen
from worker.dedupe.settings import DedupeSettings


class Verdict(NamedTuple):
    """What becomes of an article."""

    reason: Reason
    """new, revised, recrawl_same or older."""

    revision: int
    """Of the event that it makes, else of the one that is known."""

    entry: bytes | None
    """The packed entry to remember; None where nothing moved."""

    status: Literal["new", "revised"] | None = None
    """Of the event; None without one."""

    previous: str | None = None
    """Fingerprint of the revision before."""


def judged_article(article: SplitArticle, known: Entry, now: int, micros: int, settings: DedupeSettings) -> Verdict:
    """Return what becomes of the article.

    Args:
        article: As the page shows it.
        known: The entry of its ``article_id``; `NO_ENTRY` and one that has ended are no entry.
        now: Stream time, seconds since 1970.
        micros: Event time of the page, microseconds since 1970.
        settings: Give TTL, cap and steps.
    """
    fingerprint = _bytes_of(article.fingerprint)
    first, last, ends, _, revision, _, known_tail = known
    if ends <= now:
        ends = end(now, now, settings)
        entry = ENTRY.pack(now, now, ends, 0, 1, NO_DIGEST, article_tail(fingerprint, micros))
        return Verdict(Reason.NEW, 1, entry, "new")
    before, newest = article_of(known_tail)
    moved = last_seen(last, now, settings)
    ends = end(first, moved, settings, before=ends)
    if fingerprint == before or micros <= newest:
        reason = Reason.RECRAWL_SAME if fingerprint == before else Reason.OLDER
        if moved == last and micros <= newest:
            return Verdict(reason, revision, None)
        tail = article_tail(before, max(newest, micros))
        return Verdict(reason, revision, ENTRY.pack(first, moved, ends, 0, revision, NO_DIGEST, tail))
    revision = min(revision + 1, MAX_REVISION)
    entry = ENTRY.pack(first, moved, ends, 0, revision, NO_DIGEST, article_tail(fingerprint, micros))
    return Verdict(Reason.REVISED, revision, entry, "revised", before.hex())


def _bytes_of(fingerprint: str) -> bytes:
    """Return a fingerprint's 16 bytes; those of a digest where it isn't 32 hex digits."""
    try:
        raw = bytes.fromhex(fingerprint)
    except ValueError:
        raw = b""
    return raw if len(raw) == KEY_BYTES else blake2b(fingerprint.encode(), digest_size=KEY_BYTES).digest()
