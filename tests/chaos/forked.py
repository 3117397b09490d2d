"""The small worker forked from a server that has its imports: a start costs a tenth of the CPU.

For runs of hundreds of kills: a worker that is killed while it still imports proves nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.kafka.broker import end_with_parent

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["tests.chaos.app"])


class Forked:
    """One such worker, with the part of `subprocess.Popen` that the fleet uses."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._process = _server.Process(target=_work, args=(dict(environment), str(log)), daemon=True)
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


def _work(environment: Mapping[str, str], log: str) -> None:
    end_with_parent()
    out = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.environ.update(environment)
    from tests.chaos.app import work  # noqa: PLC0415 - imported by the server before; here only named

    try:
        work()
    finally:
        sys.stdout.flush()
