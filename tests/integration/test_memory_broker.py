import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiokafka.errors import IllegalOperation, ProducerFenced

from tests.kafka.memory import MemoryBroker, MemoryProducer, MemoryReader
from worker.stream.guarantee import Client
from worker.stream.guarantee.reader import LogReader


class Both:
    """What the suite needs of a broker: topics, producers and a reader."""

    def __init__(self, topic: Callable[[], str], producer: Callable[[str | None], Any], reader: Any) -> None:
        self.topic, self._producer, self.reader = topic, producer, reader
        self.producers: list[Any] = []

    async def producer(self, transactional_id: str | None = None) -> Any:
        producer = self._producer(transactional_id)
        await producer.start()
        self.producers.append(producer)
        return producer

    async def seen(self, topic: str) -> list[bytes | None]:
        end = await self.reader.end(topic, 0)
        return [record.value async for record in self.reader.read(topic, 0, 0, end)]


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.kafka)])
async def both(request) -> AsyncIterator[Both]:
    """The broker in memory, and Apache Kafka."""
    if request.param == "memory":
        broker, names = MemoryBroker(), iter(f"t{n}" for n in range(9))
        yield Both(lambda: next(names), lambda i: MemoryProducer(broker, i), MemoryReader(broker))
        return
    kafka = request.getfixturevalue("kafka")
    client = Client(kafka.bootstrap)
    reader = LogReader(client)
    ids = {name: f"{name}-{kafka.topics('id')[0]}" for name in ("one", "two")}
    made = Both(
        lambda: kafka.topics("memory")[0],
        lambda i: client.transactional(ids[i]) if i else client.producer(),
        reader,
    )
    yield made
    await reader.close()
    for producer in made.producers:
        with contextlib.suppress(Exception):  # some were fenced on purpose
            await producer.stop()


async def test_a_plain_record_is_there_at_once(both):
    """Without a transaction a confirmed record is visible."""
    topic, producer = both.topic(), await both.producer()
    sent = await producer.send(topic, b"a", partition=0)

    assert 0 == (await sent).offset
    assert [b"a"] == await both.seen(topic)


async def test_a_transaction_is_visible_when_it_is_committed(both):
    """Before the commit nothing is visible and the last stable offset stays before it."""
    topic, producer = both.topic(), await both.producer("one")
    await producer.begin_transaction()
    await (await producer.send(topic, b"a", partition=0))
    before = await both.reader.end(topic, 0), await both.seen(topic)
    await producer.commit_transaction()

    assert (0, []) == before
    assert [b"a"] == await both.seen(topic)


async def test_a_marker_takes_an_offset(both):
    """The end of a log lies behind the marker, and the next record too."""
    topic, producer = both.topic(), await both.producer("one")
    for value in (b"a", b"b"):
        await producer.begin_transaction()
        sent = await producer.send(topic, value, partition=0)
        await producer.commit_transaction()

    assert (2, 4) == ((await sent).offset, await both.reader.end(topic, 0))


async def test_an_aborted_transaction_is_never_visible(both):
    """What was taken back is passed over, and what comes after it is seen."""
    topic, producer = both.topic(), await both.producer("one")
    await producer.begin_transaction()
    await (await producer.send(topic, b"a", partition=0))
    await producer.abort_transaction()
    await producer.begin_transaction()
    await (await producer.send(topic, b"b", partition=0))
    await producer.commit_transaction()

    assert [b"b"] == await both.seen(topic)


async def test_an_open_transaction_hides_what_comes_after_it(both):
    """Another writer's committed record waits for the transaction before it."""
    topic, first, second = both.topic(), await both.producer("one"), await both.producer("two")
    await first.begin_transaction()
    await (await first.send(topic, b"a", partition=0))
    await second.begin_transaction()
    await (await second.send(topic, b"b", partition=0))
    await second.commit_transaction()
    hidden = await both.seen(topic)
    await first.commit_transaction()

    assert ([], [b"a", b"b"]) == (hidden, await both.seen(topic))


async def test_a_start_ends_the_former_owners_transaction(both):
    """A second producer of the id aborts what the first one left open, before its start returns."""
    topic, former = both.topic(), await both.producer("one")
    await former.begin_transaction()
    await (await former.send(topic, b"a", partition=0))
    await both.producer("one")

    assert [] == await both.seen(topic)
    assert 2 == await both.reader.end(topic, 0)


async def test_a_former_owner_cannot_commit(both):
    """Once fenced, neither the open transaction nor a new record of it becomes visible."""
    topic, former = both.topic(), await both.producer("one")
    await former.begin_transaction()
    await (await former.send(topic, b"a", partition=0))
    await both.producer("one")
    with pytest.raises((ProducerFenced, IllegalOperation)):
        await _send_and_commit(former, topic)

    assert [] == await both.seen(topic)


async def test_a_record_needs_a_transaction(both):
    """A transactional producer sends nothing outside one."""
    topic, producer = both.topic(), await both.producer("one")
    with pytest.raises(IllegalOperation):
        await producer.send(topic, b"a", partition=0)


async def _send_and_commit(producer: Any, topic: str) -> None:
    await (await producer.send(topic, b"b", partition=0))
    await producer.commit_transaction()
