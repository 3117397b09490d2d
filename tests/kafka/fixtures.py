"""Fixtures: ``kafka`` and ``kafka3`` (Apache Kafka), ``embedded`` (Tansu), one each a session.

In CI (``CI`` set) Kafka that can't be had is a failure; elsewhere the tests that need it are left out, and
the reason says what to install. ``KAFKA_BOOTSTRAP`` points the suite at another broker.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from tests.kafka.broker import Cluster
from tests.kafka.jars import KafkaUnavailable, classpath, java
from tests.leaving_out import leave_out
from worker.cli.broker import BrokerUnavailable, EmbeddedBroker


@dataclass(frozen=True)
class Kafka:
    """A broker that a test may use."""

    bootstrap: str
    cluster: Cluster | None = None
    """Its processes; None where another one is used."""

    def topics(self, *names: str, partitions: int = 1, config: dict[str, str] | None = None) -> list[str]:
        """Create a topic for each name, made unique, and return their full names."""
        full = [f"{name}-{uuid.uuid4().hex[:8]}" for name in names]
        admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        made = admin.create_topics([NewTopic(name, partitions, 1, config=config or {}) for name in full])
        for future in made.values():
            future.result(30)
        return full


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """One Apache Kafka broker."""
    other = os.environ.get("KAFKA_BOOTSTRAP")
    if other:
        yield Kafka(other)
        return
    yield from _cluster(1)


@pytest.fixture(scope="session")
def kafka3() -> Iterator[Kafka]:
    """A cluster of three Apache Kafka brokers."""
    yield from _cluster(3)


@pytest.fixture(scope="session")
def embedded() -> Iterator[Kafka]:
    """The embedded broker."""
    try:
        with EmbeddedBroker() as broker:
            yield Kafka(broker.bootstrap)
    except BrokerUnavailable as error:
        leave_out(str(error))


@pytest.fixture(params=["kafka", "embedded"])
def broker(request: pytest.FixtureRequest) -> Kafka:
    """Each of the two brokers, for what must hold on both."""
    return request.getfixturevalue(request.param)


def _cluster(brokers: int) -> Iterator[Kafka]:
    try:
        java(), classpath()
    except KafkaUnavailable as error:
        leave_out(str(error))
    with Cluster(brokers) as cluster:
        yield Kafka(cluster.bootstrap, cluster)
