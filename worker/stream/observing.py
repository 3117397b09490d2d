"""What the layer tells, as metrics of one stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from worker.ops.catalogue import Cause, SendResult
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.traces import StageTraces
from worker.stream.guarantee import Cause as LayerCause
from worker.stream.guarantee import Result


def _nothing() -> None:
    """Do nothing."""


class StageObserver:
    """Hands on what the layer of one stage does. Quick, and never raises.

    Args:
        stage: The stage.
        metrics: Where it is counted.
        names: The registry's name of each topic by its name on the cluster.
        on_move: Called when a partition was claimed or given back.
        traces: What makes the spans; None where none are made.
    """

    def __init__(
        self,
        stage: Stage,
        metrics: Metrics,
        names: Mapping[str, str],
        on_move: Callable[[], None] = _nothing,
        traces: StageTraces | None = None,
    ) -> None:
        self._stage, self._metrics, self._names, self._on_move = stage, metrics, names, on_move
        self._traces = traces

    def received(self, n: int) -> None:
        """``n`` records were taken up."""
        self._metrics.received(self._stage, n)

    def refetched(self, cause: LayerCause, n: int) -> None:
        """``n`` records were read again, or are missing in the log."""
        self._metrics.refetched(self._stage, Cause(cause), n)

    def committed(self, n_units: int, seconds: float) -> None:
        """A commit became visible after ``seconds``; its pages are counted by their units."""
        self._metrics.committed(self._stage, seconds, at=time.time())
        if self._traces is not None:
            self._traces.committed(n_units, seconds)

    def claimed(self, partition: int, seconds: float, records: int) -> None:  # noqa: ARG002 - the log has them
        """A partition is live after ``seconds``."""
        if self._stage is Stage.DEDUPE:
            self._metrics.claimed(seconds)
        self._on_move()

    def revoked(self, partition: int) -> None:
        """A partition is given back."""
        self._metrics.revoked(self._stage, partition)
        self._on_move()

    def sent(self, topic: str, result: Result, n: int) -> None:
        """The broker answered for ``n`` messages."""
        self._metrics.sent(self._names.get(topic, topic), SendResult(result), n)
