"""A broker of a few lines: logs, transactions with epochs, markers, a last stable offset. No network, no time.

It stands in for Kafka where a test has to decide what happens between any two steps of the layer. The suite
that it is held to runs on Apache Kafka as well (`tests/integration/test_memory_broker.py`).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace

from aiokafka.errors import IllegalOperation, ProducerFenced

from worker.stream.guarantee import Record


class Outcome(StrEnum):
    """What becomes of a request."""

    ANSWERED = "answered"
    LOST = "lost"
    """It never reaches the broker."""
    UNANSWERED = "unanswered"
    """The broker does it, and the answer never comes."""


class Fate(StrEnum):
    """What became of an entry of the log."""

    OPEN = "open"
    COMMITTED = "committed"
    ABORTED = "aborted"


BATCH_RECORDS = 2
"""So few that a commit of some pages takes several batches."""

Gate = Callable[[str], Awaitable[Outcome]]
"""Asked before each request; the test says what becomes of it."""


async def always(_: str) -> Outcome:
    """Answer every request."""
    return Outcome.ANSWERED


@dataclass(slots=True)
class Entry:
    """One offset of a log: a record, or a transaction's marker."""

    value: bytes | None
    fate: Fate
    is_marker: bool = False


class MemoryBroker:
    """Logs by topic and partition, and the transactions on them."""

    def __init__(self) -> None:
        self.logs: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        self.epochs: dict[str, int] = defaultdict(int)
        self.open: dict[str, list[tuple[tuple[str, int], Entry]]] = {}

    def append(self, topic: str, partition: int, value: bytes | None, transactional_id: str | None) -> int:
        """Append a record and return its offset."""
        entry = Entry(value, Fate.OPEN if transactional_id else Fate.COMMITTED)
        log = self.logs[topic, partition]
        log.append(entry)
        if transactional_id:
            self.open.setdefault(transactional_id, []).append(((topic, partition), entry))
        return len(log) - 1

    def end_transaction(self, transactional_id: str, fate: Fate) -> None:
        """Give every record of the open transaction its fate, and write a marker to each of its partitions."""
        entries = self.open.pop(transactional_id, [])
        for _, entry in entries:
            entry.fate = fate
        for where in dict.fromkeys(where for where, _ in entries):
            self.logs[where].append(Entry(None, fate, is_marker=True))

    def stable_end(self, topic: str, partition: int) -> int:
        """Return the last stable offset: the first open record, or the end."""
        log = self.logs[topic, partition]
        return next((offset for offset, entry in enumerate(log) if entry.fate is Fate.OPEN), len(log))

    def committed(self, topic: str, partition: int = 0) -> list[bytes | None]:
        """Return what a read_committed reader sees now."""
        log = self.logs[topic, partition][: self.stable_end(topic, partition)]
        return [e.value for e in log if e.fate is Fate.COMMITTED and not e.is_marker]


class MemoryBatch:
    """The calls of an aiokafka batch that the layer makes."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []

    def append(self, *, value: bytes | None, **_: object) -> bool | None:
        """Take a record in; None where there are already as many as a batch holds."""
        if len(self.values) >= BATCH_RECORDS:
            return None
        self.values.append(value)
        return True

    def size(self) -> int:
        """Return the bytes of the records."""
        return sum(len(value or b"") for value in self.values)

    def close(self) -> None:
        """Do nothing: the layer adds no more."""


class MemoryProducer:
    """The calls of an aiokafka producer that the layer makes."""

    def __init__(self, broker: MemoryBroker, transactional_id: str | None = None, gate: Gate = always) -> None:
        self._broker, self._id, self._gate = broker, transactional_id, gate
        self._epoch = 0
        self._is_open = False

    async def start(self) -> None:
        """Fence every former producer of the id."""
        outcome = await self._asked("start")
        if self._id:
            self._broker.end_transaction(self._id, Fate.ABORTED)
            self._broker.epochs[self._id] += 1
            self._epoch = self._broker.epochs[self._id]
        _answer(outcome)

    async def begin_transaction(self) -> None:
        """Open a transaction; the broker hears of it with the first record."""
        self._is_open = True

    async def send(self, topic: str, value: bytes | None, **options: object) -> asyncio.Future[SimpleNamespace]:
        """Append a record, and return the delivery."""
        return await self._delivered(topic, int(str(options.get("partition") or 0)), [value])

    async def partitions_for(self, _topic: str) -> set[int]:
        """Return the one partition that a message without one goes to."""
        return {0}

    def create_batch(self) -> MemoryBatch:
        """Return a batch that takes whatever is put into it."""
        return MemoryBatch()

    async def send_batch(self, batch: MemoryBatch, topic: str, *, partition: int) -> asyncio.Future[SimpleNamespace]:
        """Append the batch's records, and return the delivery of the first."""
        return await self._delivered(topic, partition, batch.values)

    async def _delivered(
        self, topic: str, partition: int, values: Sequence[bytes | None]
    ) -> asyncio.Future[SimpleNamespace]:
        """Append all or nothing: a batch is one request."""
        if self._id and not self._is_open:
            raise IllegalOperation
        delivery: asyncio.Future[SimpleNamespace] = asyncio.get_running_loop().create_future()
        try:
            outcome = await self._asked("send")
            self._check_epoch()
            offset, *_ = [self._broker.append(topic, partition, value, self._id) for value in values]
            _answer(outcome)
        except (TimeoutError, ProducerFenced) as error:
            delivery.set_exception(error)
            delivery.exception()  # a failed delivery that nobody asks for is no news
        else:
            delivery.set_result(SimpleNamespace(offset=offset))
        return delivery

    async def commit_transaction(self) -> None:
        """Make the transaction visible."""
        await self._end(Fate.COMMITTED, "commit")

    async def abort_transaction(self) -> None:
        """Take the transaction back."""
        await self._end(Fate.ABORTED, "abort")

    async def stop(self) -> None:
        """Disconnect; an open transaction stays open until it is fenced."""

    async def _end(self, fate: Fate, name: str) -> None:
        if not self._is_open:
            raise IllegalOperation
        outcome = await self._asked(name)
        self._check_epoch()
        self._broker.end_transaction(str(self._id), fate)
        self._is_open = False
        _answer(outcome)

    async def _asked(self, name: str) -> Outcome:
        outcome = await self._gate(name)
        if outcome is Outcome.LOST:
            raise TimeoutError(name)
        return outcome

    def _check_epoch(self) -> None:
        if self._id and self._epoch != self._broker.epochs[self._id]:
            raise ProducerFenced


class MemoryReader:
    """The calls of the layer's `LogReader`."""

    def __init__(self, broker: MemoryBroker, gate: Gate = always) -> None:
        self._broker, self._gate = broker, gate

    async def ends(self, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        """Return the last stable offsets."""
        return {number: await self.end(topic, number) for number in partitions}

    async def end(self, topic: str, partition: int) -> int:
        """Return the last stable offset."""
        _answer(await self._gate("end"))
        return self._broker.stable_end(topic, partition)

    async def end_behind(self, topic: str, partition: int, _position: int) -> int:
        """Return the last stable offset: there are no elections here."""
        return await self.end(topic, partition)

    async def beginning(self, _topic: str, _partition: int) -> int:
        """Return the first offset: nothing expires here."""
        return 0

    async def read(self, topic: str, partition: int, start: int, end: int) -> AsyncIterator[Record]:
        """Yield the committed records from ``start`` to before ``end``."""
        for offset in range(start, end):
            entry = self._broker.logs[topic, partition][offset]
            if entry.fate is Fate.COMMITTED and not entry.is_marker:
                yield Record(topic, partition, offset, 1000 + offset, None, entry.value)


def _answer(outcome: Outcome) -> None:
    if outcome is not Outcome.ANSWERED:
        raise TimeoutError
