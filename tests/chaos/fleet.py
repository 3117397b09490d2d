"""The workers of a run: started, hit, and started again as a supervisor would. Ends only its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.kafka.broker import end_with_parent

ROOT = Path(__file__).resolve().parents[2]
RESTART_SECONDS = 0.3
END_SECONDS = 40.0


class Process(Protocol):
    """What the fleet does to a process: a part of `subprocess.Popen`."""

    def send_signal(self, number: int, /) -> None:
        """Send a signal."""

    def kill(self) -> None:
        """End it as a power failure would."""

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return the exit code."""


Start = Callable[[Mapping[str, str], Path], Process]
"""Starts a worker with an environment; its output is appended to a file."""


def started(command: Sequence[str]) -> Start:
    """Return what starts a command."""

    def start(environment: Mapping[str, str], log: Path) -> Process:
        with log.open("ab") as out:
            return subprocess.Popen(
                command,
                env={**os.environ, "PYTHONFAULTHANDLER": "1", **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=ROOT,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one call, no lock
            )

    return start


@dataclass(slots=True)
class Worker:
    """One place in the fleet: its process changes, its log goes on."""

    number: int
    process: Process
    ended_at: float | None = None


@dataclass(slots=True)
class Fleet:
    """Workers of one run.

    Args:
        begin: What the worker at a place is started with.
        environment: What the worker at a place is started with, asked at each start: worker 0 may reach the
            brokers by another way, and a replacement needs ports of its own.
        folder: Where the logs go.
    """

    begin: Callable[[int], Start]
    environment: Callable[[int], Mapping[str, str]]
    folder: Path
    workers: list[Worker] = field(default_factory=list)
    zombies: dict[Process, float | None] = field(default_factory=dict)
    """Frozen workers; once thawed, with the time at which they are ended."""
    exits: Counter[str] = field(default_factory=Counter)
    """Ends by themselves, by exit code; a zombie's are marked."""
    hung: int = 0
    """Workers that did not end within `END_SECONDS` of a SIGTERM."""

    def start(self) -> Worker:
        """Start one more worker."""
        worker = Worker(len(self.workers), self._process(len(self.workers)))
        self.workers.append(worker)
        return worker

    def kill(self, number: int) -> None:
        """End a worker as a power failure would, and start it again."""
        worker = self.workers[number]
        worker.process.kill()
        worker.process.wait()
        worker.process = self._process(number)

    def stop(self, number: int) -> None:
        """End a worker in order, and start it again."""
        worker = self.workers[number]
        self.end(worker.process)
        worker.process = self._process(number)

    def freeze(self, number: int) -> Process:
        """Stop a worker's clock, put another in its place, and return the frozen one for `thaw`."""
        worker = self.workers[number]
        frozen = worker.process
        frozen.send_signal(signal.SIGSTOP)
        worker.process = self._process(number)
        self.zombies[frozen] = None
        return frozen

    def thaw(self, frozen: Process, seconds: float) -> None:
        """Let a frozen worker go on; `supervise` sees it end by itself, or ends it after ``seconds``."""
        frozen.send_signal(signal.SIGCONT)
        self.zombies[frozen] = time.monotonic() + seconds

    def leave(self, worker: Worker) -> None:
        """End a worker for good."""
        self.end(worker.process)
        self.workers.remove(worker)

    def supervise(self) -> None:
        """Start again what ended by itself, and see to the zombies."""
        now = time.monotonic()
        for zombie, until in list(self.zombies.items()):
            code = zombie.poll()
            if code is not None or (until is not None and now > until):
                self.exits[f"zombie {'alive' if code is None else code}"] += 1
                del self.zombies[zombie]
                if code is None:
                    self.end(zombie)
        for worker in self.workers:
            code = worker.process.poll()
            if code is None:
                continue
            if worker.ended_at is None:
                worker.ended_at = now
                self.exits[str(code)] += 1
            elif now - worker.ended_at >= RESTART_SECONDS:
                worker.process, worker.ended_at = self._process(worker.number), None

    def end(self, process: Process) -> None:
        """Ask a process to end; by force after `END_SECONDS`, which is counted."""
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.hung += 1
            process.kill()
            process.wait()

    def close(self) -> None:
        """End every worker."""
        for frozen in self.zombies:
            frozen.kill()
            frozen.wait()
        for worker in self.workers:
            if worker.process.poll() is None:
                self.end(worker.process)

    def log(self, number: int) -> Path:
        """Return where a worker's output goes."""
        return self.folder / f"worker{number}.log"

    def _process(self, number: int) -> Process:
        log = self.log(number)
        with log.open("ab") as out:
            out.write(f"=== start {time.time():.3f}\n".encode())
        return self.begin(number)(self.environment(number), log)


LAYER_WORKER = (sys.executable, "-m", "tests.chaos.app")
