"""Running Faust apps in one process, and ending it: the stop path is ours, not Faust's.

A Faust worker that gets SIGTERM while its join is pending does not end within 30 s. Here the layers commit
and give back first, then the apps get what is left of the drain time, then the process ends at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from worker.stream.guarantee.faust_app import App
from worker.stream.guarantee.layer import GAVE_UP, Layer, Leave, leave

log = logging.getLogger(__name__)

LEAVE_SECONDS = 5.0
"""What the apps get to leave their groups once everything is committed. A member that does not get to it is
missed after the session timeout; waiting for longer than that gains nothing."""


@dataclass(frozen=True, slots=True)
class Running:
    """One stage: its app and its layer."""

    app: App
    layer: Layer


async def run(stages: Sequence[Running], stop: asyncio.Event, *, drain_seconds: float, leave: Leave = leave) -> None:
    """Run the stages until ``stop`` is set, then commit what is whole, leave the groups and return.

    Ends the process with 75 if an app crashes or the drain takes too long: what was not committed is read again.

    Args:
        stages: Apps with their layers, not yet started.
        stop: Set by whoever handles the signals.
        drain_seconds: From ``stop`` to the end at the latest.
        leave: Ends the process; for tests.
    """
    stopping = asyncio.create_task(stop.wait())
    starting = asyncio.create_task(_start(stages))
    await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        starting.cancel()  # a start may wait for the broker; nothing is claimed that would have to be committed
        await asyncio.wait([starting])
    else:
        await starting
        await _run_until_stopped(stages, stopping, leave)
    await _drain(stages, drain_seconds, leave)


async def _start(stages: Sequence[Running]) -> None:
    for stage in stages:
        stage.app.finalize()
        stage.layer.begin()
    await asyncio.gather(*(stage.app.start() for stage in stages))


async def _run_until_stopped(stages: Sequence[Running], stopping: asyncio.Task[bool], leave: Leave) -> None:
    crashes = [asyncio.create_task(stage.app.wait_until_stopped()) for stage in stages]
    await asyncio.wait([*crashes, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not stopping.done():
        reason = next((repr(stage.app.crash_reason) for stage in stages if stage.app.crashed), "stopped")
        log.critical("guarantee: a Faust app ended by itself", extra={"reason": reason})
        leave(GAVE_UP)


async def _drain(stages: Sequence[Running], drain_seconds: float, leave: Leave) -> None:
    until = time.monotonic() + drain_seconds
    try:
        async with asyncio.timeout(drain_seconds):
            await asyncio.gather(*(stage.layer.close() for stage in stages))
    except TimeoutError:
        log.critical("guarantee: not everything is committed after the drain time", extra={"seconds": drain_seconds})
        leave(GAVE_UP)
    try:
        async with asyncio.timeout(max(1.0, min(LEAVE_SECONDS, until - time.monotonic()))):
            await asyncio.gather(*(stage.app.stop() for stage in stages))
    except TimeoutError:
        # Everything is committed and stored; only the group has to find out by itself that we left.
        log.warning("guarantee: the group did not let go in time", extra={"seconds": LEAVE_SECONDS})
