"""The broker as the process sees it, beside the stages: waiting for it at the start, and its pulse."""

from __future__ import annotations

import asyncio
import random
import time

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from worker.ops.access import Unreachable, reach
from worker.ops.settings import Settings
from worker.stream.guarantee import Client

PULSE_SECONDS = 5.0
"""How often the broker is asked for a sign of life. Readiness counts after 30 s without one."""

ANSWER_SECONDS = 10.0
"""How long one sign of life may take."""

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 10.0
"""Waits between attempts at the start; each is double the one before, and half of it is chance."""

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

        Each attempt waits longer, up to `LONGEST_WAIT_SECONDS`, and by chance: a fleet that lost its broker
        does not come back as one.

        Raises:
            AccessError: A broker is there and does not let us in: waiting does not help.
        """
        wait = FIRST_WAIT_SECONDS
        while not stop.is_set():
            try:
                await reach(self._settings)
                reason = "it answered, and then did not"
                if await self.beat():
                    return True
            except Unreachable as error:
                reason = str(error)
            seconds = wait * random.uniform(0.5, 1.0)  # noqa: S311 - spreads a fleet, hides nothing
            log.warning("broker_awaited", reason=reason, seconds=round(seconds, 1))
            await _either(stop, seconds)
            wait = min(LONGEST_WAIT_SECONDS, wait * 2)
        return False

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


async def _either(stop: asyncio.Event, seconds: float) -> None:
    """Wait for ``stop``, for so many seconds at most."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
