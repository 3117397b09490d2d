"""Logs: one JSON object a line to stdout, or lines for people.

Every logger goes through one formatter: ours, and those of Faust, mode and aiokafka. A line holds no page:
texts are cut. Rejected pages are sampled: a flood of them is told by one field, not by a flood of lines.
"""

import logging
import platform
import sys
import time
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

import worker
from worker.ops.settings import Settings

REJECTED_EVENT = "page_rejected"
"""The event that is sampled by its ``reason``."""

MOST_A_SECOND = 10
"""Rejected pages of one reason that are logged in a second."""

LONGEST_TEXT = 500
"""Characters of a text in a line: an error's own may hold a page."""

LONGEST_STACK = 4_000
"""Characters of a stack: its last ones say where."""

CHATTY = ("faust", "mode", "aiokafka", "kafka")
"""Loggers that build their debug records on the hot path: never below INFO (up to 24 % of samples)."""

SECRET_WORDS = ("password", "secret", "token", "authorization", "credential")
"""Fields whose name has one of these are covered."""


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs of the process to ``stream``, formatted as the settings say. Idempotent.

    Args:
        settings: Level and format.
        stream: Where lines go; None stands for stdout.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared = _shared()
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last(settings.log_format)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(max(level, logging.INFO))
    structlog.configure(
        processors=[Sampler(time.monotonic), *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


class Sampler:
    """Lets through ``MOST_A_SECOND`` rejected pages of each reason; the next one says how many were not shown.

    Args:
        clock: Seconds, from any beginning.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[int, int, int]] = {}
        """By reason: the second, lines in it, lines left out since the last one shown."""

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """Return the event, or drop it.

        Raises:
            structlog.DropEvent: There were enough of its reason in this second.
        """
        if event.get("event") != REJECTED_EVENT:
            return event
        reason, second = str(event.get("reason")), int(self._clock())
        last, shown, suppressed = self._seen.get(reason, (second, 0, 0))
        shown = shown if last == second else 0
        if shown >= MOST_A_SECOND:
            self._seen[reason] = (second, shown, suppressed + 1)
            raise structlog.DropEvent
        self._seen[reason] = (second, shown + 1, 0)
        if suppressed:
            event["suppressed"] = suppressed
        return event


def _shared() -> list[Processor]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _origin(),
        _error,
        _bounded,
    ]


def _last(log_format: str) -> list[Processor]:
    if log_format == "console":
        return [_flat_error, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), timestamp_key="time")]
    return [_ordered, structlog.processors.JSONRenderer(serializer=_json)]


def _origin() -> Processor:
    """Return what adds the host and the version to every line."""
    host = platform.node()

    def add(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["worker"], event["version"] = host, worker.__version__
        return event

    return add


def _error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Turn ``exc_info`` into ``error``: class, text, stack."""
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        stack = "".join(traceback.format_tb(error.__traceback__))
        event["error"] = {"class": type(error).__name__, "text": _cut(str(error)), "stack": stack[-LONGEST_STACK:]}
    return event


def _bounded(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Cover secrets and cut long texts, however they got in."""
    for name, value in event.items():
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = "***"
        elif isinstance(value, bytes):
            event[name] = f"{len(value)} bytes"
        elif isinstance(value, str):
            event[name] = _cut(value)
    return event


def _flat_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Show an error as people read it: its line beside the event, its stack below."""
    error = event.pop("error", None)
    if isinstance(error, Mapping):
        event["error"] = f"{error['class']}: {error['text']}"
        event["exception"] = error["stack"]
    elif error is not None:
        event["error"] = error
    return event


_HEAD = ("time", "level", "event", "logger", "worker", "version")


def _ordered(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put what every line has in front."""
    head: MutableMapping[str, Any] = {name: event.pop(name, None) for name in _HEAD}
    return {**head, **event}


def _json(event: object, **_: object) -> str:
    return orjson.dumps(event, default=_shown, option=orjson.OPT_NON_STR_KEYS).decode("utf-8", "replace")


def _shown(value: object) -> str:
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}… ({len(text)} characters)"
