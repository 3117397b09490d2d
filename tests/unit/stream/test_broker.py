import asyncio

import pytest
from aiokafka import errors

from worker.ops.access import AccessError, Unreachable
from worker.ops.exits import ConfigurationError
from worker.stream.broker import is_away, until_done

AWAY = [
    errors.KafkaConnectionError("no connection"),
    errors.NodeNotReadyError("not ready"),
    errors.KafkaTimeoutError(),
    errors.BrokerNotAvailableError(),
    errors.RequestTimedOutError(),
    errors.NotControllerError(),
    Unreachable("no broker answers"),
    ConnectionRefusedError(),
    TimeoutError(),
]
REFUSES = [
    errors.TopicAuthorizationFailedError("pages.raw.v1"),
    errors.GroupAuthorizationFailedError("newsworker-split"),
    errors.SaslAuthenticationFailed(),
    errors.UnsupportedVersionError(),
    AccessError("the certificate has expired"),
    ConfigurationError("a topic is missing"),
]


class Step:
    """A step of the start that fails with each error in turn, then succeeds."""

    def __init__(self, *ends: Exception) -> None:
        self.ends = list(ends)
        self.attempts = 0

    async def __call__(self) -> None:
        self.attempts += 1
        if self.ends:
            raise self.ends.pop(0)


def done(step: Step, *, is_stopped: bool = False) -> bool:
    """Play the step with hardly a wait."""

    async def play() -> bool:
        stop = asyncio.Event()
        if is_stopped:
            stop.set()
        return await until_done(step, stop, first_wait_seconds=0.001)

    return asyncio.run(play())


def test_a_broker_that_is_away_for_a_moment_stops_no_start():
    """Whatever says that one broker is down, the step is tried again until another answers."""
    step = Step(*AWAY[:3])

    assert done(step)
    assert 4 == step.attempts


@pytest.mark.parametrize("error", REFUSES, ids=lambda error: type(error).__name__)
def test_a_refusal_ends_the_start_at_once(error):
    """Where waiting does not help there is no second attempt."""
    step = Step(error)

    with pytest.raises(type(error)):
        done(step)
    assert 1 == step.attempts


def test_a_stop_ends_the_waiting():
    """Who was asked to stop does not begin the step."""
    step = Step()

    assert not done(step, is_stopped=True)
    assert 0 == step.attempts


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_an_absent_broker_is_told_from_one_that_refuses(error):
    """An error of a connection, a request that took too long and a change of leaders are worth another try."""
    assert is_away(error)
    assert not any(map(is_away, REFUSES))
