"""What health checks and gauges are told about a running stage: read from its layer, its app and the pulse."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from worker.ops.checks import StageState
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.stream.broker import Pulse
from worker.stream.guarantee import PartitionStatus, Phase, Running, Stateful, Status


class Looker:
    """Looks at one stage for health checks and metrics.

    Args:
        stage: Which one.
        running: Its app and layer.
        pulse: Knows when a broker answered last.
        metrics: Whose gauges are set.
    """

    def __init__(self, stage: Stage, running: Running, pulse: Pulse, metrics: Metrics) -> None:
        self.stage, self.running = stage, running
        self._pulse, self._metrics = pulse, metrics
        self._rebalances = 0

    def state(self) -> StageState:
        """Return the stage at this moment."""
        status = self.running.layer.status()
        parts = status.partitions.values()
        waiting = [part.waiting_since for part in parts if part.waiting_since is not None]
        return StageState(
            self.stage,
            is_joined=status.rebalances > 0,
            is_rebalancing=bool(self.running.app.rebalancing),
            assigned=tuple(status.partitions),
            claiming=tuple(part.partition for part in parts if part.phase is Phase.CLAIMING),
            lag_records=sum(part.lag or 0 for part in parts),
            last_progress=max((part.last_progress for part in parts), default=0.0),
            waiting_since=min(waiting, default=None),
            broker_answered=self._pulse.answered,
            refused=status.refused,
            details=_details(status),
        )

    def publish(self) -> None:
        """Set the gauges of the stage."""
        status = self.running.layer.status()
        parts = status.partitions.values()
        self._metrics.assigned(self.stage, status.partitions)
        lags = {part.partition: part.lag for part in parts if part.lag is not None}
        self._metrics.lag(self.stage, lags, oldest_seconds(parts, time.time()))
        for _ in range(status.rebalances - self._rebalances):
            self._metrics.rebalanced(self.stage)
        self._rebalances = status.rebalances
        if isinstance(self.running.layer, Stateful):
            self._metrics.guarantee(str(status.guarantee))
            self._metrics.seen_keys(sum(state.keys() for state in self.running.layer.states().values()))


def starting(stage: Stage, pulse: Pulse) -> StageState:
    """Return a stage that is not made yet: the worker waits for its broker."""
    return StageState(stage, broker_answered=pulse.answered)


def oldest_seconds(parts: Iterable[PartitionStatus], now: float) -> float:
    """Return the age of the oldest record that is not done, in seconds; 0 where the lag in records is. Pure."""
    since = [moment for part in parts if part.lag for moment in _moments(part)]
    return max(0.0, now - min(since)) if since else 0.0


def _moments(part: PartitionStatus) -> Iterator[float]:
    """Yield since when there is something to do: as the log's end told, and by the first record that waits here."""
    if part.waiting_since is not None:
        yield part.waiting_since
    if part.oldest_in_flight_ms:
        yield part.oldest_in_flight_ms / 1000


def _details(status: Status) -> dict[str, object]:
    return {
        "guarantee": str(status.guarantee),
        "refetched": dict(status.refetched),
        "rebalances": status.rebalances,
        "notices": list(status.notices),
        "partitions": {
            part.partition: {
                "phase": str(part.phase),
                "position": part.position,
                "stable_end": part.stable_end,
                "lag": part.lag,
                "in_flight": part.in_flight,
                "last_progress": part.last_progress,
                "last_commit": part.last_commit,
                "recovery_seconds": round(part.recovery_seconds, 3),
            }
            for part in status.partitions.values()
        },
    }
