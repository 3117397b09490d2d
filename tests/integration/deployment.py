"""An installation of the worker on a broker, as its operators see it: topics, processes, health, exit codes.

Everything goes through confluent-kafka, an independent client: what our own client wrote is read by another.
"""

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
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

from schemas.topics import ALL, ARTICLES, RAW, REJECTED, TEASERS, Topic, topic_name

READY_SECONDS = 90.0
OUTCOME_SECONDS = 60.0
STOP_SECONDS = 40.0
NEVER_PROXIED = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Raw(NamedTuple):
    """A record to be put on the raw topic."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class Read(NamedTuple):
    """A record that was read back."""

    topic: str
    """The registry's name."""
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @property
    def header(self) -> dict[str, bytes]:
        """Return the headers by name."""
        return dict(self.headers)


def waited(condition: Callable[[], bool], seconds: float, what: str, *, every_seconds: float = 0.1) -> None:
    """Wait until ``condition`` holds.

    Raises:
        TimeoutError: It did not in time; the message says what was waited for.
    """
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not after {seconds:.0f} s")
        time.sleep(every_seconds)


def summed(metrics: dict[str, float], name: str, **labels: str) -> float:
    """Return the sum over all series of a metric that have these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return sum(
        value
        for series, value in metrics.items()
        if series.partition("{")[0] == name and all(label in series for label in wanted)
    )


@dataclass
class Worker:
    """One process of ``newsworker run``."""

    process: subprocess.Popen[bytes]
    http: str
    log: Path

    def get(self, path: str) -> tuple[int, str]:
        """Return status code and body; 0 where nothing answers."""
        try:
            with NEVER_PROXIED.open(f"http://{self.http}{path}", timeout=3) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def wait_ready(self) -> Worker:
        """Wait until the worker does its share."""
        until = time.monotonic() + READY_SECONDS
        while (answer := self.get("/readyz"))[0] != 200:
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.last_lines()}"
            assert time.monotonic() < until, f"not ready: {answer[1]}"
            time.sleep(0.1)
        return self

    def metrics(self) -> dict[str, float]:
        """Return every sample by its name and labels as exposed."""
        lines = (line for line in self.get("/metrics")[1].splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def total(self, name: str, **labels: str) -> float:
        """Return the sum over all series of a metric that have these labels."""
        return summed(self.metrics(), name, **labels)

    def status(self) -> dict[str, object]:
        """Return what `/status` tells."""
        return json.loads(self.get("/status")[1])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def last_lines(self) -> str:
        """Return the end of the log."""
        return self.log.read_text(errors="replace")[-3000:]


@dataclass
class Deployment:
    """One installation: names of its own on a shared broker."""

    bootstrap: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    module: str = "worker"
    """What is run as the worker: itself, or what puts clocks into it."""

    def __post_init__(self) -> None:
        self.name = f"t{uuid.uuid4().hex[:8]}"
        self.environment = {
            "NEWSWORKER_KAFKA_BOOTSTRAP": self.bootstrap,
            "NEWSWORKER_APP_ID": self.name,
            "NEWSWORKER_TOPIC_PREFIX": f"{self.name}.",
            "NEWSWORKER_COMMIT_INTERVAL_SECONDS": "0.3",
            "NEWSWORKER_SESSION_TIMEOUT_SECONDS": "6",
            **self.settings,
        }

    def topic(self, topic: Topic) -> str:
        """Return the topic's name on the broker."""
        return topic_name(topic, prefix=f"{self.name}.", app_id=self.name)

    def command(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the command line to its end."""
        return subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            env=_clean() | self.environment | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def apply_topics(self, partitions: int = 2) -> Deployment:
        """Make the topics."""
        done = self.command("topics", "apply", "--partitions", str(partitions))
        assert done.returncode == 0, done.stderr
        return self

    def start(self, *arguments: str, **settings: str) -> Worker:
        """Start a worker."""
        http = f"127.0.0.1:{free_port()}"
        log = self.folder / f"{self.name}-{len(self.workers)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", self.module, "run", *arguments],
                env=_clean() | self.environment | {"NEWSWORKER_HTTP_BIND": http} | settings,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.workers.append(Worker(process, http, log))
        return self.workers[-1]

    def feed(self, records: Iterable[Raw], topic: Topic = RAW, **options: str | int) -> None:
        """Put records on the raw topic and wait for the broker."""
        producer = Producer(
            {"bootstrap.servers": self.bootstrap, "message.max.bytes": 100_000_000, "log_level": 0, **options}
        )
        faults: list[object] = []
        for record in records:
            producer.produce(
                self.topic(topic),
                record.value,
                record.key,
                headers=list(record.headers),
                on_delivery=lambda error, _: faults.append(error) if error else None,
            )
            producer.poll(0)
        assert producer.flush(60) == 0
        assert not faults, faults

    def read(self, *topics: Topic) -> list[Read]:
        """Return everything on these topics up to their ends now, as a read_committed reader sees it."""
        names = {self.topic(topic): topic.name for topic in topics}
        consumer = Consumer(
            {
                "bootstrap.servers": self.bootstrap,
                "group.id": f"{self.name}-reader",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "fetch.message.max.bytes": 10_000_000,
                "log_level": 0,
            }
        )
        try:
            found = consumer.list_topics(timeout=20).topics
            places = [TopicPartition(name, number, 0) for name in names for number in found[name].partitions]
            consumer.assign(places)
            return sorted(_until_ends(consumer, names, len(places)))
        finally:
            consumer.close()

    def outputs(self) -> list[Read]:
        """Return all events and rejected pages."""
        return self.read(ARTICLES, TEASERS, REJECTED)

    def wait_done(
        self, pages: int, *workers: Worker, seconds: float = OUTCOME_SECONDS, every_seconds: float = 0.25
    ) -> None:
        """Wait until the workers have ended so many raw pages, and dedupe has no more to do."""

        def is_done() -> bool:
            assert all(worker.process.poll() is None for worker in workers), workers[0].last_lines()
            totals = [_pages(worker) for worker in workers]
            return sum(split for split, _, _ in totals) >= pages and sum(a for _, a, _ in totals) <= sum(
                d for _, _, d in totals
            )

        waited(is_done, seconds, f"{pages} pages", every_seconds=every_seconds)

    def end(self) -> None:
        """End every worker that still runs."""
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.wait()


def _pages(worker: Worker) -> tuple[float, float, float]:
    """Return how many pages split ended, how many of them it passed on, and how many dedupe ended."""
    now = worker.metrics()
    return (
        summed(now, "newsworker_pages_total", stage="split"),
        summed(now, "newsworker_pages_total", stage="split", outcome="accepted"),
        summed(now, "newsworker_pages_total", stage="dedupe"),
    )


def _until_ends(consumer: Consumer, names: dict[str, str], ends: int) -> Iterable[Read]:
    until = time.monotonic() + OUTCOME_SECONDS
    while ends:
        assert time.monotonic() < until, "the ends of the topics did not come"
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error() is None:
            headers = tuple(message.headers() or ())
            place = (message.partition(), message.offset())
            yield Read(names[message.topic()], *place, message.key(), message.value(), headers)
        elif message.error().code() == KafkaError._PARTITION_EOF:
            ends -= 1


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _clean() -> dict[str, str]:
    """Return the environment without anything of the worker."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("NEWSWORKER_")}


REGISTRY = {topic.name: topic for topic in ALL}
