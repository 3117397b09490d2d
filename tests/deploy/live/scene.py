"""A scene: one broker, workers, and those who watch them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from tests.chaos.link import listeners
from tests.deploy.live import pages
from tests.deploy.live.deaf import Deaf
from tests.deploy.live.feeder import Feeder, Make, crawl
from tests.deploy.live.processes import Alertmanager, Prometheus, Worker
from tests.deploy.live.rules import hurried
from tests.deploy.tools import ROOT
from tests.kafka.broker import Cluster

PARTITIONS = 4
LOOK_SECONDS = 0.5
WELL_SECONDS = 60.0
"""How long it may take until the watchers see the workers."""

DONE_SECONDS = 600.0
"""How long it may take until the pages of a scene are done; on a quiet machine it is under a minute."""

SETTINGS = {
    "NEWSWORKER_SESSION_TIMEOUT_SECONDS": "6",
    "NEWSWORKER_MAX_PAGE_BYTES": "1000000",
    "NEWSWORKER_DRAIN_SECONDS": "10",
}
"""What every worker of a scene is given beside its broker."""


class Scene:
    """Everything of one play, on loopback, with fresh topics and fresh watchers.

    Use as a context manager; then `start` workers, `feed` pages, and `watch`.

    Args:
        scrape_seconds: How often Prometheus looks, and how long a worker may take to answer it.
        **settings: What its workers are given beside `SETTINGS`.
    """

    def __init__(self, scrape_seconds: int = 1, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsworker-live-"))
        self._stack = ExitStack()
        self._scrape_seconds = scrape_seconds
        self.settings = {**SETTINGS, **settings}
        self.workers: list[Worker] = []
        self.cluster = Cluster(1, listeners("{host}", "{host}:{port:proxied}"))

    def __enter__(self) -> Self:
        try:
            self._stack.callback(self._clean)
            self._stack.enter_context(self.cluster)
            self.topics()
            self.alertmanager = self._begun(Alertmanager(self.folder, self._routes()))
            self.prometheus = self._begun(Prometheus(self.folder, self._scrapes(self.alertmanager.address)))
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    @property
    def environment(self) -> dict[str, str]:
        """Settings of this scene's workers."""
        return {**self.settings, "NEWSWORKER_KAFKA_BOOTSTRAP": self.cluster.bootstrap}

    def topics(self) -> None:
        """Create the topics."""
        subprocess.run(
            [sys.executable, "-m", "worker", "topics", "apply", "--partitions", str(PARTITIONS)],
            env={**os.environ, **self.environment}, check=True, capture_output=True,
        )  # fmt: skip

    def start(
        self, stages: str = "split,dedupe", *, ready: bool = True, module: str = "worker", **settings: str
    ) -> Worker:
        """Start one more worker; with ``ready``, wait until it does its share. Watchers look once it was asked for."""
        worker = Worker(f"worker{len(self.workers)}", self.folder, {**self.environment, **settings}, stages, module)
        self.workers.append(worker)
        self._stack.callback(worker.kill)
        worker.start()
        if ready:
            worker.until_ready()
        self._scrape()
        return worker

    def begin(self) -> None:
        """Start those who watch, and wait until they see that all is well.

        Prometheus looks at its targets for the first time after five seconds: until then nobody is ready for it.

        Raises:
            TimeoutError: All is not well in time.
        """
        self.alertmanager.until_ready()
        self.prometheus.start()
        self.prometheus.until_ready()
        deadline = time.monotonic() + WELL_SECONDS
        while not self._is_well():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not well after {WELL_SECONDS:.0f} s: {self.prometheus.query('ALERTS')}")
            time.sleep(LOOK_SECONDS)

    def _is_well(self) -> bool:
        """Tell whether every worker was seen ready, and no alert is active or about to be."""
        ready = self.prometheus.query("count by (instance) (newsworker_ready == 1)")
        is_calm = not self.prometheus.query("ALERTS") and not self.alertmanager.alerts()
        return len(ready) == len(self.workers) and is_calm

    def feed(
        self,
        make: Make = pages.article,
        rate: float = 20,
        numbers: Iterator[int] | None = None,
    ) -> Feeder:
        """Return a crawler for the raw topic; it works while its context lasts."""
        numbers = crawl(pages=200) if numbers is None and make is pages.article else numbers
        return Feeder(self.cluster.bootstrap, "pages.raw.v1", make, rate, numbers)

    def alter(self, topic: str, name: str, value: str) -> None:
        """Change a setting of a topic while everything runs."""
        admin = AdminClient({"bootstrap.servers": self.cluster.bootstrap, "log_level": 0})
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
        for done in admin.incremental_alter_configs([resource]).values():
            done.result(30)

    @contextmanager
    def deaf(self) -> Iterator[str]:
        """Yield an address of the broker where the ends of transactions get lost, while the context lasts."""
        (port,), (behind,) = self.cluster.ports("proxied"), self.cluster.ports("behind")
        with Deaf({port: behind}):
            yield f"127.0.0.1:{port}"

    @contextmanager
    def supervised(self) -> Iterator[None]:
        """Start workers that ended again, a second later, while the context lasts."""

        def supervise() -> None:
            for worker in self.workers:
                if worker.code() is not None:
                    worker.start()

        with _every_second(supervise):
            yield

    @contextmanager
    def killing(self, after_seconds: float) -> Iterator[None]:
        """Kill the first worker so long after it was ready, again and again, while the context lasts."""

        def kill() -> None:
            worker = self.workers[0]
            if worker.is_ready():
                time.sleep(after_seconds)
                worker.kill()

        with _every_second(kill):
            yield

    def pages_done(self) -> float:
        """Return how many pages went through both stages, as Prometheus knows it."""
        found = self.prometheus.query('sum(newsworker_pages_total{stage="dedupe"})')
        return float(found[0]["value"][1]) if found else 0.0

    def wait_done(self, pages: int) -> None:
        """Wait until so many pages went through both stages.

        Raises:
            TimeoutError: They have not in time.
        """
        deadline = time.monotonic() + DONE_SECONDS
        while (done := self.pages_done()) < pages:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{done:.0f} of {pages} pages done after {DONE_SECONDS:.0f} s: {self.logs()}")
            time.sleep(LOOK_SECONDS)

    def watch(self, seconds: float, until: Callable[[set[str]], bool] | None = None) -> dict[str, float]:
        """Ask `amtool` for so long and return when each alert was first active, in seconds from now.

        Args:
            seconds: How long at most.
            until: Tells by the alerts seen when it is enough.
        """
        began, seen = time.monotonic(), dict[str, float]()
        while time.monotonic() < began + seconds and not (until and until(set(seen))):
            for alert in self.alertmanager.alerts():
                seen.setdefault(alert["labels"]["alertname"], round(time.monotonic() - began, 1))
            time.sleep(LOOK_SECONDS)
        return seen

    def logs(self) -> str:
        """Return the ends of all logs, for a failure's message."""
        return "\n".join(f"--- {worker.name} ({worker.code()})\n{worker.tail()}" for worker in self.workers)

    def _begun(self, process: Alertmanager | Prometheus) -> Alertmanager | Prometheus:
        self._stack.callback(process.kill)
        if isinstance(process, Alertmanager):
            process.start()
        return process

    def _scrape(self) -> None:
        file = self.folder / "targets.json"
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps([{"targets": [worker.target for worker in self.workers]}]))
        fresh.replace(file)

    def _routes(self) -> Path:
        """Our routes and inhibitions, to receivers that tell nobody."""
        config = yaml.safe_load((ROOT / "deploy/alertmanager/alertmanager.yml").read_text(encoding="utf-8"))
        config["receivers"] = [{"name": receiver["name"]} for receiver in config["receivers"]]
        file = self.folder / "alertmanager.yml"
        file.write_text(yaml.safe_dump(config))
        return file

    def _scrapes(self, alertmanager: str) -> Path:
        """Our scrape configuration, scrapes and rules in a hurry."""
        rules = (ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8")
        (self.folder / "rules.yml").write_text(hurried(rules))
        config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
        every = f"{self._scrape_seconds}s"
        config["global"] = {"scrape_interval": every, "evaluation_interval": "1s", "scrape_timeout": every}
        config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager]
        for job in config["scrape_configs"]:
            del job["static_configs"]
            job["file_sd_configs"] = [{"files": [str(self.folder / "targets.json")]}]
        file = self.folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(config))
        return file

    def _clean(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def _every_second(do: Callable[[], None]) -> Iterator[None]:
    """Do it every second, in a thread, while the context lasts."""
    over = threading.Event()

    def again() -> None:
        while not over.wait(1.0):
            do()

    thread = threading.Thread(target=again, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def stamp() -> str:
    """Return now, for a report."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
