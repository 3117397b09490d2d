"""The state in memory: small dictionaries of packed entries, swept one after the other.

A dictionary is found and changed in one step of the interpreter; open-address arrays of our own took 50 bytes a key
less and five times as long. There are many, so that growing or sweeping one stops the stream for milliseconds.
"""

import struct
from collections.abc import Iterator, Sequence

from worker.dedupe.entries import END, END_AT, ENTRY_BYTES, HEADER, KEY_BYTES, changes, end_of, stream_time_of
from worker.dedupe.fresh import Fresh
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import PART_RECORDS, segment_seconds

TABLES = 256
"""A key's first byte chooses its table, the other 15 are the key in it: with Python's 33 bytes around them they
take 48 bytes, where 16 would take 64. At ten million keys a table holds 39,000 and is swept in 5 ms."""

_ZERO = b"\0"
_PLACED = struct.Struct(f">B{KEY_BYTES - 1}s{ENTRY_BYTES}s")
"""The table of a record, its key in it, its entry."""


class MemoryState:
    """One partition's state in memory, about 160 bytes a key.

    Entries lie there without the zeros at their end. Each table is swept once a segment of time: what ended goes.
    """

    def __init__(self, settings: DedupeSettings) -> None:
        self.stream_time = 0
        self.fresh = Fresh(settings)
        self._tables: list[dict[bytes, bytes]] = [{} for _ in range(TABLES)]
        self._width = segment_seconds(settings)
        self._swept = 0
        """Sweeps done or let go, in all."""
        self._place = 0
        """Table to sweep next. Every one has its turn, however few pages come."""

    def find(self, keys: Sequence[bytes]) -> list[bytes]:
        """Return the entry of each key, `NO_ENTRY` where there is none."""
        tables = self._tables
        return [tables[key[0]].get(key[1:], b"").ljust(ENTRY_BYTES, _ZERO) for key in keys]

    def page_end(self, key: bytes) -> int:
        """Return when the page with this id is known no more; 0 for one that isn't known."""
        return end_of(self._tables[key[0]].get(key[1:], b"").ljust(ENTRY_BYTES, _ZERO))

    def apply(self, changes: bytes) -> None:
        """Fold changes in; records that ended before stream time leave things as they are."""
        self.stream_time = now = max(self.stream_time, stream_time_of(changes))
        tables, ended = self._tables, END.pack(now)
        for first, rest, entry in _PLACED.iter_unpack(memoryview(changes)[HEADER.size :]):
            if entry[END_AT] > ended:
                tables[first][rest] = entry.rstrip(_ZERO)
        self.fresh.take(changes, now)
        self._sweep()

    def snapshot(self) -> Iterator[bytes]:
        """Yield changes of bounded size that make this state from a new one."""
        part: list[bytes] = []
        for record in self._records():
            part.append(record)
            if len(part) == PART_RECORDS:
                yield changes(self.stream_time, part)
                part = []
        if part or self.stream_time:
            yield changes(self.stream_time, part)

    def keys(self) -> int:
        """Return the number of entries held, those that ended since their table was swept included."""
        return sum(map(len, self._tables))

    def _records(self) -> Iterator[bytes]:
        """Yield every record that has not ended."""
        now = END.pack(self.stream_time)
        for first in range(TABLES):
            table, head = self._tables[first], bytes((first,))
            for rest, entry in list(table.items()):  # the table may change between two parts
                if entry[END_AT] > now:
                    yield head + rest + entry.ljust(ENTRY_BYTES, _ZERO)

    def _sweep(self) -> None:
        """Sweep the next table, if it is its turn: each is swept once in a segment of stream time."""
        due = self.stream_time * TABLES // self._width
        if self._swept >= due:
            return
        # After a silence all are due, and more is let go: still one at a time.
        self._swept = max(self._swept + 1, due - TABLES)
        place, self._place = self._place, (self._place + 1) % TABLES
        now = END.pack(self.stream_time)
        # Bytes in the order of numbers; one without its last zeros is less than with them, so an end at `now` is over.
        self._tables[place] = {key: entry for key, entry in self._tables[place].items() if entry[END_AT] > now}
