"""An article against the state: new, revised, fetched again or older than what is known. **Pure**."""

from hashlib import blake2b
from typing import Literal, NamedTuple

from schemas import Reason, SplitArticle
from worker.dedupe.entries import ENTRY, KEY_BYTES, MAX_REVISION, NO_DIGEST, Entry, article_of, article_tail
from worker.dedupe.expiry import end, last_seen
from worker.dedupe.settings import DedupeSettings


class Seen(NamedTuple):
    """When a page is judged."""

    now: int
    """Stream time, seconds since 1970."""

    micros: int
    """Event time of the page, microseconds since 1970."""

    settings: DedupeSettings
    """Give TTL, cap and steps."""


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


def judged_article(article: SplitArticle, known: Entry, seen: Seen) -> Verdict:
    """Return what becomes of the article.

    Args:
        article: As the page shows it.
        known: The entry of its ``article_id``; `NO_ENTRY` and one that has ended are no entry.
        seen: When.
    """
    fingerprint = _bytes_of(article.fingerprint)
    if known[2] <= seen.now:
        tail = article_tail(fingerprint, seen.micros)
        return Verdict(Reason.NEW, 1, _entry((seen.now, seen.now, 0), 1, tail, seen.settings), "new")
    first, last, ends, _, revision, _, known_tail = known
    before, newest = article_of(known_tail)
    times = first, last_seen(last, seen.now, seen.settings), ends
    if fingerprint == before or seen.micros <= newest:
        reason = Reason.RECRAWL_SAME if fingerprint == before else Reason.OLDER
        if times[1] == last and seen.micros <= newest:
            return Verdict(reason, revision, None)
        tail = article_tail(before, max(newest, seen.micros))
        return Verdict(reason, revision, _entry(times, revision, tail, seen.settings))
    revision = min(revision + 1, MAX_REVISION)
    entry = _entry(times, revision, article_tail(fingerprint, seen.micros), seen.settings)
    return Verdict(Reason.REVISED, revision, entry, "revised", before.hex())


def _entry(times: tuple[int, int, int], revision: int, tail: bytes, settings: DedupeSettings) -> bytes:
    """Return the packed entry; ``times`` are those of first and last sight, and the end so far."""
    first, last, before = times
    return ENTRY.pack(first, last, end(first, last, settings, before=before), 0, revision, NO_DIGEST, tail)


def _bytes_of(fingerprint: str) -> bytes:
    """Return a fingerprint's 16 bytes; those of a digest where it isn't 32 hex digits."""
    try:
        raw = bytes.fromhex(fingerprint)
    except ValueError:
        raw = b""
    return raw if len(raw) == KEY_BYTES else blake2b(fingerprint.encode(), digest_size=KEY_BYTES).digest()
