"""A snapshot on its way: written some parts at a time, so that no transaction holds a whole state.

Between two turns the state changes. A reader applies every commit since the first part again after the last
one, in order, and commits hold values: so parts may be of different moments, and the whole is that of the last.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

from worker.stream.guarantee.records import State


class Snapshot:
    """The parts of one snapshot, read from the live state as they are written.

    Args:
        state: The state. It may change between two turns, not while one is read.
    """

    def __init__(self, state: State) -> None:
        self.number = secrets.randbits(64)
        self.began = time.monotonic()
        self.begun_ms = int(time.time() * 1000)
        """When its first part was written; the broker's retention counts from about then."""
        self.begin: int | None = None
        """Offset of its first part in the state topic; None until that is written."""
        self.size_bytes = 0
        self._written = 0
        self._left = state.snapshot()
        self._next: bytes | None = next(self._left, b"")

    @property
    def is_whole(self) -> bool:
        """Tell whether all parts were taken."""
        return self._next is None

    def turn(self, enough_bytes: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield parts until there are ``enough_bytes`` or no more: number from 1, number of all, changes.

        How many there are in all is known at the last one alone: the others say 0.
        """
        turned = 0
        while self._next is not None and turned < enough_bytes:
            part, self._next = self._next, next(self._left, None)
            self._written += 1
            turned += max(1, len(part))
            self.size_bytes += len(part)
            yield self._written, self._written if self._next is None else 0, part
