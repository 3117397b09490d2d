"""Reads the topic of decisions for some ids: by offset and time, without a group, up to the present ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from schemas import PageDecisions, decode
from worker.ops.admin import admin, described
from worker.ops.exits import ConfigurationError
from worker.ops.settings import Settings
from worker.stream.guarantee import Client, Record
from worker.stream.guarantee.reader import LogReader


async def decisions(
    settings: Settings, client: Client, topic: str, *, ids: frozenset[str], since_ms: int | None = None
) -> AsyncGenerator[PageDecisions]:
    """Give the pages whose decisions name one of the ids, in the order of partition and offset.

    The topic is keyed by page, so all of it is read; a record without the ids is not decoded.

    Args:
        settings: Of the installation.
        client: How the broker is reached.
        topic: The topic's name on the cluster.
        ids: Of articles, teasers or stories.
        since_ms: Milliseconds since 1970; None begins with the oldest.

    Raises:
        ConfigurationError: There is no such topic.
        ContractError: A record is no page's decisions.
    """
    async with admin(settings) as asked:
        found = (await described(asked, [topic])).topics.get(topic)
    if found is None:
        raise ConfigurationError(
            f"{topic} is missing: set NEWSWORKER_DECISIONS=true, then `newsworker topics apply` creates it."
        )
    needles = [f'"{one}"'.encode() for one in ids]
    reader = LogReader(client)
    try:
        for partition, end in (await reader.ends(topic, range(found.partitions))).items():
            start = await _start(reader, topic, partition, since_ms)
            records = cast("AsyncGenerator[Record]", reader.read(topic, partition, start, end))
            async with aclosing(records):
                async for record in records:
                    if any(needle in (record.value or b"") for needle in needles):
                        yield decode(PageDecisions, record.value)
    finally:
        await reader.close()


async def _start(reader: LogReader, topic: str, partition: int, since_ms: int | None) -> int:
    if since_ms is None:
        return await reader.beginning(topic, partition)
    return await reader.at(topic, partition, max(0, since_ms))
