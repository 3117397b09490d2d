"""What Faust delivered and the partition has not yet taken up: bounded, and it remembers what it let go.

While a partition is being claimed, the inbox does not make Faust wait: one agent serves all partitions.
What does not fit is let go, and only the offset behind it is remembered; it is read from the log later.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from worker.stream.guarantee.records import Record


class Budget:
    """What all inboxes of a layer share: bytes, and the one agent of Faust that fills them.

    Args:
        limit: Bytes that may wait in all inboxes together.
        clock: Seconds, from any beginning.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.used = 0
        self._clock = clock
        self._is_held = False
        self._freed_at = clock()

    @property
    def is_spent(self) -> bool:
        """Tell whether nothing more should be taken in."""
        return self.used >= self.limit

    @property
    def free_seconds(self) -> float:
        """Return for how long no full inbox has held the agent up; what it holds for other inboxes came by then."""
        return 0.0 if self._is_held else self._clock() - self._freed_at

    async def hold(self, room: asyncio.Event) -> None:
        """Let the agent wait for room."""
        self._is_held = True
        try:
            await room.wait()
        finally:
            self._is_held, self._freed_at = False, self._clock()


class Inbox:
    """Records of one partition in the order of their offsets."""

    def __init__(self, limit: int, budget: Budget) -> None:
        self.limit = limit
        self.budget = budget
        self.let_go = 0
        """One past the greatest offset that did not fit; the log has what lies before it."""
        self.bell = asyncio.Event()
        """Set when there is something new to look at."""
        self.room = asyncio.Event()
        """Set when a waiting deliverer may go on."""
        self._records: deque[Record] = deque()
        self.room.set()

    def __len__(self) -> int:
        return len(self._records)

    @property
    def is_full(self) -> bool:
        """Tell whether the deliverer should wait. Never while empty: one record always fits."""
        return bool(self._records) and (len(self._records) >= self.limit or self.budget.is_spent)

    @property
    def last_offset(self) -> int:
        """Return the offset of the last waiting record; -1 where none waits."""
        return self._records[-1].offset if self._records else -1

    @property
    def oldest_ms(self) -> int | None:
        """Return the timestamp of the first waiting record; None where none waits."""
        return self._records[0].timestamp_ms if self._records else None

    def put(self, record: Record) -> None:
        """Let the record wait for its turn."""
        self._records.append(record)
        self.budget.used += _size(record)
        self.bell.set()

    def drop(self, record: Record) -> None:
        """Let the record go, and remember that it is in the log."""
        self.let_go = max(self.let_go, record.offset + 1)
        self.bell.set()

    def pop(self) -> Record | None:
        """Return the next record; None where none waits."""
        if not self._records:
            return None
        record = self._records.popleft()
        self.budget.used -= _size(record)
        if not self.room.is_set() and len(self._records) * 2 <= self.limit and not self.budget.is_spent:
            self.room.set()
        return record

    def clear(self) -> None:
        """Let everything go, for a partition that is given back."""
        while self.pop() is not None:
            pass
        self.room.set()


def _size(record: Record) -> int:
    return len(record.value or b"") + len(record.key or b"") + 256
