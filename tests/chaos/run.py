"""One chaos run: brokers, load, workers, faults by timetable, then the verdict."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from confluent_kafka import Producer

from tests.chaos.fleet import Fleet, Process, Worker, started
from tests.chaos.forked import Forked
from tests.chaos.link import Link, in_namespace, proxied
from tests.chaos.plan import Fault, Step
from tests.chaos.target import LayerTarget, Target, WorkerTarget
from tests.chaos.verdict import Watcher, read_all, verdict

WARM_SECONDS = 12.0
BROKER_DOWN_SECONDS = 8.0
ADDED_SECONDS = 12.0
CUT_SECONDS = 25.0
"""Longer than the transaction timeout of 20 s."""
LOAD_GOES_ON_SECONDS = 6.0
"""After the last fault."""
SETTLED_SECONDS = 0.5
"""What becomes visible so soon after a fault may come from before it."""
OVERCOME_SECONDS = 150.0
"""A patient step waits no longer than that."""
DRAIN_SECONDS = 150.0
QUIET_SECONDS = 15.0
"""Once all ids are there, late copies would show within this time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made of."""

    steps: list[Step]
    workers: int = 2
    brokers: int = 1
    partitions: int = 4
    rate: float = 80.0
    session_seconds: float = 6.0
    stages: str = "split,dedupe"
    guarantee: str = "exactly_once"
    snapshot_bytes: int = 1 << 20
    keys: int = 0
    """Keys that each partition's state holds before the run."""
    seed: int = 0

    target: str = "layer"
    """``layer``: the small worker on the layer alone; ``worker``: `newsworker run`."""

    network: str = "proxy"
    """What is between worker 0 and the brokers: ``proxy``, or ``namespace`` (Linux, root)."""

    minutes: float = 600.0
    """No fault comes later than that; those that did not come are not counted."""

    forked: bool = False
    """Fork workers from a server with their imports, for hundreds of kills; not into a namespace."""


def chaos(settings: Settings, folder: Path, note: Callable[[str], None]) -> dict[str, object]:
    """Run, compare, and return the result as it is written to JSON. Workers' logs go to ``folder``."""
    linked = in_namespace if settings.network == "namespace" else proxied
    with linked(settings.brokers) as link:
        return _Run(settings, link, folder).result(note)


def _target(settings: Settings) -> Target:
    if settings.target == "worker":
        return WorkerTarget(
            settings.partitions,
            {
                "NEWSWORKER_STAGES": settings.stages,
                "NEWSWORKER_GUARANTEE": settings.guarantee,
                "NEWSWORKER_SESSION_TIMEOUT_SECONDS": str(settings.session_seconds),
                "NEWSWORKER_COMMIT_INTERVAL_SECONDS": "0.5",
            },
        )
    return LayerTarget(
        settings.partitions,
        {
            "CHAOS_STAGES": settings.stages,
            "CHAOS_GUARANTEE": settings.guarantee,
            "CHAOS_SESSION": str(settings.session_seconds),
            "CHAOS_SNAPSHOT_BYTES": str(settings.snapshot_bytes),
        },
        keys=settings.keys,
    )


class _Run:
    def __init__(self, settings: Settings, link: Link, folder: Path) -> None:
        self.settings, self.link = settings, link
        self.cluster = cluster = link.cluster
        self.target = target = _target(settings)
        target.create_topics(cluster.bootstrap, settings.brokers)
        forked = partial(Forked, target.command)
        behind, free = (started([*prefix, *target.command]) for prefix in (link.command, ()))
        self.fleet = Fleet(
            lambda number: forked if settings.forked else free if number else behind,
            lambda number: target.environment(cluster.bootstrap if number else link.bootstrap),
            folder,
        )
        self.pages = [0] * settings.partitions
        self.watcher = Watcher(cluster.bootstrap, target.outputs, target.id_of, target.lane_of)
        self.faults, self.hit_at = 0, time.time()
        self.hits: list[tuple[float, int]] = []
        self.later: list[tuple[float, Callable[[], None]]] = []

    def result(self, note: Callable[[str], None]) -> dict[str, object]:
        """Do it all, telling each fault as it happens."""
        began = time.time()
        try:
            for _ in range(self.settings.workers):
                self.fleet.start()
            time.sleep(WARM_SECONDS)
            self._load_and_hit(note)
            expected = self.target.expected(self.pages)  # the worker's own handlers take a while
            drained = self._drain(len(expected))
        finally:
            self.fleet.close()
            self.watcher.close()
        note(f"drained after {drained} s" if drained is not None else "not drained")
        return self._compare(expected, drained) | {"seconds": round(time.time() - began)}

    # -- load and faults

    def _load_and_hit(self, note: Callable[[str], None]) -> None:
        producer = Producer({"bootstrap.servers": self.cluster.bootstrap, "enable.idempotence": True, "log_level": 0})
        steps, began, last, late = list(self.settings.steps), time.monotonic(), LOAD_GOES_ON_SECONDS, 0.0
        while (passed := time.monotonic() - began) < last or steps or self.later:
            if steps or passed < last:
                self._feed(producer, int(passed * self.settings.rate))
            if passed > self.settings.minutes * 60:
                steps.clear()
            while steps and steps[0].at + late <= passed:
                if steps[0].waits and not self._is_overcome():
                    late = passed - steps[0].at
                    break
                note(f"{steps[0].fault} {steps[0].target}")
                self._hit(steps.pop(0))
                self.faults += 1
                self.hit_at, last = time.time(), passed + LOAD_GOES_ON_SECONDS
            self._tend()
            time.sleep(0.02)
        if producer.flush(60):
            raise RuntimeError("the load could not be written: the run says nothing")

    def _is_overcome(self) -> bool:
        """Tell whether something new of every partition became visible since the last fault, or never will."""
        moved = (self.watcher.arrivals[lane][-1:] for lane in range(self.settings.partitions))
        is_over = all(when and when[0] > self.hit_at + SETTLED_SECONDS for when in moved)
        return is_over or time.time() - self.hit_at > OVERCOME_SECONDS

    def _feed(self, producer: Producer, due: int) -> None:
        while sum(self.pages) < due:
            lane = sum(self.pages) % self.settings.partitions
            page = self.target.page(lane, self.pages[lane])
            producer.produce(self.target.source, page.value, page.key, partition=page.partition)
            self.pages[lane] += 1
        producer.poll(0)

    def _tend(self) -> None:
        self.watcher.check()
        self.fleet.supervise()
        for entry in [entry for entry in self.later if entry[0] <= time.monotonic()]:
            self.later.remove(entry)
            entry[1]()

    def _hit(self, step: Step) -> None:
        match step.fault:
            case Fault.KILL:
                self.hits.append((time.time(), step.target))
                self.fleet.kill(step.target)
            case Fault.STOP:
                self.fleet.stop(step.target)
            case Fault.FREEZE:
                self._freeze(step.target)
            case Fault.BROKER_KILL:
                self.cluster.brokers[step.target].kill()
                self._after(BROKER_DOWN_SECONDS, self.cluster.brokers[step.target].restart)
            case Fault.BROKER_STOP:
                self.cluster.brokers[step.target].stop()
                self._after(BROKER_DOWN_SECONDS, self.cluster.brokers[step.target].restart)
            case Fault.CUT:
                self.link.way.cut()
                self._after(CUT_SECONDS, self.link.way.mend)
            case Fault.ADD:
                worker = self.fleet.start()
                self._after(ADDED_SECONDS, lambda: self._leave(worker))

    def _leave(self, worker: Worker) -> None:
        self.fleet.leave(worker)

    def _freeze(self, number: int) -> None:
        frozen: Process = self.fleet.freeze(number)
        self._after(self.settings.session_seconds + 6.0, lambda: self.fleet.thaw(frozen, 25.0))

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        self.later.append((time.monotonic() + seconds, do))

    # -- the end

    def _drain(self, wanted: int) -> float | None:
        """Wait until everything is there and nothing more comes; None where that takes too long."""
        began = time.monotonic()
        while time.monotonic() - began < DRAIN_SECONDS:
            self._tend()
            time.sleep(0.2)
            if len(self.watcher.seen) >= wanted and time.monotonic() - self.watcher.moved_at > QUIET_SECONDS:
                return round(max(0.0, self.watcher.moved_at - began), 1)
        return None

    def _compare(self, expected: set[str], drained: float | None) -> dict[str, object]:
        committed, uncommitted = (
            read_all(self.cluster.bootstrap, self.target.outputs, level, self.target.id_of)
            for level in ("read_committed", "read_uncommitted")
        )
        found = verdict(expected, committed, uncommitted)
        recoveries = self._recoveries()
        return {
            **found.as_dict(),
            "clean": found.is_clean and drained is not None,
            "stuck": drained is None,
            "pages": sum(self.pages),
            "faults": self.faults,
            "exits": dict(self.fleet.exits),
            "hung": self.fleet.hung,
            "drained_seconds": drained,
            "recovery_seconds": {
                "n": len(recoveries),
                "median": round(statistics.median(recoveries), 2) if recoveries else None,
                "worst": round(max(recoveries), 2) if recoveries else None,
            },
            "notes": self._notes(),
            "settings": dataclasses.asdict(dataclasses.replace(self.settings, steps=[])),
        }

    def _recoveries(self) -> list[float]:
        """Return, for each partition of each killed worker, the seconds until something new from it was visible."""
        claims = sorted(self._claims())
        found = []
        for at, worker in self.hits:
            for lane in range(self.settings.partitions):
                owners = [owner for when, number, owner in claims if number == lane and when <= at]
                after = [when for when in self.watcher.arrivals[lane] if when > at + 0.05]
                if owners and owners[-1] == worker and after:
                    found.append(min(after) - at)
        return found

    def _claims(self) -> list[tuple[float, int, int]]:
        return [
            (claim.at, claim.lane, number)
            for number in range(self.settings.workers + 1)
            for line in self._log(number)
            if (claim := self.target.claim_in(line))
        ]

    def _notes(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for number in range(self.settings.workers + 1):
            for line in self._lines(number):
                if line[3] != "refetched":
                    key, count = f"{line[2]} {line[3]}", 1
                elif line[5:] and line[5].isdigit():  # else torn by a kill
                    key, count = f"{line[2]} {line[3]} {line[4]}", int(line[5])
                else:
                    continue
                counts[key] = counts.get(key, 0) + count
        return counts

    def _lines(self, number: int) -> list[list[str]]:
        lines = (line.split() for line in self._log(number))
        return [line for line in lines if len(line) > 3 and line[0] == "NOTE"]

    def _log(self, number: int) -> list[str]:
        log = self.fleet.log(number)
        return log.read_text(errors="replace").splitlines() if log.exists() else []
