"""The stage `split`: a raw page becomes one record with its article and its teasers. Stateless.

The handler is total: whatever is raised about a page rejects that page. Trouble with the broker is the
layer's, and ends the process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from schemas import RejectReason
from worker.dedupe import marks_of
from worker.extract import Limits, split_page
from worker.ops.catalogue import Step
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.traces import StageTraces
from worker.stream.guarantee import Message, Record, Unit
from worker.stream.installation import Installation
from worker.stream.rejected import Rejection, rejected, rejection
from worker.stream.sinks import Sinks
from worker.stream.telling import tell, trace_page
from worker.stream.watch import Watch
from worker.stream.wire import Wired, raw_page, received_at, trace

QUARANTINED = Rejection(RejectReason.QUARANTINED, "The page alone ended the process that tried it", "Quarantined")


class SplitStage:
    """Handles the records of the raw topic.

    Args:
        installation: Names, sizes and limits.
        metrics: What is counted once a page is done.
        traces: What makes the spans; None where none are made.
    """

    def __init__(self, installation: Installation, metrics: Metrics, traces: StageTraces | None = None) -> None:
        self._desk = installation.desk(Stage.SPLIT)
        self._limits = installation.settings.limits
        self._sinks = Sinks(installation)
        self._metrics = metrics
        self._traces = traces

    def handle(self, record: Record) -> Unit:
        """Return all that one raw page does. Total."""
        watch = Watch()
        try:
            message = self._split(record, watch)
        except Exception as error:  # noqa: BLE001 - pure code: whatever it raises is about this page
            return self._rejected(record, rejection(error, Stage.SPLIT), watch)
        return Unit((message,), then=self._counting(record, None, watch))

    def quarantine(self, record: Record) -> Unit:
        """Return what is done with a page that alone ended the process that tried it: it is not read. Total."""
        return self._rejected(record, QUARANTINED, Watch())

    def _split(self, record: Record, watch: Watch) -> Message:
        """Return the record of the split page.

        Raises:
            ContractError: The record is no raw page.
            PageError: The page can't be split, or what was read from it is larger than its topic takes.
        """
        page = raw_page(record)
        watch.lap(Step.DECODE)
        split = split_page(page, self._limits)
        split = split.model_copy(update={"received_at": received_at(record), "marks": marks_of(split)})
        watch.lap(Step.EXTRACT)
        return self._sinks.split_page(split, trace(record.headers))

    def _rejected(self, record: Record, why: Rejection, watch: Watch) -> Unit:
        message = rejected(record, why, self._desk, datetime.now(UTC))
        return Unit((message,), then=self._counting(record, why, watch))

    def _counting(self, record: Record, why: Rejection | None, watch: Watch) -> Callable[[], None]:
        """Return what counts the page once it is done; it doesn't hold the page, of which a commit has 100."""
        return partial(self._count, replace(record, value=None), len(record.value or b""), why, watch)

    def _count(self, record: Record, size: int, why: Rejection | None, watch: Watch) -> None:
        """Count a page that is done. Called once, after the commit."""
        self._metrics.page_size(size)
        for step, seconds in watch.laps:
            self._metrics.step(step, seconds)
        self._metrics.page_split(why.reason if why else None, watch.seconds, at=time.time())
        if self._traces is not None:
            trace_page(self._traces, record, why, watch)
        tell(Stage.SPLIT, record, "rejected" if why else "accepted", why)


def try_page(record: Wired, limits: Limits) -> None:
    """Do what the stage does with a page and what may end an interpreter: for a trial in a child.

    Args:
        record: The raw page's record.
        limits: How much of a page is read.

    Raises:
        Exception: Whatever is wrong with the page.
    """
    split_page(raw_page(record), limits)
