"""Whether a log ends before a position that was reached in it: it lost records, or is another one."""

from __future__ import annotations

import time

from worker.stream.guarantee.reader import CATCH_UP_SECONDS


class Shrinking:
    """Looks at one partition's log; an election may hide its end for a while."""

    def __init__(self) -> None:
        self._since: float | None = None
        self.why = ""
        """How the log contradicts the position; empty as long as it does not, or not for long."""

    def seen(self, end: int, position: int) -> None:
        """The log ended at ``end``, and everything before ``position`` was done."""
        if end >= position:
            self._since = None
            return
        self._since = self._since or time.monotonic()
        if time.monotonic() - self._since > CATCH_UP_SECONDS:
            self.why = f"its end is {end}, the position is {position}"
