"""The state in memory: open-address tables over packed records, segments of time dropped whole.

A record of 66 bytes lies in the segment in which it ends. Tables hold references of four bytes to records and
are many and small, so that growing one stops the stream for milliseconds. A dropped segment leaves
references that lead nowhere; they count as taken until their table is built anew.
"""

import sys
from array import array
from collections.abc import Iterator

from worker.dedupe.entries import (
    ENTRY,
    HEADER,
    KEY_BYTES,
    NO_KEY,
    RECORD_BYTES,
    Entry,
    changes,
    end_of,
    stream_time_of,
)
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import MOST_SEGMENTS, PART_RECORDS, segment_seconds

TABLE_BITS = 10
"""1,024 tables: at ten million keys one holds ten thousand records and is built anew in about 5 ms."""

RING_BITS = (MOST_SEGMENTS + 1).bit_length()
"""Of a reference, for the segment: as many as may hold entries at a time."""

MAX_LOAD = 2 / 3
"""Taken share of a table at which it is built anew: a miss then looks at three references on average."""

FREED_AT_ONCE = 32
"""Arrays of a dropped segment that are freed with one page's changes. All 1,024 at once take 33 ms at ten million
keys, and twice that at twenty; 32 take one."""

_TABLES = 1 << TABLE_BITS
_RING = 1 << RING_BITS
_TABLE_MASK, _RING_MASK = _TABLES - 1, _RING - 1
_LEAST_PLACES = 8
_WORD_BYTES = 4
_WORDS_A_KEY = KEY_BYTES // _WORD_BYTES

_DROPPED = bytearray()
"""Stands for a segment that holds nothing, in every table; never written to."""


class _Table:
    """The records whose keys choose this table, by segment, and where each lies."""

    __slots__ = ("moved", "places", "segments", "taken")

    def __init__(self) -> None:
        self.places = array("I", bytes(_WORD_BYTES * _LEAST_PLACES))
        """References: number of the record in its segment, then ring place of the segment. 0 is free."""
        self.segments = [_DROPPED] * _RING
        """By ring place. The first record of each is unused, so that no reference is 0."""
        self.taken = 0
        """Places taken, by references to dropped segments as well."""
        self.moved = 0
        """Records whose key is zeros since they moved on."""

    def put(self, word: int, record: bytes, ring: int) -> int:
        """Put a record into a segment and return the ring place that it left, -1 for a new key.

        Args:
            word: The key's first four bytes as a number.
            record: Key and entry.
            ring: Place of the segment in the ring.
        """
        places, segments = self.places, self.segments
        key, mask = record[:KEY_BYTES], len(places) - 1
        place = (word >> TABLE_BITS) & mask
        while reference := places[place]:
            segment = segments[reference & _RING_MASK]
            at = (reference >> RING_BITS) * RECORD_BYTES
            if segment.startswith(key, at):
                before = reference & _RING_MASK
                if before == ring:
                    segment[at : at + RECORD_BYTES] = record
                else:
                    segment[at : at + KEY_BYTES] = NO_KEY
                    self.moved += 1
                    places[place] = self._appended(record, ring)
                return before
            place = (place + 1) & mask
        places[place] = self._appended(record, ring)
        self.taken += 1
        if self.taken > MAX_LOAD * len(places):
            self.build()
        return -1

    def build(self) -> None:
        """Build places and segments anew, without what was dropped or moved away."""
        self.segments = [_compacted(segment) for segment in self.segments]
        self.moved = 0
        self.taken = sum(max(0, len(segment) // RECORD_BYTES - 1) for segment in self.segments)
        size = max(_LEAST_PLACES, 1 << (2 * self.taken).bit_length())
        self.places = places = array("I", bytes(_WORD_BYTES * size))
        mask = size - 1
        for ring, segment in enumerate(self.segments):
            words = memoryview(segment)
            for number in range(1, len(segment) // RECORD_BYTES):
                at = number * RECORD_BYTES
                place = (int.from_bytes(words[at : at + _WORD_BYTES], "little") >> TABLE_BITS) & mask
                while places[place]:
                    place = (place + 1) & mask
                places[place] = number << RING_BITS | ring

    def _appended(self, record: bytes, ring: int) -> int:
        """Append the record to a segment and return the reference to it."""
        segment = self.segments[ring]
        if segment is _DROPPED:
            segment = self.segments[ring] = bytearray(RECORD_BYTES)
        number = len(segment) // RECORD_BYTES
        segment += record
        return number << RING_BITS | ring


class MemoryState:
    """One partition's state in memory, about 80 bytes a key.

    Keys are digests: their own bytes choose table and place. A record whose end moves to another segment is
    copied there, and zeros stay where its key was until its table is built anew.
    """

    def __init__(self, settings: DedupeSettings) -> None:
        self.stream_time = 0
        self._width = segment_seconds(settings)
        self._running = 0
        """Number of the segment in which stream time lies; those before it are gone."""
        self._tables = [_Table() for _ in range(_TABLES)]
        self._counts = [0] * _RING
        self._dropped: list[bytearray] = []
        """Records of segments that were let go, still to be freed."""

    def find(self, keys: bytes) -> list[Entry | None]:
        """Return the entry of each key, None where there is none."""
        tables, entry_at = self._tables, ENTRY.unpack_from
        found: list[Entry | None] = []
        at = 0
        for word in _words(keys):
            key = keys[at : at + KEY_BYTES]
            at += KEY_BYTES
            table = tables[word & _TABLE_MASK]
            places = table.places
            mask = len(places) - 1
            place = (word >> TABLE_BITS) & mask
            while reference := places[place]:
                segment = table.segments[reference & _RING_MASK]
                start = (reference >> RING_BITS) * RECORD_BYTES
                if segment[start : start + KEY_BYTES] == key:
                    found.append(entry_at(segment, start + KEY_BYTES))
                    break
                place = (place + 1) & mask
            else:
                found.append(None)
        return found

    def apply(self, changes: bytes) -> None:
        """Fold changes in; records that ended before stream time leave things as they are."""
        self._advance(stream_time_of(changes))
        del self._dropped[-FREED_AT_ONCE:]
        now, furthest = self.stream_time, self._running + MOST_SEGMENTS
        for at in range(HEADER.size, len(changes), RECORD_BYTES):
            end = end_of(changes, at)
            record = changes[at : at + RECORD_BYTES]
            if end <= now or record.startswith(NO_KEY):
                continue
            ring = min(end // self._width, furthest) & _RING_MASK
            word = int.from_bytes(record[:_WORD_BYTES], "little")
            table = self._tables[word & _TABLE_MASK]
            before = table.put(word, record, ring)
            self._counts[ring] += 1
            if before >= 0:
                self._counts[before] -= 1
                if before != ring and table.moved > table.taken // 2:
                    table.build()

    def snapshot(self) -> Iterator[bytes]:
        """Yield changes that make this state from a new one. The state must not change meanwhile."""
        part: list[bytes] = []
        records = 0
        for piece in self._pieces():
            if records + len(piece) // RECORD_BYTES > PART_RECORDS:
                yield changes(self.stream_time, part)
                part, records = [], 0
            part.append(piece)
            records += len(piece) // RECORD_BYTES
        if part or self.stream_time:
            yield changes(self.stream_time, part)

    def keys(self) -> int:
        """Return the number of entries held."""
        return sum(self._counts)

    def _advance(self, stream_time: int) -> None:
        """Move stream time on, and drop the segments that it left behind."""
        if stream_time <= self.stream_time:
            return
        self.stream_time = stream_time
        running = stream_time // self._width
        for number in range(self._running, min(running, self._running + _RING)):
            self._drop(number & _RING_MASK)
        self._running = running

    def _drop(self, ring: int) -> None:
        """Let a segment go; its memory is given back with the changes that follow, a little each time."""
        self._counts[ring] = 0
        for table in self._tables:
            if table.segments[ring] is not _DROPPED:
                self._dropped.append(table.segments[ring])
                table.segments[ring] = _DROPPED

    def _pieces(self) -> Iterator[bytes]:
        """Yield the records of each segment of each table, in pieces of at most a part."""
        size = PART_RECORDS * RECORD_BYTES
        for table in self._tables:
            for segment in table.segments:
                for at in range(RECORD_BYTES, len(segment), size):
                    yield bytes(segment[at : at + size])


def _words(keys: bytes) -> "array[int]":
    """Return the first four bytes of each key as a number, little-endian."""
    words = array("I", keys)
    if sys.byteorder == "big":
        words.byteswap()
    return words[::_WORDS_A_KEY]


def _compacted(segment: bytearray) -> bytearray:
    """Return the segment without the records that moved on; the first record stays unused."""
    starts = range(RECORD_BYTES, len(segment), RECORD_BYTES)
    if all(not segment.startswith(NO_KEY, at) for at in starts):
        return segment
    kept = bytearray(RECORD_BYTES)
    for at in starts:
        if not segment.startswith(NO_KEY, at):
            kept += segment[at : at + RECORD_BYTES]
    return kept if len(kept) > RECORD_BYTES else _DROPPED
