"""What the layer tells the outside: callbacks for metrics, and a snapshot for health checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

Cause = Literal["hole", "tail", "log"]
"""Why records were not delivered: left out in between, left out at the end, missing in the log."""

Result = Literal["confirmed", "failed"]


class Phase(StrEnum):
    """Where in its life a partition is."""

    CLAIMING = "claiming"
    LIVE = "live"
    CLOSING = "closing"
    CLOSED = "closed"


class Observer(Protocol):
    """Called by the layer in the event loop; must be quick and must not raise."""

    def received(self, n: int) -> None:
        """``n`` records were taken up as the next expected ones."""

    def refetched(self, cause: Cause, n: int) -> None:
        """``n`` records that Faust left out were read again, or (``log``) are missing in the log."""

    def committed(self, n_units: int, seconds: float) -> None:
        """``n_units`` became visible; the commit itself took ``seconds``."""

    def claimed(self, partition: int, seconds: float, records: int) -> None:
        """A partition is live after ``seconds``, restored from ``records`` state records."""

    def revoked(self, partition: int) -> None:
        """A partition is given back, committed as far as it was whole."""

    def sent(self, topic: str, result: Result, n: int) -> None:
        """The broker answered for ``n`` messages."""


class Silent:
    """An observer that looks away."""

    def received(self, n: int) -> None:
        """Ignore."""

    def refetched(self, cause: Cause, n: int) -> None:
        """Ignore."""

    def committed(self, n_units: int, seconds: float) -> None:
        """Ignore."""

    def claimed(self, partition: int, seconds: float, records: int) -> None:
        """Ignore."""

    def revoked(self, partition: int) -> None:
        """Ignore."""

    def sent(self, topic: str, result: Result, n: int) -> None:
        """Ignore."""


@dataclass(slots=True)
class PartitionStatus:
    """One partition at this moment. Times are `time.time()` seconds, 0.0 where it has not happened."""

    partition: int
    phase: Phase = Phase.CLAIMING
    position: int = 0
    """The next source offset to be committed: everything before it is done for good."""
    stable_end: int | None = None
    """The last stable offset of the source as last seen; None before the first look."""
    in_flight: int = 0
    """Records delivered to this process and not yet committed."""
    oldest_in_flight_ms: int | None = None
    """Timestamp of the oldest record in flight; None where there is none."""
    waiting_since: float | None = None
    """Since when the record at the position is known to be there; None when caught up, and during the claim."""
    last_progress: float = 0.0
    last_commit: float = 0.0
    claim_started: float = 0.0
    recovery_seconds: float = 0.0
    """How long the claim took."""

    @property
    def lag(self) -> int | None:
        """Records of the log behind the position; None where one of the two is not known yet. Never negative."""
        if self.stable_end is None or self.phase is Phase.CLAIMING:
            return None
        return max(0, self.stable_end - self.position)


@dataclass(slots=True)
class Status:
    """The layer at this moment."""

    guarantee: str
    partitions: dict[int, PartitionStatus] = field(default_factory=dict)
    refetched: dict[Cause, int] = field(default_factory=lambda: {"hole": 0, "tail": 0, "log": 0})
    notices: list[str] = field(default_factory=list)
    """What an operator should know and nothing stopped for, such as a lost state topic."""
    rebalances: int = 0
    refused: str = ""
    """What the broker refuses for good, so that the process is about to end; empty where nothing."""

    @property
    def claim_open(self) -> bool:
        """Tell whether a partition is still being claimed."""
        return any(p.phase is Phase.CLAIMING for p in self.partitions.values())
