"""A rejected page: the input's bytes, key and headers unchanged, and the why in headers of our own.

The record must fit its topic whatever the input was: a rejected topic that rejects is a crash loop.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath

from schemas import ContractError, RejectReason
from worker.extract.errors import PageError
from worker.ops.names import Stage
from worker.stream.guarantee import Message, Record

MESSAGE_CHARACTERS = 500
"""Longest ``rejected-message``."""

TRUNCATED_BYTES = 64 * 1024
"""What is kept of a value that is too large to copy."""

HEADER_BYTES = 12
"""What a header takes beside its name and value: two lengths."""

RECORD_BYTES = 256
"""What a record and its batch take beside key, value and headers (Kafka: under 100)."""

OUR_HEADERS = frozenset(
    f"rejected-{name}"
    for name in (
        "reason",
        "stage",
        "message",
        "error-class",
        "topic",
        "partition",
        "offset",
        "timestamp",
        "at",
        "by",
        "attempts",
        "truncated",
        "null-value",
    )
)
"""Names that are ours: a replayed page brings them along from its last rejection, and they are written anew."""

_FOREIGN = {Stage.SPLIT: RejectReason.INVALID_ENVELOPE, Stage.DEDUPE: RejectReason.INVALID_SPLIT_PAGE}


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a stage could not use a record."""

    reason: RejectReason
    message: str
    """A sentence for people, without text of the page."""
    error_class: str
    """Class of the error."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where rejected pages go and who rejects them."""

    topic: str
    """The rejected topic's name on the cluster."""
    max_bytes: int
    """Largest record that it takes."""
    stage: Stage
    by: str
    """Version and host."""


def rejection(error: Exception, stage: Stage) -> Rejection:
    """Return what an error says about the page that raised it. Pure, total.

    Whatever is neither a `PageError` nor a `ContractError` is a bug of ours: ``internal``, and the message
    names the place in the code, since the error's own text may hold text of the page.
    """
    match error:
        case PageError():
            reason, message = error.reason, str(error)
        case ContractError():
            reason, message = _FOREIGN[stage], str(error)
        case _:
            reason, message = RejectReason.INTERNAL, _place(error)
    return Rejection(reason, message[:MESSAGE_CHARACTERS], type(error).__name__)


def rejected(record: Record, why: Rejection, desk: Desk, now: datetime) -> Message:
    """Return the record for the rejected topic. Pure, total.

    Args:
        record: The input.
        why: Its rejection.
        desk: Where it goes.
        now: The time of the rejection, UTC.

    Returns:
        The input's bytes with the why in headers; cut to `TRUNCATED_BYTES` and marked where they don't fit.
        A record with neither key nor value gets an empty value, and ``rejected-null-value``.
    """
    theirs = tuple((name, value) for name, value in record.headers if name not in OUR_HEADERS)
    ours = _headers(record, why, desk, now)
    if record.key is None and record.value is None:  # the client sends no record that has neither
        return Message(desk.topic, None, b"", (*theirs, *ours, ("rejected-null-value", b"true")))
    whole = Message(desk.topic, record.key, record.value, theirs + ours)
    if size(whole) <= desk.max_bytes:
        return whole
    return _cut(record, theirs, (*ours, ("rejected-truncated", b"true")), desk)


def size(message: Message) -> int:
    """Return the bytes that a message takes at most, uncompressed. Pure."""
    return RECORD_BYTES + len(message.key or b"") + len(message.value or b"") + _header_bytes(message.headers)


def _cut(
    record: Record, theirs: tuple[tuple[str, bytes], ...], ours: tuple[tuple[str, bytes], ...], desk: Desk
) -> Message:
    """Return what fits of the input: less of the value, then no headers of the sender, then no key."""
    value = record.value[:TRUNCATED_BYTES] if record.value is not None else None
    cut = Message(desk.topic, record.key, value, theirs + ours)
    if size(cut) > desk.max_bytes:
        cut = Message(desk.topic, record.key, value, ours)
    if size(cut) > desk.max_bytes:
        cut = Message(desk.topic, None, value, ours)
    return cut


def _headers(record: Record, why: Rejection, desk: Desk, now: datetime) -> tuple[tuple[str, bytes], ...]:
    values = {
        "reason": why.reason,
        "stage": desk.stage,
        "message": why.message,
        "error-class": why.error_class,
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": _rfc3339(datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)),
        "at": _rfc3339(now),
        "by": desk.by,
        "attempts": str(_attempts(record)),
    }
    return tuple((f"rejected-{name}", value.encode(errors="replace")) for name, value in values.items())


def _attempts(record: Record) -> int:
    """Return how often this page was tried: what a replay says, else 1."""
    given = [value for name, value in record.headers if name == "rejected-attempts" and value and value.isdigit()]
    return int(given[-1][:6]) if given else 1


def _header_bytes(headers: Iterable[tuple[str, bytes | None]]) -> int:
    # Asked for every message: a list, and no copy of the names that are ASCII, take half the time.
    return sum(
        [
            (len(name) if name.isascii() else len(name.encode())) + len(value or b"") + HEADER_BYTES
            for name, value in headers
        ]
    )


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _place(error: Exception) -> str:
    """Name the innermost place of our own code that the error passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((f for f in reversed(frames) if "/worker/" in f.filename or "/schemas/" in f.filename), None)
    place = place or (frames[-1] if frames else None)
    where = f"{PurePath(place.filename).name}:{place.lineno} in {place.name}" if place else "an unknown place"
    return f"an error that nobody foresaw, at {where}"
