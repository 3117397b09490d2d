"""What an atom writes, gathered by partition: one compression, one future and mostly one request for many messages.

Sent one by one, a page's dozen of events cost a future, a timer and a request each; a batch of a whole commit
compresses to two thirds as well, since its messages resemble each other.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count
from struct import iter_unpack
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)
from aiokafka.structs import RecordMetadata

from worker.stream.guarantee.client import BATCH_BYTES
from worker.stream.guarantee.records import Message

_MULTIPLIER, _SEED, _WORD, _SIGN = 0x5BD1E995, 0x9747B28C, 0xFFFFFFFF, 0x7FFFFFFF

_atoms = count()

REFUSALS = (
    InvalidTopicError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)
"""Answers that are about the topic and these records: sending them again does not help."""


def murmur2(key: bytes) -> int:
    """Return the hash by which every Kafka client chooses a partition: a story's events stay in one. Pure.

    The client's own reads byte by byte and takes two and a half times as long; a page has a dozen keys.
    """
    size, whole = len(key), len(key) & ~3
    mixed = _SEED ^ size
    for (word,) in iter_unpack("<I", key[:whole]):
        k = word * _MULTIPLIER & _WORD
        mixed = (mixed * _MULTIPLIER ^ (k ^ k >> 24) * _MULTIPLIER) & _WORD
    if whole < size:
        mixed = (mixed ^ int.from_bytes(key[whole:], "little")) * _MULTIPLIER & _WORD
    mixed = (mixed ^ mixed >> 13) * _MULTIPLIER & _WORD
    return mixed ^ mixed >> 15


@dataclass(slots=True)
class Batch:
    """Messages to one partition that travel together."""

    topic: str
    partition: int
    builder: Any
    """The client's builder, whose type is not exported; None once it is sent."""
    messages: int = 0
    answer: asyncio.Future[RecordMetadata] | None = None
    """Resolves with the offset of the first message; None until the batch is sent."""

    @property
    def is_answered(self) -> bool:
        """Tell whether the broker took it or refused it."""
        return self.answer is not None and self.answer.done() and not self.answer.cancelled()

    @property
    def error(self) -> BaseException | None:
        """Return why it failed; None where it did not, or is not answered."""
        return self.answer.exception() if self.answer is not None and self.is_answered else None


class Batches:
    """The messages of one atom, in the order in which they were added.

    Args:
        producer: Writes them; it is started.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._open: dict[tuple[str, int], Batch] = {}
        self._partitions: dict[str, list[int]] = {}
        self._turn = next(_atoms)
        self._places: list[tuple[Batch, int]] = []
        self.all: list[Batch] = []
        """Every batch, sent or still open."""

    def __len__(self) -> int:
        return len(self._places)

    async def add(self, message: Message) -> None:
        """Put a message into the batch of its partition; a full one is sent, which may wait for one before it."""
        partition = message.partition
        if partition is None:
            partition = await self._chosen(message)
        where = (message.topic, partition)
        batch = self._open.get(where) or self._begun(where)
        if not _append(batch, message):
            await self._send(where)
            batch = self._begun(where)
            _append(batch, message)
        self._places.append((batch, batch.messages))
        batch.messages += 1
        if batch.builder.size() >= BATCH_BYTES:
            await self._send(where)  # a large page must not wait in memory

    async def flush(self) -> None:
        """Hand every open batch to the client."""
        for where in tuple(self._open):
            await self._send(where)

    async def offsets(self) -> list[int]:
        """Send what is open, wait for every answer and return the offset of each message."""
        await self.flush()
        firsts = {id(batch): (await batch.answer).offset for batch in self.all if batch.answer is not None}
        return [firsts[id(batch)] + number for batch, number in self._places]

    def failed(self) -> list[Batch]:
        """Return the batches that failed; where none did, those without an answer."""
        return [batch for batch in self.all if batch.error] or [batch for batch in self.all if not batch.is_answered]

    def refused(self) -> Batch | None:
        """Return the first batch that the broker refuses for good; None where there is none."""
        return next((batch for batch in self.all if isinstance(batch.error, REFUSALS)), None)

    def forget(self) -> None:
        """Ask for no answer any more."""
        for batch in self.all:
            if batch.answer is not None:
                batch.answer.cancel()

    async def _chosen(self, message: Message) -> int:
        """Return the partition of a key; without a key one that all such messages of this atom share."""
        numbers = self._partitions.get(message.topic)
        if numbers is None:
            numbers = self._partitions[message.topic] = sorted(await self._producer.partitions_for(message.topic))
        if message.key is None:
            return numbers[self._turn % len(numbers)]
        return numbers[(murmur2(message.key) & _SIGN) % len(numbers)]

    def _begun(self, where: tuple[str, int]) -> Batch:
        batch = self._open[where] = Batch(*where, self._producer.create_batch())
        self.all.append(batch)
        return batch

    async def _send(self, where: tuple[str, int]) -> None:
        batch = self._open.pop(where)
        builder, batch.builder = batch.builder, None  # the client lets the bytes go once they are there
        builder.close()  # an open one lingers
        batch.answer = await self._producer.send_batch(builder, batch.topic, partition=batch.partition)


def _append(batch: Batch, message: Message) -> bool:
    """Tell whether the batch had room; an empty one has room for any message."""
    appended = batch.builder.append(
        timestamp=message.timestamp_ms,
        key=message.key,
        value=message.value,
        headers=list(message.headers),  # the client's builder takes nothing else
    )
    return appended is not None
