"""How long the steps of one page took. Read once the page is done, so that only committed pages count."""

from __future__ import annotations

from time import perf_counter

from worker.ops.catalogue import Step


class Watch:
    """A stopwatch with laps, started when it is made."""

    __slots__ = ("_began", "_lapped", "laps")

    def __init__(self) -> None:
        self._began = self._lapped = perf_counter()
        self.laps: list[tuple[Step, float]] = []
        """Steps done so far, with their seconds."""

    def lap(self, step: Step) -> None:
        """Note that ``step`` took all the time since the last lap."""
        now = perf_counter()
        self.laps.append((step, now - self._lapped))
        self._lapped = now

    @property
    def seconds(self) -> float:
        """Return the time since the start."""
        return perf_counter() - self._began
