"""Starts that meet trouble: a broker of several is down, a port is taken."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from schemas.topics import ARTICLES
from tests.integration.conftest import deployments
from tests.integration.deployment import waited
from tests.integration.pages import made
from tests.kafka.fixtures import Kafka

STARTS = 3
"""Each picks brokers by chance; the one that is down stays among those known for its session."""


@pytest.fixture
def on_three(kafka3: Kafka, tmp_path: Path):
    """Make installations on three brokers; all of them run again afterwards."""
    with deployments(kafka3, tmp_path) as make:
        yield make
    for broker in kafka3.cluster.brokers:
        if broker.process is None:
            broker.restart()


@pytest.mark.parametrize("down", range(3))
def test_one_broker_of_three_that_is_down_stops_no_start(on_three, kafka3, down):
    """A worker that starts while a broker is down becomes ready and works with the others."""
    there = on_three(partitions=3)

    kafka3.cluster.brokers[down].kill()
    workers = [there.start() for _ in range(STARTS)]
    for worker in workers:
        worker.wait_ready()
    there.feed([made(number) for number in range(30)])

    waited(lambda: len(there.read(ARTICLES)) >= 30, 90, "all articles")
    assert [0] * STARTS == [worker.stop() for worker in workers]


def test_one_broker_of_three_that_is_down_fails_no_command(on_three, kafka3):
    """Commands that look at topics and feed pages ask the brokers that are there."""
    there = on_three(partitions=3)
    page = there.folder / "a.html"
    page.write_text("<h1>Hafen</h1>")

    kafka3.cluster.brokers[1].kill()
    codes = [there.command(*words).returncode for words in (("topics", "check"), ("feed", str(page))) * 2]

    assert [0] * 4 == codes


@pytest.mark.parametrize("broker", ["embedded"], indirect=True)
def test_a_port_that_is_taken_is_configuration(deployed):
    """A worker whose health can't listen ends at once with 78 and names the setting."""
    there = deployed()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        done = there.command("run", NEWSWORKER_HTTP_BIND=bind)

    assert 78 == done.returncode
    assert f"NEWSWORKER_HTTP_BIND={bind}: health and metrics can't listen there" in done.stderr
