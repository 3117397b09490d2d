"""What log and trace say of a page once it is done. Log: rejected ones at info, sampled by reason, others at debug."""

from __future__ import annotations

import logging
import re

import structlog

from worker.ops.logging import REJECTED_EVENT
from worker.ops.names import Stage
from worker.ops.traces import StageTraces
from worker.stream.guarantee import Record
from worker.stream.rejected import Rejection
from worker.stream.watch import Watch
from worker.stream.wire import trace

_NAME = "newsworker.pages"
_log = structlog.get_logger(_NAME)
_TRACE_ID = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-")
"""Where the id stands in a ``traceparent`` of the W3C."""

_level = logging.getLogger(_NAME)
"""Asked whether debug lines are wanted: 50 times faster than asking structlog, and asked for every page."""


def tell(stage: Stage, record: Record, outcome: str, why: Rejection | None = None, **fields: str | None) -> None:
    """Log what became of a page: never its text.

    Args:
        stage: Who is done with it.
        record: Its record.
        outcome: accepted, repeat or rejected.
        why: Its rejection; None for any other outcome.
        **fields: What else is known of it, such as ``page_id`` and ``url``.
    """
    if why is None and not _level.isEnabledFor(logging.DEBUG):
        return
    where = {"stage": stage, "topic": record.topic, "partition": record.partition, "offset": record.offset}
    told = {"outcome": outcome, "trace_id": _trace_id(record), **where, **fields}
    if why is None:
        _log.debug("page_done", **told)
    else:
        _log.info(REJECTED_EVENT, reason=why.reason, message=why.message, error_class=why.error_class, **told)


def trace_page(traces: StageTraces, record: Record, why: Rejection | None, watch: Watch) -> None:
    """Make the span of a page that is done, where its record brings a trace context.

    Args:
        traces: What makes the stage's spans.
        record: The page's record.
        why: Its rejection; None for any other outcome.
        watch: Its stopwatch.
    """
    carried = trace(record.headers)
    if carried:
        traces.page(
            carried,
            where=(record.topic, record.partition, record.offset),
            reason=why.reason if why else None,
            laps=watch.laps,
            seconds=watch.seconds,
        )


def _trace_id(record: Record) -> str | None:
    """Return the id of the trace that the record belongs to; None where it brings none that is well formed."""
    found = (_TRACE_ID.match(value) for name, value in trace(record.headers) if name == "traceparent")
    return next((match[1].decode() for match in found if match), None)
