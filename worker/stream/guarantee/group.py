"""What the coordinator of a consumer group knows: its offsets and its members."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka import TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError

from worker.stream.guarantee.client import Client

T = TypeVar("T")

COORDINATOR_SECONDS = 20.0
"""How long a group's coordinator is waited for: a new cluster needs a second or two, an election a few."""


async def group_offset(client: Client, source: str, group: str, partition: int) -> int | None:
    """Return the group's offset of a partition; None where the group has none."""
    admin, where = client.admin(), TopicPartition(source, partition)
    await admin.start()
    try:
        found = await _coordinated(lambda: admin.list_consumer_group_offsets(group, partitions=[where]))
    finally:
        await admin.close()
    offset = found[where].offset if where in found else -1
    return offset if offset >= 0 else None


async def members(client: Client, group: str) -> int:
    """Return how many members the group has now."""
    admin = client.admin()
    await admin.start()
    try:
        answers = await _coordinated(lambda: admin.describe_consumer_groups([group]))
    finally:
        await admin.close()
    return sum(len(described[5]) for answer in answers for described in answer.groups)


async def _coordinated(ask: Callable[[], Awaitable[T]]) -> T:
    """Return what the group's coordinator answers; a new cluster makes its first one when it is first asked for."""
    until = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            return await ask()
        except (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError, GroupLoadInProgressError):
            if time.monotonic() >= until:
                raise
        await asyncio.sleep(0.2)
