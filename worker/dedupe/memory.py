"""The state in memory: packed entries in a table, a part of which is swept now and then."""

from collections.abc import Iterator

from worker.dedupe.entries import HEADER, RECORD_BYTES, changes, end_of, stream_time_of
from worker.dedupe.judge import Poorer
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import PART_RECORDS, segment_seconds
from worker.dedupe.table import Table

PARTS = 256
"""Parts of the table: the first byte of a key chooses one. At ten million keys one holds 39,000, swept in a
millisecond or two."""

_PART_BYTES = PART_RECORDS * RECORD_BYTES


class MemoryState:
    """One partition's state in memory, about 80 bytes a key.

    Each part of the table is swept once a segment of time: what ended goes.
    """

    def __init__(self, settings: DedupeSettings) -> None:
        self.stream_time = 0
        self.poorer = Poorer()
        self._table = Table()
        self._width = segment_seconds(settings)
        self._swept = 0
        """Sweeps done or let go, in all."""
        self._part = 0
        """Part to sweep next. Every one has its turn, however few pages come."""

    def find(self, keys: bytes, stride: int) -> bytes:
        """Return the entry of each key, `NO_ENTRY` where there is none."""
        return self._table.find(keys, stride)

    def page_end(self, key: bytes) -> int:
        """Return when the page with this id is known no more; 0 for one that isn't known."""
        return end_of(self._table.find(key))

    def apply(self, changes: bytes) -> None:
        """Fold changes in; records that ended before stream time leave things as they are."""
        self.stream_time = now = max(self.stream_time, stream_time_of(changes))
        self._table.put(changes, HEADER.size, now)
        self._sweep()

    def snapshot(self) -> Iterator[bytes]:
        """Yield changes of bounded size that make this state from a new one."""
        left = b""
        for part in range(PARTS):
            left += self._table.records(part, self.stream_time)
            while len(left) >= _PART_BYTES:
                yield changes(self.stream_time, (left[:_PART_BYTES],))
                left = left[_PART_BYTES:]
        if left or self.stream_time:
            yield changes(self.stream_time, (left,))

    def keys(self) -> int:
        """Return the number of entries held, those that ended since their part was swept included."""
        return len(self._table)

    def _sweep(self) -> None:
        """Sweep the next part, if it is its turn: each is swept once in a segment of stream time."""
        due = self.stream_time * PARTS // self._width
        if self._swept >= due:
            return
        # After a silence all are due, and more is let go: still one at a time.
        self._swept = max(self._swept + 1, due - PARTS)
        self._table.sweep(self._part, self.stream_time)
        self._part = (self._part + 1) % PARTS
