"""The broker as the process sees it, beside the stages: waiting for it at the start, and its pulse."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import BrokerNotAvailableError, KafkaError, KafkaTimeoutError, KafkaUnavailableError

from worker.ops.access import Unreachable, reach, refusal
from worker.ops.settings import Settings
from worker.stream.guarantee import Client

PULSE_SECONDS = 5.0
"""How often the broker is asked for a sign of life. Readiness counts after 30 s without one."""

ANSWER_SECONDS = 10.0
"""How long one sign of life may take."""

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 10.0
"""Waits between attempts at the start; each is double the one before, and half of it is chance."""

_AWAY = (BrokerNotAvailableError, KafkaTimeoutError, KafkaUnavailableError, OSError, TimeoutError)
"""What says that a broker is away, beside what the client itself takes for worth another try."""

log = structlog.get_logger("newsworker.broker")


class Pulse:
    """Asks the broker for a sign of life, again and again, and remembers when it answered.

    Args:
        settings: Where it is and how to get in.
        client: How the worker's clients are made.
    """

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self._admin: AIOKafkaAdminClient | None = None
        self.answered = 0.0
        """When it answered last, seconds since the epoch; 0 before the first answer."""

    async def first(self, stop: asyncio.Event) -> bool:
        """Wait for the first answer without end; False where ``stop`` came before it.

        Raises:
            AccessError: A broker is there and does not let us in: waiting does not help.
        """

        async def reached() -> None:
            await reach(self._settings)
            if not await self.beat():
                raise Unreachable("it answered, and then did not")

        return await until_done(reached, stop)

    async def beat(self) -> bool:
        """Ask once; tell whether it answered."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                admin = self._admin or await self._connected()
                await admin.describe_cluster()
        except (KafkaError, OSError, TimeoutError):
            await self.close()  # the addresses it knows may be those of brokers that are gone
            return False
        self.answered = time.time()
        return True

    async def keep(self) -> None:
        """Ask until cancelled."""
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            await self.beat()

    async def close(self) -> None:
        """Close the connection. Idempotent."""
        admin, self._admin = self._admin, None
        if admin is not None:
            await admin.close()

    async def _connected(self) -> AIOKafkaAdminClient:
        admin = self._client.admin()
        try:
            await admin.start()
        except BaseException:
            await admin.close()
            raise
        self._admin = admin
        return admin


async def until_done(
    step: Callable[[], Awaitable[object]], stop: asyncio.Event, first_wait_seconds: float = FIRST_WAIT_SECONDS
) -> bool:
    """Do a step of the start, again and again while a broker is away; False where ``stop`` came before it was done.

    One of several brokers may be down and still named by the others, so that one attempt meets it and the next
    does not. Each wait is longer, up to `LONGEST_WAIT_SECONDS`, and by chance: a fleet that lost its broker
    does not come back as one.

    Raises:
        Exception: What the step raises for any other reason: waiting does not help.
    """
    wait = first_wait_seconds
    while not stop.is_set():
        try:
            await step()
        except (Unreachable, *_AWAY, KafkaError) as error:
            if not is_away(error):
                raise
            seconds = wait * random.uniform(0.5, 1.0)  # noqa: S311 - spreads a fleet, hides nothing
            log.warning("broker_awaited", reason=str(error) or type(error).__name__, seconds=round(seconds, 1))
        else:
            return True
        await _either(stop, seconds)
        wait = min(LONGEST_WAIT_SECONDS, wait * 2)
    return False


def is_away(error: BaseException) -> bool:
    """Tell whether an error says that a broker is away, and not that it refuses us. Pure."""
    if isinstance(error, KafkaError) and refusal(error) is not None:
        return False
    return isinstance(error, (Unreachable, *_AWAY)) or bool(getattr(error, "retriable", False))


async def _either(stop: asyncio.Event, seconds: float) -> None:
    """Wait for ``stop``, for so many seconds at most."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
