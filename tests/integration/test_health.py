"""Health that does not lie: a real worker on real Apache Kafka, idle, cut off, hung, and stopped."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from schemas import RawPage, encode
from schemas.topics import ALL, ARTICLES, RAW, Topic
from tests.integration.conftest import deployments
from tests.integration.deployment import Deployment, Raw, Worker, waited
from tests.integration.pages import made
from tests.kafka.fixtures import Kafka
from worker.ops.checks import BROKER_SECONDS, LOOP_SECONDS

STALL_SECONDS = 4
"""As short as may be: an idle worker that stays live for longer is not mistaken for a stalled one."""


@pytest.fixture
def on_kafka(kafka: Kafka, tmp_path: Path):
    """Make installations on Apache Kafka."""
    with deployments(kafka, tmp_path) as make:
        yield make


def failing(worker: Worker, path: str) -> list[str]:
    """Return the names of the failing checks; each of them has a reason."""
    checks = json.loads(worker.get(path)[1])["checks"]
    assert all(check["reason"] for check in checks)
    return [check["name"] for check in checks if not check["ok"]]


def answers(worker: Worker) -> tuple[int, int]:
    """Return what liveness and readiness answer."""
    return worker.get("/livez")[0], worker.get("/readyz")[0]


def test_a_worker_behind_a_transaction_marker_is_live(on_kafka):
    """Where the log ends with a marker nothing waits: lag goes to 0, and no stall is seen."""
    there: Deployment = on_kafka(NEWSWORKER_STALL_SECONDS=str(STALL_SECONDS))
    worker = there.start().wait_ready()
    crawler = Producer({"bootstrap.servers": there.bootstrap, "transactional.id": there.name, "log_level": 0})
    crawler.init_transactions(20)
    crawler.begin_transaction()
    crawler.produce(there.topic(RAW), made(1).value, made(1).key)
    crawler.commit_transaction(20)

    there.wait_done(1, worker)
    waited(lambda: worker.total("newsworker_lag_records") == 0, 20, "no lag")
    time.sleep(STALL_SECONDS + 1)  # a stall would be seen by now: nothing else tells that none is

    assert (200, 200) == answers(worker)
    assert (0.0, 0.0) == (worker.total("newsworker_lag_records"), worker.total("newsworker_lag_seconds"))


def test_a_worker_whose_broker_is_gone_is_live_and_not_ready(kafka3: Kafka, tmp_path: Path):
    """When all brokers stop, readiness names the broker and liveness stays; when they are back, so is the worker."""
    with deployments(kafka3, tmp_path) as make:
        worker = make(NEWSWORKER_STALL_SECONDS=str(STALL_SECONDS)).start().wait_ready()
        for broker in kafka3.cluster.brokers:
            broker.freeze()
        try:
            waited(lambda: worker.get("/readyz")[0] == 503, BROKER_SECONDS + 30, "not ready")
            names, live = failing(worker, "/readyz"), worker.get("/livez")[0]
        finally:
            for broker in kafka3.cluster.brokers:
                broker.thaw()

    assert {"split.broker", "dedupe.broker"} <= set(names)
    assert 200 == live


def test_a_hung_worker_is_not_live(on_kafka):
    """A page that never ends hangs the loop: liveness names it, and metrics say that nothing is ready."""
    there: Deployment = on_kafka(partitions=1)
    there.module = "tests.integration.hanging"
    worker = there.start().wait_ready()
    there.feed([made(1)])
    there.wait_done(1, worker)
    there.feed([Raw(None, encode(RawPage(url="https://paper.example/hang", body="<h1>Hafen</h1>")))])

    waited(lambda: worker.get("/livez")[0] == 503, LOOP_SECONDS + 30, "not live")

    assert ["loop"] == [name for name in failing(worker, "/livez") if name == "loop"]
    assert 503 == worker.get("/readyz")[0]
    assert 0.0 == worker.total("newsworker_ready")


def test_a_draining_worker_is_not_ready(kafka3: Kafka, tmp_path: Path):
    """After SIGTERM with pages under way a worker is live and not ready, names the drain alone, and exits with 0."""
    with deployments(kafka3, tmp_path) as make:
        there: Deployment = make(NEWSWORKER_COMMIT_INTERVAL_SECONDS="10")
        worker = there.start("--stages", "dedupe").wait_ready()
        there.start("--stages", "split").wait_ready()
        there.feed([made(number) for number in range(20)])
        waited(lambda: worker.total("newsworker_in_flight_records", stage="dedupe") > 0, 30, "pages under way")
        for broker in kafka3.cluster.brokers:
            broker.freeze()  # the commit of the drain waits for its answer: time to look
        try:
            worker.process.send_signal(signal.SIGTERM)
            waited(lambda: worker.get("/readyz")[0] == 503, 10, "not ready")
            names, live = failing(worker, "/readyz"), worker.get("/livez")[0]
            draining = worker.total("newsworker_draining"), worker.total("newsworker_ready")
            under_way = worker.total("newsworker_in_flight_records", stage="dedupe")
        finally:
            for broker in kafka3.cluster.brokers:
                broker.thaw()
        code = worker.process.wait(30)

        assert ["drain"] == names
        assert (200, 0, True) == (live, code, under_way > 0)
        assert (1.0, 0.0) == draining
        assert there.read(ARTICLES)  # visible before their commit was due: the drain made it


def test_a_refused_topic_is_shown_before_the_end(on_kafka):
    """Where the broker refuses records, scrapes see which and readiness says so; a stop then ends it with 78."""
    there: Deployment = on_kafka(partitions=1)
    worker = there.start().wait_ready()
    limited(there, ARTICLES, 100)
    there.feed([made(1)])

    waited(lambda: worker.get("/readyz")[0] == 503, 30, "not ready")
    names, reasons = failing(worker, "/readyz"), worker.get("/readyz")[1]
    failed = {
        topic.name: worker.total("newsworker_events_sent_total", topic=topic.name, result="failed") for topic in ALL
    }
    code = worker.stop()

    assert ["dedupe.sends"] == names
    assert f"the broker refuses records of {there.topic(ARTICLES)}: MessageSizeTooLargeError" in reasons
    assert {ARTICLES.name: 1.0} == {name: number for name, number in failed.items() if number}
    assert 78 == code


def limited(there: Deployment, topic: Topic, size_bytes: int) -> None:
    """Let a topic take only records of so many bytes."""
    admin = AdminClient({"bootstrap.servers": there.bootstrap, "log_level": 0})
    entry = ConfigEntry("max.message.bytes", str(size_bytes), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, there.topic(topic), incremental_configs=[entry])
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(30)


def test_a_stopped_worker_has_left_its_groups(on_kafka):
    """After SIGTERM the exit is 0, and no group waits for a session to run out."""
    there: Deployment = on_kafka()
    worker = there.start().wait_ready()

    code = worker.stop()

    admin = AdminClient({"bootstrap.servers": there.bootstrap, "log_level": 0})
    groups = admin.describe_consumer_groups([f"{there.name}-split", f"{there.name}-dedupe"])
    assert 0 == code
    assert [0, 0] == [len(group.result(20).members) for group in groups.values()]
