"""A real worker process for a test: started, asked how it is, stopped or killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

WAIT_SECONDS = 60.0
"""How long anything may take that a test waits for."""

STEP_SECONDS = 0.1


class Worker:
    """`newsworker run` as a process. Use as a context manager; it is killed at the end if it still runs.

    Args:
        folder: Where its output goes.
        arguments: Of `run`.
        environment: Settings by name, the prefix included.
    """

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.bind = f"127.0.0.1:{probe.getsockname()[1]}"
        self.log = folder / f"worker-{self.bind.rpartition(':')[2]}.log"
        bare = {name: value for name, value in os.environ.items() if not name.startswith("NEWSWORKER_")}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "worker", "run", *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=bare | {"NEWSWORKER_HTTP_BIND": self.bind} | environment,
            )

    def ask(self, path: str) -> tuple[int, str]:
        """Return status and body; status 0 where it doesn't listen."""
        try:
            with urllib.request.urlopen(f"http://{self.bind}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def failing(self, path: str) -> list[str]:
        """Return the names of the failing checks."""
        status, body = self.ask(path)
        return [check["name"] for check in json.loads(body)["checks"] if not check["ok"]] if status else ["no answer"]

    def value(self, name: str, **labels: str) -> float:
        """Return a metric, summed over all series that have these labels."""
        total = 0.0
        for line in self.ask("/metrics")[1].splitlines():
            head, _, number = line.rpartition(" ")
            if head.partition("{")[0] == name and all(f'{key}="{value}"' in head for key, value in labels.items()):
                total += float(number)
        return total

    def until(self, what: object, told: str) -> None:
        """Wait until a condition holds.

        Raises:
            AssertionError: It does not in time, or the process ended; the message has its last lines.
        """
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            if what():  # type: ignore[operator]
                return
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode} before {told}: {self.tail()}")
            time.sleep(STEP_SECONDS)
        raise AssertionError(f"not {told} after {WAIT_SECONDS} s: {self.ask('/status')[1]} {self.tail()}")

    def ready(self) -> None:
        """Wait until it does its share."""
        self.until(lambda: self.ask("/readyz")[0] == 200, "ready")

    def stop(self) -> int:
        """End it as a supervisor does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_SECONDS)

    def tail(self, characters: int = 3_000) -> str:
        """Return the end of its output."""
        return self.log.read_text(errors="replace")[-characters:]

    def lines(self) -> list[dict[str, object]]:
        """Return its log lines."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
