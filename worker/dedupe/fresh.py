"""Marks of teasers that are mere repeats for now: nearly all that pages show. **Pure**.

A news site shows the same stories on all its pages for hours. An item that brought nothing to an entry brings
nothing as long as the entry lives, since ranks only rise and values of equal rank stay; and there is nothing to
remember of it before ``last seen`` moves. So until then its mark, key and digest, says all, and no entry is
looked up. This is no part of the state: without it the same is decided.
"""

import struct

from worker.dedupe.entries import HEADER, NO_DIGEST
from worker.dedupe.settings import DedupeSettings

SLOTS_A_STEP = 128
"""Marks go together in slots of time, ten minutes at a TTL of a week: so much too early at most."""

MOST_MARKS = 1 << 18
"""Marks remembered, of 100 bytes each: 27 MB, and a quarter of it for poorer forms. Letting all go takes some 20 ms."""

_SEEN = struct.Struct(">16s4xII6x4s28x")
"""Key, last seen, end and digest of a record."""


class Fresh:
    """Marks of what was seen less than a step ago.

    Args:
        settings: Give the step.
        most: So many are remembered.
    """

    __slots__ = ("_due", "_most", "_passed", "_poorer", "_slot_seconds", "_step_seconds", "marks")

    def __init__(self, settings: DedupeSettings, most: int = MOST_MARKS) -> None:
        self.marks: set[bytes] = set()
        """Key and digest, 20 bytes; ask after `forget`."""
        self._step_seconds = settings.step_seconds
        self._slot_seconds = max(1, settings.step_seconds // SLOTS_A_STEP)
        self._most = most
        self._due: dict[int, list[bytes]] = {}
        """Marks by the slot in which they go."""
        self._poorer: set[bytes] = set()
        self._passed = 0
        """The last slot whose marks went."""

    def forget(self, now: int) -> None:
        """Let go of the marks whose time has come at ``now``, seconds since 1970."""
        slot = now // self._slot_seconds
        if slot > self._passed:
            self._passed = slot
            for due in [due for due in self._due if due <= slot]:
                self.marks.difference_update(self._due.pop(due))

    def add(self, mark: bytes, last: int, end: int) -> None:
        """Remember a mere repeat; when there are too many, all are forgotten.

        Args:
            mark: Key and digest.
            last: When its entry was last seen.
            end: When its entry ends.
        """
        slot = min(last + self._step_seconds, end) // self._slot_seconds
        if slot <= self._passed or mark in self.marks:
            return
        if len(self.marks) >= self._most:
            self.marks.clear()
            self._due.clear()
        self.marks.add(mark)
        if slot in self._due:
            self._due[slot].append(mark)
        else:
            self._due[slot] = [mark]

    def is_poorer(self, mark: bytes, first: int) -> bool:
        """Tell whether this form is known to bring nothing to the entry that was first seen at ``first``."""
        return mark + first.to_bytes(4, "big") in self._poorer

    def add_poorer(self, mark: bytes, first: int) -> None:
        """Remember that a form brings nothing to the entry first seen at ``first``, as long as that lives."""
        if len(self._poorer) >= self._most // 4:
            self._poorer.clear()
        self._poorer.add(mark + first.to_bytes(4, "big"))

    def take(self, changes: bytes, now: int) -> None:
        """Remember what made the entries that ``changes`` put: shown again after ``now``, it is a mere repeat."""
        self.forget(now)
        for key, last, end, digest in _SEEN.iter_unpack(memoryview(changes)[HEADER.size :]):
            if digest != NO_DIGEST:
                self.add(key + digest, last, end)
