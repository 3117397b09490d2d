"""Rejected pages read back: what stands in the headers, which of them are meant, and what to send in again.

Pure. A page goes back as it came: key, value and its own headers unchanged, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from schemas import ContractError, RawPage, SplitPage, decode
from schemas.rejected import RejectReason
from worker.extract import Limits, split_page
from worker.ops.names import Stage
from worker.stream.guarantee import Message, Record
from worker.stream.rejected import OUR_HEADERS, Rejection, rejection
from worker.stream.wire import raw_page

MOST_ATTEMPTS = 3
"""A page that was tried so often is not sent in again: today's code does not take it either."""


@dataclass(frozen=True)
class RejectedPage:
    """One record of the rejected topic."""

    record: Record

    @cached_property
    def _ours(self) -> Mapping[str, str]:
        """What the stage that rejected it wrote, by name without ``rejected-``."""
        return {
            name.removeprefix("rejected-"): value.decode("utf-8", "replace")
            for name, value in self.record.headers
            if name in OUR_HEADERS and value is not None
        }

    @property
    def place(self) -> str:
        """``PARTITION:OFFSET`` in the rejected topic."""
        return f"{self.record.partition}:{self.record.offset}"

    @property
    def reason(self) -> str:
        """Why it was rejected."""
        return self._ours.get("reason", "")

    @property
    def stage(self) -> str:
        """Who rejected it; of ``dedupe`` the value is a split page."""
        return self._ours.get("stage", "")

    @property
    def message(self) -> str:
        """The why as a sentence."""
        return self._ours.get("message", "")

    @property
    def by(self) -> str:
        """Version and host of the worker that rejected it."""
        return self._ours.get("by", "")

    @property
    def version(self) -> str:
        """Version of the worker that rejected it; empty where the record doesn't say."""
        found = re.match(r"newsworker/(\S+)", self.by)
        return found.group(1) if found else ""

    @property
    def attempts(self) -> int:
        """How often it was tried."""
        given = self._ours.get("attempts", "1")
        return int(given) if given.isdigit() else 1

    @property
    def is_truncated(self) -> bool:
        """Whether only the head of its value was kept: then it can't be sent in again."""
        return self._ours.get("truncated") == "true"

    @property
    def topic(self) -> str:
        """The topic on which it lay, as it is called on the cluster."""
        return self._ours.get("topic", "")

    @property
    def origin(self) -> str:
        """``TOPIC/PARTITION:OFFSET`` of the input."""
        return f"{self.topic}/{self._ours.get('partition', '?')}:{self._ours.get('offset', '?')}"

    @property
    def received_ms(self) -> int | None:
        """Timestamp of the input, milliseconds since 1970; None where the record doesn't say."""
        try:
            return int(datetime.fromisoformat(self._ours["timestamp"]).timestamp() * 1000)
        except (KeyError, ValueError, OverflowError):
            return None

    def theirs(self) -> tuple[tuple[str, bytes], ...]:
        """Return the headers that the input had."""
        return tuple((name, value) for name, value in self.record.headers if name not in OUR_HEADERS)


def judged(page: RejectedPage, limits: Limits) -> Rejection | None:
    """Return why today's code would reject the page again; None where it takes it. Total.

    Of a split page only the contract can be judged: the rest needs the state.
    """
    stage = Stage.DEDUPE if page.stage == Stage.DEDUPE else Stage.SPLIT
    try:
        if stage is Stage.DEDUPE:
            decode(SplitPage, page.record.value)
        else:
            split_page(raw(page), limits)
    except Exception as error:  # noqa: BLE001 - pure code: whatever it raises is about this page
        return rejection(error, stage)
    return None


def raw(page: RejectedPage) -> RawPage:
    """Return the raw page that was rejected.

    Raises:
        ContractError: It is none, or only its head was kept.
    """
    if page.is_truncated:
        raise ContractError("only the head of this page was kept")
    original = page.record
    return raw_page(
        Record(
            original.topic,
            original.partition,
            original.offset,
            original.timestamp_ms,
            None,
            original.value,
            page.theirs(),
        )
    )


def again(page: RejectedPage, topic: str | None = None) -> Message:
    """Return what sends the page in again: as it came, tried once more. Pure.

    Args:
        page: The page.
        topic: Where to; None stands for where it came from.
    """
    attempts = ("rejected-attempts", str(page.attempts + 1).encode())
    return Message(
        topic or page.topic,
        page.record.key,
        page.record.value,
        (*page.theirs(), attempts),
        timestamp_ms=page.received_ms,
    )


def refusal(page: RejectedPage, *, is_forced: bool) -> str | None:
    """Return why the page is not sent in again; None where it may be. Pure."""
    if page.is_truncated:
        return "truncated"
    if not page.topic:
        return "no_origin"
    if page.reason == RejectReason.QUARANTINED and not is_forced:
        return "quarantined"
    if page.attempts >= MOST_ATTEMPTS and not is_forced:
        return "attempts"
    return None
