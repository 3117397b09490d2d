"""Reads a topic for a command: by offset and time, without a group, up to the ends it had at the start."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import cast

from worker.ops.admin import admin, described
from worker.ops.exits import ConfigurationError
from worker.ops.settings import Settings
from worker.stream.guarantee import Client, Record
from worker.stream.guarantee.reader import LogReader


class TopicLog:
    """A topic of an installation.

    Args:
        reader: Reads its partitions.
        topic: Its name on the cluster.
        partitions: How many it has.
    """

    def __init__(self, reader: LogReader, topic: str, partitions: int) -> None:
        self._reader, self.topic, self._partitions = reader, topic, range(partitions)

    async def records(self, since_ms: int | None = None) -> AsyncGenerator[Record]:
        """Give all records in the order of partition and offset, from a time on, up to the present ends.

        Args:
            since_ms: Milliseconds since 1970; None begins with the oldest.
        """
        ends = await self._reader.ends(self.topic, self._partitions)
        for partition, end in ends.items():
            start = await self._start(partition, since_ms)
            async with aclosing(self._records(partition, start, end)) as records:
                async for record in records:
                    yield record

    async def record(self, partition: int, offset: int) -> Record:
        """Return one record.

        Raises:
            LookupError: There is none at that place.
        """
        if partition in self._partitions:
            beginning = await self._reader.beginning(self.topic, partition)
            end = await self._reader.end(self.topic, partition)
            if beginning <= offset < end:
                async with aclosing(self._records(partition, offset, offset + 1)) as records:
                    async for record in records:
                        return record
        raise LookupError(f"{self.topic} has no record at {partition}:{offset}")

    def _records(self, partition: int, start: int, end: int) -> AsyncGenerator[Record]:
        # It is one by how it is written, and must be closed where it is left early.
        return cast("AsyncGenerator[Record]", self._reader.read(self.topic, partition, start, end))

    async def _start(self, partition: int, since_ms: int | None) -> int:
        if since_ms is None:
            return await self._reader.beginning(self.topic, partition)
        return await self._reader.at(self.topic, partition, max(0, since_ms))


@asynccontextmanager
async def topic_log(settings: Settings, client: Client, topic: str) -> AsyncIterator[TopicLog]:
    """Open a topic for reading.

    Raises:
        ConfigurationError: There is no such topic.
        KafkaError: The broker refuses, by its reason.
    """
    async with admin(settings) as asked:
        found = (await described(asked, [topic])).topics.get(topic)
    if found is None:
        raise ConfigurationError(f"{topic} is missing: `newsworker topics apply` creates it.")
    reader = LogReader(client)
    try:
        yield TopicLog(reader, topic, found.partitions)
    finally:
        await reader.close()
