"""Messages of an atom: which partition they go to, and in which order they are answered for."""

import asyncio
from typing import Any

import pytest
from aiokafka import partitioner
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError
from hypothesis import given
from hypothesis import strategies as st

from worker.stream.guarantee import Message
from worker.stream.guarantee.batches import Batches, murmur2
from worker.stream.guarantee.client import BATCH_BYTES


class Builder:
    """A batch that takes so many messages."""

    def __init__(self, room: int) -> None:
        self.room, self.values = room, []

    def append(self, *, value: bytes, **_: Any) -> bool | None:
        if len(self.values) == self.room:
            return None
        self.values.append(value)
        return True

    def size(self) -> int:
        return sum(map(len, self.values))

    def close(self) -> None: ...


class Producer:
    """A broker whose logs begin at 100, and what was sent to it."""

    def __init__(self, room: int = 9) -> None:
        self.room = room
        self.sent: list[tuple[str, int, list[bytes]]] = []
        self.ends: dict[tuple[str, int], int] = {}

    async def partitions_for(self, _topic: str) -> set[int]:
        return {0, 1, 2}

    def create_batch(self) -> Builder:
        return Builder(self.room)

    async def send_batch(self, builder: Builder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        self.sent.append((topic, partition, builder.values))
        first = self.ends.get((topic, partition), 100)
        self.ends[topic, partition] = first + len(builder.values)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answer.set_result(type("Metadata", (), {"offset": first}))
        return answer


@given(st.binary(max_size=70))
def test_a_key_goes_where_every_client_sends_it(key):
    """The hash is that of the client, whatever the key and its length."""
    assert partitioner.murmur2(key) == murmur2(key)


async def test_every_message_has_its_offset():
    """Offsets come in the order in which messages were added, over partitions and full batches."""
    batches = Batches(Producer(room=2))
    for partition in (0, 1, 0, 0, 1):
        await batches.add(Message("t", b"k", b"v", partition=partition))

    assert [100, 100, 101, 102, 101] == await batches.offsets()


async def test_a_partition_gets_one_batch_of_a_commit():
    """Messages travel together, and none is sent before it has to be."""
    producer = Producer()
    batches = Batches(producer)
    for value in (b"a", b"b"):
        await batches.add(Message("t", b"k", value, partition=1))
    before = list(producer.sent)
    await batches.flush()

    assert ([], [("t", 1, [b"a", b"b"])]) == (before, producer.sent)


async def test_a_large_message_does_not_wait():
    """What fills a batch by itself is sent at once: memory holds one such page a partition, not a commit of them."""
    producer = Producer()
    await Batches(producer).add(Message("t", b"k", bytes(BATCH_BYTES), partition=2))

    assert [("t", 2)] == [(topic, partition) for topic, partition, _ in producer.sent]


async def test_messages_without_a_key_share_a_partition():
    """Which one is the same within an atom, so that they make one batch."""
    producer = Producer()
    batches = Batches(producer)
    for value in (b"a", b"b", b"c"):
        await batches.add(Message("t", None, value))
    await batches.flush()

    assert [[b"a", b"b", b"c"]] == [values for _, _, values in producer.sent]


class Refusing(Producer):
    """A broker that answers for some topics with an error, and for some not at all."""

    def __init__(self, errors: dict[str, BaseException], silent: str = "") -> None:
        super().__init__()
        self.errors, self.silent = errors, silent

    async def send_batch(self, builder: Builder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        if topic not in self.errors and topic != self.silent:
            return await super().send_batch(builder, topic, partition=partition)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if topic in self.errors:
            answer.set_exception(self.errors[topic])
        return answer


async def answered(producer: Producer) -> Batches:
    """Return an atom of three topics whose answers were waited for until one is an error or too late."""
    batches = Batches(producer)
    for topic in ("a", "b", "c"):
        await batches.add(Message(topic, b"key", b"value"))
    with pytest.raises((KafkaTimeoutError, MessageSizeTooLargeError, TimeoutError)):
        async with asyncio.timeout(0.05):
            await batches.offsets()
    return batches


async def test_only_what_the_broker_refuses_counts_as_failed():
    """Of an atom with a refused topic neither what is confirmed nor what is not answered yet has failed."""
    batches = await answered(Refusing({"b": MessageSizeTooLargeError()}, silent="c"))

    assert ["b"] == [batch.topic for batch in batches.failed()]
    assert batches.refused() is batches.failed()[0]


async def test_without_an_answer_nothing_is_refused_and_the_rest_is_confirmed():
    """Where time runs out what has no answer has failed, and no topic is to blame."""
    batches = await answered(Refusing({}, silent="c"))

    assert ["c"] == [batch.topic for batch in batches.failed()]
    assert batches.refused() is None


async def test_trouble_that_passes_is_no_refusal():
    """A request that ran into its time has failed and may be sent again."""
    batches = await answered(Refusing({"a": KafkaTimeoutError()}))

    assert ["a"] == [batch.topic for batch in batches.failed()]
    assert batches.refused() is None
