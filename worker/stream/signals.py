"""Asking the worker to stop: the first signal drains, the second ends the process at once.

Python's own handlers, not the loop's: they come through also where the loop is busy, and the deadline is a
thread's, so that a loop that hangs does not outlive it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from types import FrameType

from worker.ops.exits import ExitCode

OVERTIME_SECONDS = 1.0
"""The layers end the process at the deadline themselves; the thread does it where they can't."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopping:
    """Turns signals into an event of the loop.

    Args:
        loop: The worker's loop.
        drain_seconds: How long the drain may take.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, drain_seconds: float) -> None:
        self.asked = asyncio.Event()
        """Set in the loop after the first signal."""
        self._loop, self._drain_seconds = loop, drain_seconds
        self._deadline: threading.Timer | None = None

    def listen(self) -> None:
        """Take the signals over; only in the main thread."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._deadline is not None:
            os._exit(ExitCode.UNAVAILABLE)
        self._deadline = threading.Timer(self._drain_seconds + OVERTIME_SECONDS, os._exit, (ExitCode.UNAVAILABLE,))
        self._deadline.daemon = True
        self._deadline.start()
        self._loop.call_soon_threadsafe(self.asked.set)
