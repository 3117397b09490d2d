"""Figures of the layer on Apache Kafka: ``python -m tests.chaos.measure restore|throughput|lag``.

Each prints one JSON object. Ratios are taken interleaved, in rounds, since a busy machine moves wall times.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from tests.chaos.fleet import ROOT
from tests.chaos.preload import write_snapshot
from tests.chaos.stories import snapshot, stores
from tests.chaos.target import LayerTarget
from tests.chaos.verdict import Watcher
from tests.kafka.broker import Cluster, end_with_parent
from worker.dedupe import State
from worker.stream.guarantee import Client, StateTopic, verify_state

PARTITIONS = 4


def restore(keys: int, rounds: int) -> dict[str, object]:
    """Time the reading of a partition's state from the broker into each store, as a claim does it."""
    with Cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        return {"keys": keys} | {
            name: asyncio.run(_restored(cluster.bootstrap, name, store, keys, rounds))
            for name, store in stores(Path(folder)).items()
        }


async def _restored(bootstrap: str, name: str, store: Callable[[], State], keys: int, rounds: int) -> dict[str, object]:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    for future in admin.create_topics([NewTopic(f"{what}-{name}", 1, 1) for what in ("source", "state")]).values():
        future.result(30)
    write_snapshot(bootstrap, f"state-{name}", 0, list(snapshot(store, keys)))
    stage = StateTopic(Client(bootstrap), f"source-{name}", f"state-{name}", f"group-{name}", name)
    found = []
    for _ in range(rounds):
        gc.collect()  # the former state goes before the clock starts
        began, cpu = time.monotonic(), time.process_time()
        verified = await verify_state(stage, 0, store)
        found.append((time.monotonic() - began, time.process_time() - cpu))
        assert verified.restored.state.keys() >= keys * 0.99  # the disk store estimates
    return {
        "bytes": verified.read_bytes,
        "seconds": [round(wall, 2) for wall, _ in found],
        "cpu_seconds": [round(cpu, 2) for _, cpu in found],
    }


def throughput(pages: int, rounds: int) -> dict[str, object]:
    """Compare pages a second and CPU a page of both guarantees, the same load, one after the other."""
    rates: dict[str, list[float]] = {"exactly_once": [], "at_least_once": []}
    costs: dict[str, list[float]] = {"exactly_once": [], "at_least_once": []}
    with Cluster() as cluster:
        for _ in range(rounds):
            for guarantee, found in rates.items():
                seconds, cpu = _timed(cluster.bootstrap, guarantee, pages)
                found.append(round(pages / seconds))
                costs[guarantee].append(round(cpu * 1000 / pages, 3))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    return {
        "pages": pages,
        "pages_a_second": rates,
        "cpu_ms_a_page": costs,
        "ratio": round(medians["exactly_once"] / medians["at_least_once"], 3),
        "cpu_ratio": round(statistics.median(costs["exactly_once"]) / statistics.median(costs["at_least_once"]), 3),
    }


def _timed(bootstrap: str, guarantee: str, pages: int) -> tuple[float, float]:
    """Return the seconds from the first visible output to the last, and the worker's CPU seconds."""
    target = _target(guarantee)
    target.create_topics(bootstrap, 1)
    _load(bootstrap, target, pages)
    watcher = Watcher(bootstrap, target.outputs, target.id_of, target.lane_of)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    worker = _start(target, bootstrap)
    wanted, began = len(target.expected([pages // PARTITIONS] * PARTITIONS)), 0.0
    try:
        while len(watcher.seen) < wanted:
            began = began or (time.monotonic() if watcher.seen else 0.0)
            time.sleep(0.01)
            assert worker.poll() is None, "the worker ended"
        seconds = time.monotonic() - began
    finally:
        worker.terminate()
        worker.wait(30)
        watcher.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def lag(seconds: float, rate: float, commit_seconds: float) -> dict[str, object]:
    """Compare the group's offset with the pages that are visible, under a steady load.

    What is visible is counted after the group was asked, so the time that the answer takes counts against us.
    """
    target, found = _target("exactly_once", CHAOS_COMMIT=str(commit_seconds)), []
    with Cluster() as cluster:
        target.create_topics(cluster.bootstrap, 1)
        watcher = Watcher(cluster.bootstrap, target.outputs, target.id_of, target.lane_of)
        worker = _start(target, cluster.bootstrap)
        admin = AdminClient({"bootstrap.servers": cluster.bootstrap, "log_level": 0})
        group = f"{target.environment('')['CHAOS_ID']}-dedupe"
        try:
            for _ in _steadily(cluster.bootstrap, target, seconds, rate, is_live=lambda: bool(watcher.seen)):
                asked = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=10)
                try:
                    offsets = asked[group].result(10)
                except KafkaException:  # a new cluster has no coordinator for the first seconds
                    continue
                stored = sum(max(0, where.offset) for where in offsets.topic_partitions)
                done = sum(len(times) for times in watcher.arrivals.values()) // 4
                found.append((done - stored) / rate)
        finally:
            worker.terminate()
            worker.wait(30)
            watcher.close()
    behind = sorted(found[len(found) // 4 :])
    return {
        "rate": rate,
        "commit_seconds": commit_seconds,
        "samples": len(behind),
        "behind_seconds": {
            "median": round(statistics.median(behind), 2),
            "p95": round(behind[int(len(behind) * 0.95)], 2),
            "worst": round(behind[-1], 2),
        },
    }


def _steadily(
    bootstrap: str, target: LayerTarget, seconds: float, rate: float, *, is_live: Callable[[], bool]
) -> Iterator[None]:
    """Send a page each partition, then load at a rate from when they came out; yield about ten times a second."""
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5, "log_level": 0})
    began, sent, first = 0.0, 0, PARTITIONS
    while not began or time.monotonic() - began < seconds:
        if not began and is_live():
            began = time.monotonic()
        while sent < first + (time.monotonic() - began) * rate * bool(began):
            page = target.page(sent % PARTITIONS, sent // PARTITIONS)
            producer.produce(target.source, page.value, page.key, partition=page.partition)
            sent += 1
        producer.poll(0.1)
        if began:
            yield
    producer.flush(10)


def _target(guarantee: str, **settings: str) -> LayerTarget:
    usual = {"CHAOS_STAGES": "dedupe", "CHAOS_GUARANTEE": guarantee, "CHAOS_SESSION": "10"}
    return LayerTarget(PARTITIONS, usual | settings)


def _load(bootstrap: str, target: LayerTarget, pages: int) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20, "log_level": 0})
    for number in range(pages):
        page = target.page(number % PARTITIONS, number // PARTITIONS)
        while True:
            try:
                producer.produce(target.source, page.value, page.key, partition=page.partition)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush(60)


def _start(target: LayerTarget, bootstrap: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        target.command,
        env={**os.environ, **target.environment(bootstrap)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        preexec_fn=end_with_parent,  # noqa: PLW1509  a child that outlives a killed test is worse
    )


def main() -> int:
    """Measure one thing."""
    parser = argparse.ArgumentParser(prog="measure", description=__doc__)
    parser.add_argument("what", choices=["restore", "throughput", "lag"])
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--commit", type=float, default=1.0, help="commit interval, seconds")
    asked = parser.parse_args()
    measures: dict[str, Callable[[], dict[str, object]]] = {
        "restore": lambda: restore(asked.keys, asked.rounds),
        "throughput": lambda: throughput(asked.pages, asked.rounds),
        "lag": lambda: lag(asked.seconds, asked.rate, asked.commit),
    }
    print(json.dumps(measures[asked.what]()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
