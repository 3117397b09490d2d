"""Packed entries: what the state holds of a story, and the bytes that change it. **Pure**.

    offset size field
         0    4 first seen, seconds since 1970, stream time
         4    4 last seen, likewise, in steps
         8    4 end: from this second on it is not known
        12    4 ranks of a teaser's fields, three bits each
        16    2 revision of the last event
        18    4 digest of the item that made it, ranks included; 0 for an article
        22   28 teaser: a digest of four bytes for each field
                article: fingerprint (16), microseconds of the newest page seen (8), 0 (4)

A record is a key of 16 bytes and an entry. Changes are the stream time and records, in the order in which
they count; they hold values, so that applying some last changes again gives the same state. Big-endian.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import TypeAlias

KEY_BYTES = 16
ENTRY_BYTES = 50
RECORD_BYTES = KEY_BYTES + ENTRY_BYTES

MAX_REVISION = 2**16 - 1
"""A story that changes every minute gets to 40,320 before the cap."""

Entry: TypeAlias = tuple[int, int, int, int, int, bytes, bytes]
"""first, last, end, ranks, revision, digest, tail."""

ENTRY = struct.Struct(">IIIIH4s28s")
RECORD = struct.Struct(">16sIIIIH4s28s")
HEADER = struct.Struct(">BI")
_END = struct.Struct(">8xI38x")

_ARTICLE = struct.Struct(">16sQ4x")
_PARTS = struct.Struct(f">{KEY_BYTES}s{ENTRY_BYTES}s")
_REVISION_OFFSET = 16
_NO_REVISION = bytes(2)

_VERSION = 1

NO_DIGEST = bytes(4)
"""Of pages and articles."""

NO_TAIL = bytes(28)
NO_ENTRY = bytes(ENTRY_BYTES)
"""Stands for the entry of a key that isn't known: it ended before all time."""


class UnreadableChanges(ValueError):
    """The bytes are no state changes that this version reads."""


def article_tail(fingerprint: bytes, newest: int) -> bytes:
    """Return the tail of an article's entry.

    Args:
        fingerprint: 16 bytes, as last emitted.
        newest: Event time of the newest page seen, microseconds since 1970.
    """
    return _ARTICLE.pack(fingerprint, newest)


def article_of(tail: bytes) -> tuple[bytes, int]:
    """Return fingerprint and newest event time from an article's tail."""
    fingerprint, newest = _ARTICLE.unpack(tail)
    return fingerprint, newest


def changes(stream_time: int, records: Iterable[bytes]) -> bytes:
    """Return the changes that set the stream time and put the records.

    Args:
        stream_time: Seconds since 1970.
        records: Each of ``RECORD_BYTES``.
    """
    return b"".join((HEADER.pack(_VERSION, stream_time), *records))


def stream_time_of(packed: bytes) -> int:
    """Return the stream time of packed changes, whose records begin at ``HEADER.size``.

    Raises:
        UnreadableChanges: They are cut or of another version.
    """
    if len(packed) < HEADER.size or (len(packed) - HEADER.size) % RECORD_BYTES:
        raise UnreadableChanges(f"{len(packed)} bytes are no whole records: the state topic holds something else")
    version, stream_time = HEADER.unpack_from(packed)
    if version != _VERSION:
        raise UnreadableChanges(f"version {version} of state changes: this worker reads version {_VERSION}")
    return int(stream_time)


def end_of(entry: bytes) -> int:
    """Return the second from which the entry is not known."""
    return int(_END.unpack(entry)[0])


def entries_of(packed: bytes) -> list[bytes]:
    """Return the entries that lie one after the other."""
    return [packed[at : at + ENTRY_BYTES] for at in range(0, len(packed), ENTRY_BYTES)]


def revision_of(entry: bytes) -> int:
    """Return the revision of the last event."""
    return int(ENTRY.unpack(entry)[4])


def page_record(key: bytes, ends: int) -> bytes:
    """Return the record of a ``page_id`` that is known until ``ends``; no other has the revision 0."""
    return RECORD.pack(key, 0, 0, ends, 0, 0, NO_DIGEST, NO_TAIL)


def is_page(entry: bytes) -> bool:
    """Tell whether the entry is a page's."""
    return entry.startswith(_NO_REVISION, _REVISION_OFFSET)


def records_of(packed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Return key and entry of each record of packed changes, in order."""
    return _PARTS.iter_unpack(memoryview(packed)[HEADER.size :])
