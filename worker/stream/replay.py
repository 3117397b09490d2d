"""Sending rejected pages in again: bounded, at a rate, harmless to repeat (same ids; `dedupe` drops what it knows)."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError

from worker.ops.access import refusal as missing_right
from worker.stream.guarantee import Message
from worker.stream.rejected import Rejection
from worker.stream.rejected_pages import RejectedPage, again, refusal

Send = Callable[[Message], Awaitable[object]]
"""Sends one message and returns when the broker has it."""

Judge = Callable[[RejectedPage], Awaitable[Rejection | None]]
"""Says why today's code would reject a page again; None where it takes it."""


@dataclass(slots=True)
class Summary:
    """What a replay did, or would do."""

    is_dry: bool
    selected: int = 0
    sent: int = 0
    """Of a dry run: would be sent."""

    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """By why."""

    taken: int | None = None
    """Of a dry run: pages that today's code takes."""

    refused: Counter[str] = field(default_factory=Counter)
    """Of a dry run: pages that it would reject again, by reason."""

    def as_json(self) -> dict[str, object]:
        """Return the line that a replay ends with."""
        line: dict[str, object] = {
            "dry_run": self.is_dry,
            "selected": self.selected,
            "would_send" if self.is_dry else "sent": self.sent,
            "skipped": dict(self.skipped),
            "failed": self.failed,
        }
        if self.is_dry:
            line |= {"would_be_accepted": self.taken or 0, "would_be_rejected": dict(self.refused)}
        return line


@dataclass(frozen=True, slots=True)
class Pace:
    """Keeps a rate: each step comes at the earliest when it is its turn.

    Args:
        per_second: Steps a second.
        clock: Seconds, from any beginning.
        sleep: Waits so many seconds.
    """

    per_second: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def turns(self) -> AsyncIterator[int]:
        """Give 0, 1, 2, ... at the rate, without end."""
        began, n = self.clock(), 0
        while True:
            wait = began + n / self.per_second - self.clock()
            if wait > 0:
                await self.sleep(wait)
            yield n
            n += 1


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a replay, beside the pages."""

    topic: str | None = None
    """Where to; None stands for where each page came from."""

    limit: int | None = None
    """Pages to send at most."""

    is_forced: bool = False
    """Also those that were tried too often, or ended a process."""


async def rehearse(pages: AsyncIterator[RejectedPage], judge: Judge, order: Order) -> Summary:
    """Do everything but send: tell what would be sent, and what today's code would do with it."""
    summary = Summary(is_dry=True, taken=0)
    async for page in _willing(pages, summary, order):
        summary.sent += 1
        why = await judge(page)
        if why is None:
            summary.taken = (summary.taken or 0) + 1
        else:
            summary.refused[why.reason] += 1
    return summary


async def replay(pages: AsyncIterator[RejectedPage], send: Send, pace: Pace, order: Order) -> Summary:
    """Send the pages in again and tell what became of them. A failed send is counted, and the next one tried.

    Args:
        pages: The selected ones.
        send: Sends one.
        pace: How fast.
        order: Where to, how many, which.

    Raises:
        KafkaError: The broker does not let us write: no page would get through.
    """
    summary = Summary(is_dry=False)
    turns = pace.turns()
    async for page in _willing(pages, summary, order):
        await anext(turns)
        try:
            await send(again(page, order.topic))
        except (KafkaError, TimeoutError) as error:
            if missing_right(error) is not None:
                raise
            summary.failed += 1
        else:
            summary.sent += 1
    return summary


async def _willing(pages: AsyncIterator[RejectedPage], summary: Summary, order: Order) -> AsyncIterator[RejectedPage]:
    """Give the pages that may be sent in again, as many as asked for; count the others."""
    given = 0
    async for page in pages:
        if order.limit is not None and given >= order.limit:
            return
        summary.selected += 1
        why = refusal(page, is_forced=order.is_forced)
        if why is not None:
            summary.skipped[why] += 1
            continue
        given += 1
        yield page
