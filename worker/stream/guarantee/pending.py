"""The units of the open atom: done, and not yet committed."""

from __future__ import annotations

import time
from collections.abc import Callable

from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.records import Unit


class Pending:
    """What the next commit takes, and when it is due: the first limit that is reached decides.

    Args:
        limits: Age, number and bytes of what may be pending.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._thens: list[Callable[[], None]] = []
        self._bytes = 0
        self._due = 0.0

    def __len__(self) -> int:
        return len(self._thens)

    @property
    def is_full(self) -> bool:
        """Tell whether a commit takes no more units."""
        return len(self._thens) >= self._limits.commit_records

    @property
    def is_due(self) -> bool:
        """Tell whether the oldest unit has waited for as long as it may."""
        return bool(self._thens) and time.monotonic() >= self._due

    @property
    def left_seconds(self) -> float:
        """Return how long the commit can wait; negative once it is due."""
        return self._due - time.monotonic()

    def has_room(self, unit: Unit) -> bool:
        """Tell whether the unit's changes fit into the state record with the others; a first unit always does."""
        return not self._thens or self._bytes + len(unit.entries) <= self._limits.commit_bytes

    def begin(self) -> None:
        """Let time run from now where nothing is pending: a unit is about to be added."""
        if not self._thens:
            self._due = time.monotonic() + self._limits.commit_seconds

    def add(self, unit: Unit) -> None:
        """Take a unit in whose outputs are on their way."""
        self._thens.append(unit.then)
        self._bytes += len(unit.entries)

    def take(self) -> list[Callable[[], None]]:
        """Return what is to be called for each unit now that they are committed; nothing is pending then."""
        thens, self._thens, self._bytes = self._thens, [], 0
        return thens
