"""What a run kills: the small worker on the layer alone, or the worker itself. Both say what must come out."""

from __future__ import annotations

import itertools
import json
import os
import re
import socket
import subprocess
import sys
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from aiokafka.partitioner import murmur2
from confluent_kafka.admin import AdminClient, NewTopic

from tests.chaos.app import items
from tests.chaos.fleet import LAYER_WORKER, ROOT
from tests.chaos.preload import preload


class Page(NamedTuple):
    """One record of the load."""

    key: bytes
    value: bytes
    partition: int


_NOTED_CLAIM = re.compile(r"NOTE (\d+\.\d+) dedupe claim (\d+) \d+\.\d+ \d+").fullmatch
"""A whole line: one that a kill tore goes on with the next process's first one, and is no claim."""


class Claim(NamedTuple):
    """A worker took over a partition of the stateful stage."""

    at: float
    """Seconds since the epoch."""
    lane: int


class Target(Protocol):
    """A worker under chaos."""

    command: Sequence[str]
    source: str
    """The topic that the load goes to."""
    outputs: dict[str, int]
    """The topics that are compared, with their partition counts."""

    def environment(self, bootstrap: str) -> dict[str, str]:
        """Return what a worker is started with to reach the brokers there."""

    def create_topics(self, bootstrap: str, brokers: int) -> None:
        """Make what the worker reads and writes."""

    def page(self, lane: int, number: int) -> Page:
        """Return the load's page of that number in a lane; what it holds follows from both."""

    def expected(self, pages: Sequence[int]) -> set[str]:
        """Return the ids that must come out of so many pages a lane, each once."""

    def id_of(self, value: bytes) -> str:
        """Return the id of an output."""

    def lane_of(self, found: str) -> int | None:
        """Return the partition of the stateful stage that an id comes from; None where it can't be told."""

    def claim_in(self, line: str) -> Claim | None:
        """Return the claim that a line of a worker's log tells of; None where it tells of something else."""


class LayerTarget:
    """Two stages on the layer alone: `tests.chaos.app`."""

    command = LAYER_WORKER

    def __init__(self, partitions: int, settings: dict[str, str], *, keys: int = 0) -> None:
        self._id, self._partitions, self._settings, self._keys = uuid.uuid4().hex[:6], partitions, settings, keys
        self._topics = {name: f"{name}-{self._id}" for name in ("raw", "split", "sink", "state")}
        self.source = self._topics["raw" if "split" in settings["CHAOS_STAGES"] else "split"]
        self.outputs = {self._topics["sink"]: partitions}

    def environment(self, bootstrap: str) -> dict[str, str]:
        """Return the small worker's settings."""
        topics = {f"CHAOS_{name.upper()}": topic for name, topic in self._topics.items()}
        return {"CHAOS_BOOTSTRAP": bootstrap, "CHAOS_ID": f"chaos-{self._id}", **self._settings, **topics}

    def create_topics(self, bootstrap: str, brokers: int) -> None:
        """Make the four topics, and fill the state where that is asked for."""
        admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
        made = [
            NewTopic(
                topic,
                self._partitions,
                min(3, brokers),
                config={"message.timestamp.type": "LogAppendTime"} if name == "state" else {},
            )
            for name, topic in self._topics.items()
        ]
        for future in admin.create_topics(made).values():
            future.result(30)
        if self._keys:
            preload(bootstrap, self._topics["state"], self._partitions, self._keys)

    def page(self, lane: int, number: int) -> Page:
        """Return a page that says what is on it."""
        return Page(b"k%d" % lane, json.dumps({"p": lane, "n": number}).encode(), lane)

    def expected(self, pages: Sequence[int]) -> set[str]:
        """Return every item of every page, once."""
        return {found for lane, count in enumerate(pages) for page in range(count) for found in items(lane, page)}

    def id_of(self, value: bytes) -> str:
        """Return the value: it is the id."""
        return value.decode()

    def lane_of(self, found: str) -> int | None:
        """Return the partition in the id."""
        return int(found.split("-")[1])

    def claim_in(self, line: str) -> Claim | None:
        """Read the small worker's notes."""
        found = _NOTED_CLAIM(line)
        return Claim(float(found[1]), int(found[2])) if found else None


class WorkerTarget:
    """The worker itself, with pages of one site a lane."""

    command = (sys.executable, "-m", "worker", "run")

    def __init__(self, partitions: int, settings: dict[str, str]) -> None:
        self._partitions, self._name = partitions, f"chaos{uuid.uuid4().hex[:6]}"
        self._settings = settings
        self._sites = [_site_of(lane, partitions) for lane in range(partitions)]
        self.source = f"{self._name}.pages.raw.v1"
        self.outputs = {f"{self._name}.{topic}": partitions for topic in ("articles.v1", "teasers.v1")}

    def environment(self, bootstrap: str) -> dict[str, str]:
        """Return the worker's settings; each process finds a free port for its health server."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{probe.getsockname()[1]}"
        return {
            "NEWSWORKER_KAFKA_BOOTSTRAP": bootstrap,
            "NEWSWORKER_APP_ID": self._name,
            "NEWSWORKER_TOPIC_PREFIX": f"{self._name}.",
            "NEWSWORKER_HTTP_BIND": bind,
            **self._settings,
        }

    def create_topics(self, bootstrap: str, brokers: int) -> None:  # noqa: ARG002 - the command counts them itself
        """Let the worker's own command make them."""
        done = subprocess.run(
            [sys.executable, "-m", "worker", "topics", "apply", "--partitions", str(self._partitions)],
            env={**_bare(), **self.environment(bootstrap)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"topics apply: {done.stderr}")

    def page(self, lane: int, number: int) -> Page:
        """Return a page of the lane's site, with an article, its teasers and a repeat."""
        from tests.integration.pages import SITES, made  # noqa: PLC0415 - the small worker needs no pages

        raw = made(number * SITES + lane % SITES)
        theirs, ours = b"paper%d.example" % (lane % SITES), self._sites[lane].encode()
        return Page(ours, (raw.value or b"").replace(theirs, ours), lane)

    def expected(self, pages: Sequence[int]) -> set[str]:
        """Return what one uninterrupted run writes: the stages' own handlers, one page after the other."""
        from tests.chaos.uninterrupted import events  # noqa: PLC0415 - as above

        lanes = [[self.page(lane, number) for number in range(count)] for lane, count in enumerate(pages)]
        return {self.id_of(value) for lane in lanes for value in events(lane)}

    def id_of(self, value: bytes) -> str:
        """Return record, id and revision of an event."""
        event = json.loads(value)
        kind = "article" if "article_id" in event else "teaser"
        site = event.get("site") or urlsplit(event["found_on"]["url"]).hostname  # a page here lies on its site's domain
        return f"{kind} {event[f'{kind}_id']} {event['revision']} {site}"

    def lane_of(self, found: str) -> int | None:
        """Return the partition of the site in the id."""
        return _partition_of(found.rsplit(" ", 1)[1], self._partitions)

    def claim_in(self, line: str) -> Claim | None:
        """Read the worker's log."""
        if '"event":"partition claimed"' not in line or ".pages.split.v1" not in line:
            return None
        try:
            told = json.loads(line)
        except ValueError:  # torn by a kill
            return None
        return Claim(datetime.fromisoformat(told["time"]).timestamp(), told["partition"])


def _partition_of(site: str, partitions: int) -> int:
    return (murmur2(site.encode()) & 0x7FFFFFFF) % partitions


def _site_of(lane: int, partitions: int) -> str:
    """Return a site whose split pages lie in the lane's partition: no partition is to be idle."""
    sites = (f"daily{number}.example" for number in itertools.count())
    return next(site for site in sites if _partition_of(site, partitions) == lane)


def _bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("NEWSWORKER_")}
