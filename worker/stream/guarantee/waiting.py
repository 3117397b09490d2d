"""Since when the record at a position waits, from the ends of the log as they were seen. Bounded.

A stage under steady load is behind at every look and never behind for long: what matters is since when the
record that is next was there, not since when there was always some record.
"""

from __future__ import annotations

from collections import deque

MOST_MARKS = 512
"""Ends that are remembered. Looked at once a second, eight minutes are exact; of a longer wait every second
mark goes, and what is told errs towards older by less than the wait itself."""


class Waiting:
    """Ends of one partition's log, each with the moment at which it was first seen."""

    def __init__(self) -> None:
        self._marks: deque[tuple[int, float]] = deque()

    def seen(self, end: int, at: float) -> None:
        """The log ended before offset ``end`` at ``at``, seconds since the epoch."""
        if self._marks and end <= self._marks[-1][0]:
            return
        self._marks.append((end, at))
        if len(self._marks) > MOST_MARKS:
            self._thin_out()

    def since(self, position: int) -> float | None:
        """Return since when the record at ``position`` is known to be there; None where the log ends before it.

        Positions must not go back: what lies before one is forgotten.
        """
        while self._marks and self._marks[0][0] <= position:
            self._marks.popleft()
        return self._marks[0][1] if self._marks else None

    def _thin_out(self) -> None:
        """Join neighbours: the later end, the earlier moment."""
        marks = list(self._marks)
        joined = [(later[0], earlier[1]) for earlier, later in zip(marks[::2], marks[1::2], strict=False)]
        self._marks = deque(joined if len(marks) % 2 == 0 else [*joined, marks[-1]])
