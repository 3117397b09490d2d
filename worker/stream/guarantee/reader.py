"""Reading the log ourselves, beside Faust: ends, beginnings, and any stretch of a partition.

A seek through Faust does not bring a record back that it has seen, so what it leaves out is read here.
Consumers are kept open and lent out: connecting anew for each hole would cost more than the hole.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

from worker.stream.guarantee.client import PATIENCE_SECONDS, Client
from worker.stream.guarantee.errors import Stuck
from worker.stream.guarantee.records import Record

POLL_MS = 200

CATCH_UP_SECONDS = 10.0
"""A log whose end lies before a position for longer than this has lost records or is another log."""

SETTLE_SECONDS, STOP_SECONDS = 0.02, 2.0
"""aiokafka's fetch routine swallows the cancel of a stop that comes while it lets go of an assignment, and
then waits for ever (0.14, `Fetcher._fetch_requests_routine`): let it settle first, and do not wait for it."""


class LogReader:
    """Reads partitions with read_committed, outside any group. Safe for concurrent tasks of one loop."""

    def __init__(self, client: Client) -> None:
        self.lists_exactly = False
        """Whether the broker's list of ends is taken as it is. Apache Kafka's is exact; Tansu names the
        beginning of the last batch, so the end is taken from an answer to a fetch there."""
        self._client = client
        self._free: list[AIOKafkaConsumer] = []
        self._all: list[AIOKafkaConsumer] = []

    async def ends(self, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        """Return the last stable offset of each partition: a read_committed reader gets so far."""
        wanted = [TopicPartition(topic, number) for number in partitions]
        consumer = await self._borrow()
        try:
            listed: dict[TopicPartition, int] = await consumer.end_offsets(wanted)
            if not self.lists_exactly:
                listed = await _fetched_ends(consumer, listed)
            return {tp.partition: end for tp, end in listed.items()}
        finally:
            self._free.append(consumer)

    async def end(self, topic: str, partition: int) -> int:
        """Return the last stable offset of one partition."""
        return (await self.ends(topic, [partition]))[partition]

    async def end_behind(self, topic: str, partition: int, position: int) -> int:
        """Return the last stable offset; look again for `CATCH_UP_SECONDS` while it lies before ``position``.

        After an election a broker may for a moment know less than its readers.
        """
        until = time.monotonic() + CATCH_UP_SECONDS
        while (end := await self.end(topic, partition)) < position and time.monotonic() < until:  # noqa: ASYNC110  the broker tells nobody
            await asyncio.sleep(0.2)
        return end

    async def beginning(self, topic: str, partition: int) -> int:
        """Return the first offset that the log still has."""
        wanted = TopicPartition(topic, partition)
        consumer = await self._borrow()
        try:
            return int((await consumer.beginning_offsets([wanted]))[wanted])
        finally:
            self._free.append(consumer)

    async def at(self, topic: str, partition: int, timestamp_ms: int) -> int:
        """Return the first offset whose timestamp is not before a time; the end where there is none."""
        wanted = TopicPartition(topic, partition)
        consumer = await self._borrow()
        try:
            found = (await consumer.offsets_for_times({wanted: timestamp_ms}))[wanted]
        finally:
            self._free.append(consumer)
        return await self.end(topic, partition) if found is None else int(found.offset)

    async def read(self, topic: str, partition: int, start: int, end: int) -> AsyncIterator[Record]:
        """Yield the records from ``start`` to before ``end``, as far as the log has them.

        Ends where the reader's own position reaches ``end``: a transaction leaves markers that are
        offsets but no records, and they may well be the last ones.

        Raises:
            Stuck: Nothing came for `PATIENCE_SECONDS`, and ``end`` is not reached.
        """
        if start >= end:
            return
        where = TopicPartition(topic, partition)
        consumer = await self._borrow()
        try:
            consumer.assign([where])
            consumer.seek(where, start)
            async for record in _until(consumer, where, end):
                yield record
        finally:
            consumer.unsubscribe()
            self._free.append(consumer)

    async def close(self) -> None:
        """Close every connection. Idempotent."""
        consumers, self._all = self._all, []
        self._free.clear()
        await asyncio.sleep(SETTLE_SECONDS)
        for consumer in consumers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(consumer.stop(), STOP_SECONDS)

    async def _borrow(self) -> AIOKafkaConsumer:
        if self._free:
            return self._free.pop()
        consumer = self._client.consumer()
        self._all.append(consumer)
        await consumer.start()
        return consumer


@contextlib.asynccontextmanager
async def reading(client: Client) -> AsyncIterator[LogReader]:
    """Lend a reader for as long as the context lasts."""
    reader = LogReader(client)
    try:
        yield reader
    finally:
        await reader.close()


async def _fetched_ends(consumer: AIOKafkaConsumer, listed: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
    """Return the ends that the broker names in its answers to a fetch, at least those it listed."""
    consumer.assign(list(listed))
    for where, end in listed.items():
        consumer.seek(where, end)
    await consumer.getmany(*listed, timeout_ms=POLL_MS)
    ends = {where: max(end, consumer.last_stable_offset(where) or 0) for where, end in listed.items()}
    consumer.unsubscribe()
    return ends


async def _until(consumer: AIOKafkaConsumer, where: TopicPartition, end: int) -> AsyncIterator[Record]:
    moved_at, position = time.monotonic(), -1
    while True:
        now_at = await consumer.position(where)
        if now_at >= end:
            return
        if now_at != position:
            moved_at, position = time.monotonic(), now_at
        elif time.monotonic() - moved_at > PATIENCE_SECONDS:
            raise Stuck(f"reading {where.topic}/{where.partition} stays at {position} and does not reach {end}")
        for found in (await consumer.getmany(where, timeout_ms=POLL_MS)).get(where, ()):
            if found.offset >= end:
                return
            yield as_record(found)


def as_record(found: ConsumerRecord) -> Record:
    """Return what aiokafka read as the layer's record."""
    return Record(
        found.topic,
        found.partition,
        found.offset,
        found.timestamp,
        found.key,
        found.value,
        tuple(found.headers),
    )
