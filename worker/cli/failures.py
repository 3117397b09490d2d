"""What people are told when a command can't go on: one message that says what to do, and an exit code."""

import os
import traceback
from pathlib import Path
from typing import NamedTuple

from worker.ops.exits import ConfigurationError, ExitCode

LONGEST_MESSAGE = 600
"""Characters; an error's own text may hold a whole page."""


class Failure(NamedTuple):
    """How a command ends."""

    code: int
    message: str


class CommandError(Exception):
    """A command can't go on, for a reason that it knows.

    Args:
        message: What is wrong and what to do.
        code: Exit code.
    """

    def __init__(self, message: str, code: int = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.code = code


BY_NAME = {
    "GuaranteeNotKept": ExitCode.CONFIGURATION,
    "UnknownVersion": ExitCode.CONFIGURATION,
    "SourceRecreated": ExitCode.CONFIGURATION,
    "UndecodableState": ExitCode.CONFIGURATION,
    "Refused": ExitCode.CONFIGURATION,
    "UnitTooLarge": ExitCode.UNFORESEEN,
    "PositionRefused": ExitCode.CONFIGURATION,
    "Stuck": ExitCode.UNAVAILABLE,
    "AccessError": ExitCode.CONFIGURATION,
    "Unreachable": ExitCode.UNAVAILABLE,
}
"""Exit codes by class, so that telling an error imports neither Faust nor a Kafka client."""


def told(error: BaseException) -> Failure:
    """Return message and exit code of an error."""
    match error:
        case ConfigurationError():
            return Failure(ExitCode.CONFIGURATION, str(error))
        case CommandError():
            return Failure(error.code, str(error))
        case BrokenPipeError():
            return Failure(ExitCode.OK, "the reader closed the pipe")
        case _:
            return _by_class(error) or _unforeseen(error)


def _by_class(error: BaseException) -> Failure | None:
    for kind in type(error).__mro__:
        if kind.__name__ in BY_NAME:
            return Failure(BY_NAME[kind.__name__], str(error))
        if kind.__module__ == "aiokafka.errors":
            return _of_kafka(error)
    return Failure(ExitCode.FAILED, _cut(str(error))) if isinstance(error, OSError) else None


def _of_kafka(error: BaseException) -> Failure:
    from worker.ops.access import refusal  # noqa: PLC0415 - the Kafka client is loaded already

    message = refusal(error)
    if message is not None:
        return Failure(ExitCode.CONFIGURATION, message)
    return Failure(ExitCode.UNAVAILABLE, f"the broker does not answer as it should: {_cut(str(error))}")


def _unforeseen(error: BaseException) -> Failure:
    """Tell a bug: short, or with its traceback where the log level is debug."""
    if os.environ.get("NEWSWORKER_LOG_LEVEL") == "debug":
        return Failure(ExitCode.UNFORESEEN, "".join(traceback.format_exception(error)))
    place = "".join(f" ({Path(at.filename).name}:{at.lineno})" for at in traceback.extract_tb(error.__traceback__)[-1:])
    return Failure(
        ExitCode.UNFORESEEN,
        f"unforeseen {type(error).__name__}: {_cut(str(error))}{place}. "
        "This is a bug; NEWSWORKER_LOG_LEVEL=debug shows where it comes from.",
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"
