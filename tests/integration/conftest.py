"""Fixtures: installations of the worker on either broker, ended with the test whatever happens."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.deployment import Deployment
from tests.kafka.fixtures import Kafka

BROKERS = ("kafka", "embedded")


@pytest.fixture(scope="module", params=BROKERS)
def broker_kind(request: pytest.FixtureRequest) -> str:
    """Name each of the two brokers, for installations that several tests look at."""
    return request.param


@pytest.fixture
def deployed(broker: Kafka, tmp_path: Path) -> Iterator[Callable[..., Deployment]]:
    """Make installations on the broker, topics applied; their workers end with the test."""
    with deployments(broker, tmp_path) as make:
        yield make


@contextlib.contextmanager
def deployments(broker: Kafka, folder: Path) -> Iterator[Callable[..., Deployment]]:
    """Yield what makes installations; end their workers at the end."""
    made: list[Deployment] = []

    def make(*, partitions: int = 2, **settings: str) -> Deployment:
        made.append(Deployment(broker.bootstrap, folder, settings))
        return made[-1].apply_topics(partitions) if partitions else made[-1]

    try:
        yield make
    finally:
        for deployment in made:
            deployment.end()
