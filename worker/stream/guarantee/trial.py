"""Trying records out in a spawned child, where one that kills the interpreter harms nobody.

Only a record that alone kills a child of its own is named: a child that dies on its way through many may
have died of what came before.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess

from worker.stream.guarantee.records import Record

END_SECONDS = 5.0

RETIRE_SECONDS = 30.0
"""A child is kept for so long after the last record: a worker claims its partitions within seconds."""


class SpawnedTrial:
    """A `Trial` that does ``work`` on each record in a child process.

    A child costs one interpreter with the imports of ``work`` (1 to 2 s of CPU): it serves all claims that
    come close together, one after the other. A suspect gets one of its own.

    Args:
        work: What the handler would do: importable by name, so that a spawned child finds it. What it
            returns or raises does not count, only whether the child survives it.
        retire_seconds: How long an idle child is kept.
    """

    def __init__(self, work: Callable[[Record], object], *, retire_seconds: float = RETIRE_SECONDS) -> None:
        self._work, self._retire_seconds = work, retire_seconds
        self._trials = 0
        """Calls that wait for an answer."""
        self._child: _Child | None = None
        self._thread = ThreadPoolExecutor(1, "trial")
        """All that waits for a child does so here, one after the other."""
        self._retiring: asyncio.TimerHandle | None = None

    async def __call__(self, records: Sequence[Record]) -> frozenset[int]:
        """Return the offsets of the records that alone kill a child; without records, only start one."""
        if self._retiring is not None:
            self._retiring.cancel()
        loop, self._trials = asyncio.get_running_loop(), self._trials + 1
        try:
            return await loop.run_in_executor(self._thread, self._try_all, tuple(records))
        finally:
            self._trials -= 1
            if not self._trials:  # a start may take longer than that, and nobody retires a child that is at work
                self._retiring = loop.call_later(self._retire_seconds, self._thread.submit, self.close)

    def close(self) -> None:
        """End the child, if one is kept. Idempotent."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _try_all(self, records: Sequence[Record]) -> frozenset[int]:
        if self._child is None:
            self._child = _Child(self._work)
        return frozenset(record.offset for record in records if not self._survives(record))

    def _survives(self, record: Record) -> bool:
        if self._child is None:
            self._child = _Child(self._work)
        if self._child.survives(record):
            return True
        self.close()
        alone = _Child(self._work)
        is_harmless = alone.survives(record)
        if is_harmless:
            self._child = alone
        else:
            alone.end()
        return is_harmless


class _Child:
    """One spawned process that works on what it is sent."""

    def __init__(self, work: Callable[[Record], object]) -> None:
        context: SpawnContext = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(far, work), daemon=True)
        self._process.start()
        far.close()

    def survives(self, record: Record) -> bool:
        """Tell whether the child is still there after its work on ``record``."""
        try:
            self._pipe.send(record)
            self._pipe.recv()
        except (EOFError, OSError):  # its end of the pipe closed: it died
            return False
        return True

    def end(self) -> None:
        """End the child, which may be dead already."""
        self._pipe.close()
        self._process.join(END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(pipe: Connection, work: Callable[[Record], object]) -> None:
    """Work until the other end closes."""
    while True:
        try:
            record = pipe.recv()
        except EOFError:
            return
        with contextlib.suppress(Exception):  # the handler makes it a rejected page; here only survival counts
            work(record)
        pipe.send(True)  # noqa: FBT003 - an answer, whatever it says
