"""The processes of a scene: worker, Prometheus, Alertmanager. Each ends with the one that started it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.deploy.tools import tool
from tests.kafka.broker import end_with_parent

READY_SECONDS = 60.0
END_SECONDS = 45.0


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A process with a log and an HTTP port on loopback."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.name, self._command, self._env = name, list(command), {**os.environ, **(env or {})}
        self._log = folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; whoever needs it waits by `until_ready`."""
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                self._command, env=self._env, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                start_new_session=True, preexec_fn=end_with_parent,  # noqa: PLW1509 - one call into libc
            )  # fmt: skip

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, where it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def stop(self) -> int | None:
        """End it in order, by force after `END_SECONDS`; return its code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power failure would."""
        self._end(signal.SIGKILL)

    def code(self) -> int | None:
        """Return its exit code; None while it runs."""
        return None if self.process is None else self.process.poll()

    def tail(self) -> str:
        """Return the end of its log."""
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""

    def until(self, url: str) -> None:
        """Wait until a URL answers 200.

        Raises:
            RuntimeError: It did not in time; the message holds the log's end.
        """
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"{self.name}: {url} is not well after {READY_SECONDS} s\n{self.tail()}")

    def _end(self, number: signal.Signals) -> int | None:
        if self.process is None:
            return None
        self.signal(signal.SIGCONT)
        self.signal(number)
        try:
            return self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


class Worker(Process):
    """One `newsworker run`."""

    def __init__(
        self, name: str, folder: Path, env: Mapping[str, str], stages: str = "split,dedupe", module: str = "worker"
    ) -> None:
        self.target = f"127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", module, "run", "--stages", stages]
        super().__init__(name, command, folder, {**env, "NEWSWORKER_HTTP_BIND": self.target})

    def until_ready(self) -> None:
        """Wait until it does its share."""
        self.until(f"http://{self.target}/readyz")

    def is_ready(self) -> bool:
        """Tell whether it does its share now."""
        try:
            with urllib.request.urlopen(f"http://{self.target}/readyz", timeout=2):
                return True
        except OSError:
            return False


class Alertmanager(Process):
    """Debian's Alertmanager with our routes; nobody is told."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        super().__init__(
            "alertmanager",
            [
                tool("prometheus-alertmanager"), f"--config.file={config}", f"--storage.path={folder / 'alertmanager'}",
                f"--web.listen-address={self.address}", "--cluster.listen-address=",
            ],
            folder,
        )  # fmt: skip

    def until_ready(self) -> None:
        """Wait until it takes alerts."""
        self.until(f"http://{self.address}/-/ready")

    def alerts(self) -> list[dict[str, Any]]:
        """Return the active alerts, as `amtool alert query` tells them."""
        done = subprocess.run(
            [tool("amtool"), "alert", "query", f"--alertmanager.url=http://{self.address}", "-o", "json"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return list(json.loads(done.stdout))


class Prometheus(Process):
    """Debian's Prometheus."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        super().__init__(
            "prometheus",
            [
                tool("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={folder / 'prometheus'}",
                f"--web.listen-address={self.address}", "--log.level=warn",
            ],
            folder,
        )  # fmt: skip

    def until_ready(self) -> None:
        """Wait until it answers queries."""
        self.until(f"http://{self.address}/-/ready")

    def query(self, expr: str) -> list[dict[str, Any]]:
        """Return the series that answer a query now.

        Raises:
            AssertionError: Prometheus refuses the query.
        """
        url = f"http://{self.address}/api/v1/query?{urllib.parse.urlencode({'query': expr})}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                result = json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expr}: {error.read().decode()}") from error
        return [result] if result["resultType"] == "scalar" else list(result["result"])
