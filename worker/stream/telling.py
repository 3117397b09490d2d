"""What the log says of a page once it is done: rejected ones at info, sampled by their reason, others at debug."""

from __future__ import annotations

import logging

import structlog

from worker.ops.logging import REJECTED_EVENT
from worker.ops.names import Stage
from worker.stream.guarantee import Record
from worker.stream.rejected import Rejection
from worker.stream.wire import trace

_NAME = "newsworker.pages"
_log = structlog.get_logger(_NAME)
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
    traced = {name: value.decode("latin-1") for name, value in trace(record.headers) if name == "traceparent"}
    told = {"outcome": outcome, "trace_id": traced.get("traceparent"), **where, **fields}
    if why is None:
        _log.debug("page_done", **told)
    else:
        _log.info(REJECTED_EVENT, reason=why.reason, message=why.message, error_class=why.error_class, **told)
