"""Apache Kafka as JVM processes: format, start, wait, stop, kill, freeze, restart.

KRaft in combined mode: every node is broker and controller. Small heaps and the quick compiler keep
a start at two or three seconds on two cores. Only this module starts or ends brokers, by process id.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.kafka.jars import classpath, java

HEAP = "256m"
START_SECONDS = 60.0
STOP_SECONDS = 20.0

JVM = (
    f"-Xmx{HEAP}",
    "-Xms64m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
)

PR_SET_PDEATHSIG = 1

PROTOCOLS = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,SASL_PLAINTEXT:SASL_PLAINTEXT"

SMALL = {
    "group.initial.rebalance.delay.ms": "0",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.num.partitions": "1",
    "auto.create.topics.enable": "false",
    "num.partitions": "1",
    "num.network.threads": "2",
    "num.io.threads": "2",
    "log.cleaner.enable": "false",
    "log.flush.interval.messages": "9223372036854775807",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    "group.min.session.timeout.ms": "2000",
    "controller.quorum.election.timeout.ms": "1000",
    "controller.quorum.fetch.timeout.ms": "2000",
    "broker.session.timeout.ms": "6000",
    "broker.heartbeat.interval.ms": "1000",
    "controlled.shutdown.enable": "true",
}
"""Settings of every test broker: few internal partitions, no waiting, nothing created by accident."""


class Broker:
    """One node of a cluster, stopped or running.

    Args:
        node_id: From 1.
        folder: Where its log, configuration and output lie.
        config: Its whole ``server.properties``.
        address: ``host:port`` that clients of the plain listener use.
    """

    def __init__(self, node_id: int, folder: Path, config: Mapping[str, str], address: str) -> None:
        self.node_id = node_id
        self.folder = folder
        self.address = address
        self.config = dict(config)
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._properties = folder / "server.properties"

    def format(self, cluster_id: str) -> subprocess.Popen[bytes]:
        """Start formatting the storage and return the process, to be awaited by the caller."""
        self._write()
        command = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", str(self._properties)]
        return self._java(command, "format.log")

    def start(self) -> None:
        """Start the process; `wait_ready` tells when it answers."""
        self._write()
        self.process = self._java(["kafka.Kafka", str(self._properties)], "broker.log")

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until the node accepts connections.

        Raises:
            RuntimeError: It ended or did not answer in time; the message holds its last lines.
        """
        host, port = self.address.rsplit(":", 1)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"broker {self.node_id} ended with {self.process.returncode}: {self.last_lines()}")
            with socket.socket() as probe:
                probe.settimeout(0.5)
                if probe.connect_ex((host, int(port))) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"broker {self.node_id} is not ready after {seconds} s: {self.last_lines()}")

    def stop(self) -> None:
        """End the node in order, by force after `STOP_SECONDS`."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the node as a power failure would."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Stop the node's clock; `thaw` lets it go on."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen node go on."""
        self._signal(signal.SIGCONT)

    def restart(self) -> None:
        """Start the node again on what it has stored, and wait until it answers."""
        self.start()
        self.wait_ready()

    def last_lines(self, characters: int = 1500) -> str:
        """Return the end of the node's output."""
        log = self.folder / "broker.log"
        return log.read_text(errors="replace")[-characters:] if log.exists() else ""

    def _write(self) -> None:
        lines = (f"{name}={value}" for name, value in self.config.items())
        self._properties.write_text("\n".join(lines) + "\n")

    def _java(self, command: list[str], log: str) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("ab") as out:
            return subprocess.Popen(
                [java(), *JVM, "-cp", classpath(), *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env={**os.environ, "KAFKA_OPTS": ""},
                start_new_session=True,  # Ctrl-C ends the tests first; the fixture then ends the broker
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one call, no lock
            )

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        self._signal(signal.SIGCONT)
        self._signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Cluster:
    """Some brokers on free loopback ports, formatted and started together.

    Use as a context manager. ``bootstrap`` names them all.

    Args:
        brokers: How many.
        config_overrides: Settings that win over the defaults, for every node. A value may hold
            ``{node_id}``, ``{host}`` and ``{port:NAME}``, which gives each node one free port a name:
            ``{"listeners": "...,SASL_SSL://{host}:{port:sasl}"}``; ``ports`` then has it.
    """

    def __init__(self, brokers: int = 1, config_overrides: Mapping[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kafka-"))
        self.cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        overrides = dict(config_overrides or {})
        nodes = range(1, brokers + 1)
        self._ports = {node: _Ports() for node in nodes}
        voters = ",".join(f"{node}@127.0.0.1:{self._ports[node]['controller']}" for node in nodes)
        self.brokers = [self._broker(node, voters, min(brokers, 3), overrides) for node in nodes]

    @property
    def bootstrap(self) -> str:
        """Addresses of the plain listener, comma separated."""
        return ",".join(broker.address for broker in self.brokers)

    def ports(self, name: str) -> list[int]:
        """Return each node's port of that name, in the order of the nodes."""
        return [self._ports[broker.node_id][name] for broker in self.brokers]

    def start(self) -> None:
        """Format and start every node, and wait until all answer."""
        formats = [broker.format(self.cluster_id) for broker in self.brokers]
        for broker, process in zip(self.brokers, formats, strict=True):
            if process.wait(START_SECONDS) != 0:
                log = (broker.folder / "format.log").read_text(errors="replace")
                raise RuntimeError(f"formatting broker {broker.node_id} failed: {log[-1500:]}")
        for broker in self.brokers:
            broker.start()
        for broker in self.brokers:
            broker.wait_ready()

    def stop(self) -> None:
        """End every node and remove what they stored; `NEWSWORKER_TEST_KEEP` keeps it."""
        for broker in self.brokers:
            broker._signal(signal.SIGCONT)
            broker._signal(signal.SIGTERM)
        for broker in self.brokers:
            # A whole cluster going down at once has no majority left to shut down in order.
            broker.kill() if len(self.brokers) > 1 else broker.stop()
        if not os.environ.get("NEWSWORKER_TEST_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _broker(self, node: int, voters: str, replicas: int, overrides: Mapping[str, str]) -> Broker:
        ports = self._ports[node]
        address = f"127.0.0.1:{ports['plain']}"
        config = {
            "process.roles": "broker,controller",
            "node.id": str(node),
            "controller.quorum.voters": voters,
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{address},CONTROLLER://127.0.0.1:{ports['controller']}",
            "advertised.listeners": f"PLAINTEXT://{address}",
            "listener.security.protocol.map": PROTOCOLS,
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(self.folder / f"node{node}" / "data"),
            "offsets.topic.replication.factor": str(replicas),
            "transaction.state.log.replication.factor": str(replicas),
            "transaction.state.log.min.isr": str(max(1, replicas - 1)),
            "share.coordinator.state.topic.replication.factor": str(replicas),
            "share.coordinator.state.topic.min.isr": str(max(1, replicas - 1)),
            "default.replication.factor": str(replicas),
            "min.insync.replicas": str(max(1, replicas - 1)),
            **SMALL,
        }
        config |= {name: _filled(value, node, ports) for name, value in overrides.items()}
        return Broker(node, self.folder / f"node{node}", config, address)


def end_with_parent() -> None:
    """Ask Linux to end this process when the one that started it is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class _Ports(dict[str, int]):
    """A free port for each name that is asked for."""

    def __missing__(self, name: str) -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self[name] = probe.getsockname()[1]
        return self[name]


def _filled(value: str, node: int, ports: _Ports) -> str:
    value = value.replace("{node_id}", str(node)).replace("{host}", "127.0.0.1")
    while "{port:" in value:
        name = value.split("{port:", 1)[1].split("}", 1)[0]
        value = value.replace(f"{{port:{name}}}", str(ports[name]))
    return value
