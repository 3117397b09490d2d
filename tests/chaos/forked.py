"""A worker forked from a server that has its imports: a start costs a tenth of the CPU.

For runs of hundreds of kills: a worker that is killed while it still imports proves nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.kafka.broker import end_with_parent

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["tests.chaos.app", "worker.cli.main", "worker.cli.run", "worker.stream.service"])


class Forked:
    """One such worker, with the part of `subprocess.Popen` that the fleet uses.

    Args:
        command: The module after ``-m`` is run with what comes after it.
        environment: As for `subprocess.Popen`, on top of this process's own.
        log: Output is appended to it.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        module = command[command.index("-m") + 1 :]
        self._process = _server.Process(target=_work, args=(list(module), dict(environment), str(log)))
        self._process.start()

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self._process.pid is not None and self.poll() is None:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return the exit code.

        Raises:
            TimeoutExpired: It did not end in time.
        """
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("forked worker", timeout or 0.0)
        return code


def _work(module: list[str], environment: Mapping[str, str], log: str) -> None:
    end_with_parent()
    out = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.environ.update(environment)
    sys.argv = ["forked", *module[1:]]
    try:
        runpy.run_module(module[0], run_name="__main__")
    finally:
        sys.stdout.flush()
