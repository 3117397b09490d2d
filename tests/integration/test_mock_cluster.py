"""Broker trouble on librdkafka's mock cluster, a second implementation of the protocol: errors on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.kafka.log import values, write
from tests.kafka.mock import (
    FETCH,
    LIST_OFFSETS,
    METADATA,
    NO_RIGHT,
    NOT_ENOUGH_REPLICAS,
    NOT_LEADER,
    PRODUCE,
    TIMED_OUT,
    MockCluster,
)
from tests.kafka.stage import Stage
from worker.stream.guarantee import Guarantee, Refused

PAGES = [b"page-%04d" % n for n in range(60)]

TROUBLE = {
    "the leader moves while outputs are sent": [(PRODUCE, NOT_LEADER, NOT_LEADER)],
    "a send runs into its time": [(PRODUCE, TIMED_OUT)],
    "too few copies are in step": [(PRODUCE, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS)],
    "the leader moves while the source is read": [(FETCH, NOT_LEADER, NOT_LEADER)],
    "the end of the log is not told": [(LIST_OFFSETS, NOT_LEADER, NOT_LEADER)],
    "nobody says who leads": [(METADATA, TIMED_OUT, TIMED_OUT)],
    "all at once": [(PRODUCE, NOT_LEADER), (FETCH, NOT_LEADER), (LIST_OFFSETS, NOT_LEADER), (METADATA, TIMED_OUT)],
}


@pytest.fixture
def mock() -> Iterator[MockCluster]:
    """A cluster of three, with the topics of a stage."""
    with MockCluster() as cluster:
        yield cluster


def stage_on(mock: MockCluster) -> Stage:
    """Return a stage with its topics."""
    topics = [mock.topic(name) for name in ("source", "state", "sink")]
    return Stage(mock.bootstrap, *topics, guarantee=Guarantee.AT_LEAST_ONCE)


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_passing_trouble_loses_no_page(mock, trouble):
    """Whatever a broker answers for a moment, every page comes out, and the state knows each of them once."""
    stage = stage_on(mock)
    write(mock.bootstrap, stage.source, PAGES)
    for request, *errors in TROUBLE[trouble]:
        mock.fail(request, *errors)

    await stage.catch_up()

    assert set(PAGES) == set(values(mock.bootstrap, stage.sink))
    assert len(PAGES) == len(stage.form.state.pages)


@pytest.mark.parametrize("broker", [1, 2, 3])
async def test_a_broker_that_comes_and_goes_loses_no_page(mock, broker):
    """While a broker of three is away for a second the claim waits for it or works with the others."""
    stage = stage_on(mock)
    write(mock.bootstrap, stage.source, PAGES)
    mock.down(broker)
    back = asyncio.get_running_loop().call_later(1.0, mock.up, broker)

    try:
        await stage.catch_up()
    finally:
        back.cancel()
        mock.up(broker)

    assert set(PAGES) == set(values(mock.bootstrap, stage.sink))


async def test_a_second_claim_repeats_nothing(mock):
    """What one owner wrote and remembered the next one knows, on this broker too."""
    stage = stage_on(mock)
    write(mock.bootstrap, stage.source, PAGES[:40])
    await stage.catch_up()
    write(mock.bootstrap, stage.source, PAGES[20:])
    await stage.catch_up()

    assert PAGES == values(mock.bootstrap, stage.sink)


async def test_a_refusal_is_no_passing_trouble(mock):
    """An output that the broker refuses for good ends the claim with topic and reason, before the position moves."""
    stage = stage_on(mock)
    write(mock.bootstrap, stage.source, PAGES)
    mock.fail(PRODUCE, *[NO_RIGHT] * 20)

    with pytest.raises(Refused, match=rf"refuses records of {stage.sink}: TopicAuthorizationFailedError"):
        await stage.catch_up()
    assert [] == values(mock.bootstrap, stage.state)
