"""The demo's processes: an embedded broker and a worker, started together and ended whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.cli.broker import HOST, EmbeddedBroker
from worker.cli.child import end_with_parent
from worker.cli.failures import CommandError
from worker.ops.exits import ExitCode
from worker.ops.loading import load
from worker.ops.names import ENV_PREFIX
from worker.ops.settings import Settings

READY_SECONDS = 60.0
"""How long the worker may take to be ready: 3 s on an idle machine, 17 on one with two busy cores."""

STOP_SECONDS = 15.0
"""How long the worker may take to stop."""

PARTITIONS = 4
"""Of each topic: enough to show that order holds by site, few enough to start at once."""

LOG_LINES = 15
"""Lines of a log that are shown when its process failed."""


class Scene:
    """A broker and a worker on free loopback ports. Use as a context manager: both end with the block.

    Their logs are kept where something failed, and removed otherwise.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsworker-demo-"))
        self.broker = EmbeddedBroker(log=self.folder / "broker.log")
        self.http = f"{HOST}:{_free_port()}"
        self._worker: subprocess.Popen[bytes] | None = None
        self._settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """Return the worker's settings: the demo's own, whatever the environment says."""
        if self._settings is None:
            for name in [name for name in os.environ if name.upper().startswith(ENV_PREFIX)]:
                del os.environ[name]
            os.environ |= {
                f"{ENV_PREFIX}KAFKA_BOOTSTRAP": self.broker.bootstrap,
                f"{ENV_PREFIX}HTTP_BIND": self.http,
                f"{ENV_PREFIX}ENVIRONMENT": "demo",
                f"{ENV_PREFIX}DECISIONS": "true",
                f"{ENV_PREFIX}COMMIT_INTERVAL_SECONDS": "0.3",
            }
            self._settings = load()
        return self._settings

    async def start(self) -> None:
        """Start the broker, make the topics, start the worker and wait until it is ready.

        Raises:
            BrokerUnavailable: The embedded broker can't be had.
            CommandError: The worker ended, or is not ready in time.
        """
        self.broker.start()  # not in a thread: a signal in between must not leave it behind
        await _make_topics(self.settings)
        self._worker = self._started_worker()
        await self._ready()

    def url(self, path: str) -> str:
        """Return an address of the worker's own server."""
        return f"http://{self.http}{path}"

    async def guarantee(self) -> str:
        """Return the guarantee that the worker says it keeps."""
        answer = await asyncio.to_thread(_get, self.url("/status"))
        status = json.loads(answer or b"{}")
        return str(status.get("stages", {}).get("dedupe", {}).get("guarantee", "unknown"))

    def check(self) -> None:
        """Make sure that the worker is still there.

        Raises:
            CommandError: It ended; the message holds its last lines.
        """
        code = self._worker.poll() if self._worker is not None else None
        if code is not None:
            raise CommandError(f"the worker ended with {code}:\n{self._last_lines()}", ExitCode.UNFORESEEN)

    @property
    def worker_log(self) -> Path:
        """Return where the worker's output goes."""
        return self.folder / "worker.log"

    def stop(self) -> int | None:
        """End both, the worker in order; return its exit code. Idempotent."""
        worker, self._worker = self._worker, None
        try:
            return None if worker is None else _ended(worker)
        finally:
            self.broker.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        if kind is None or not issubclass(kind, Exception):
            shutil.rmtree(self.folder, ignore_errors=True)

    def _started_worker(self) -> subprocess.Popen[bytes]:
        with self.worker_log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "worker", "run"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the demo, which then stops the worker
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one call into libc, no lock
            )

    async def _ready(self) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                while await asyncio.to_thread(_get, self.url("/readyz")) is None:
                    self.check()
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise CommandError(
                f"the worker is not ready after {READY_SECONDS:.0f} s:\n{self._last_lines()}", ExitCode.UNAVAILABLE
            ) from None

    def _last_lines(self) -> str:
        lines = self.worker_log.read_text(errors="replace").splitlines()
        return "\n".join((*lines[-LOG_LINES:], f"(all of it is in {self.folder})"))


async def _make_topics(settings: Settings) -> None:
    from worker.ops.admin import admin, apply, described  # noqa: PLC0415 - the Kafka client takes a while
    from worker.ops.topics import plan, wanted  # noqa: PLC0415 - as above

    wants = wanted(settings, PARTITIONS)
    async with admin(settings) as client:
        await apply(client, plan(wants, await described(client, (want.name for want in wants))))


def _ended(worker: subprocess.Popen[bytes]) -> int:
    """Ask the worker to stop, and end it where it does not."""
    with contextlib.suppress(ProcessLookupError):
        worker.send_signal(signal.SIGTERM)
    try:
        return worker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        return worker.wait()


def _get(url: str) -> bytes | None:
    """Return what the worker answers; None where it refuses or does not."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy of the machine is not asked
    try:
        with opener.open(url, timeout=2.0) as answer:
            return bytes(answer.read())
    except OSError:
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
