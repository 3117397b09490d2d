"""How a partition writes: in a transaction, or confirmed step by step. One interface, two forms.

    begin -> send* -> commit(state)     both: outputs first, the state record last, as one atom or in this order
    abort                               transactions only; without them there is nothing to take back

A commit that fails or times out has an unknown outcome. Nobody asks: the process ends, and the next
claim reads from the state topic what became of it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from aiokafka import AIOKafkaProducer

from worker.stream.guarantee.batches import Batch, Batches
from worker.stream.guarantee.client import PATIENCE_SECONDS, Client
from worker.stream.guarantee.errors import Refused, Stuck
from worker.stream.guarantee.observer import Observer, Result
from worker.stream.guarantee.records import Message

ABORT_SECONDS = 1.0
"""A dying process tries for so long to take its transaction back; else the fencing claim does."""


class Writer(Protocol):
    """Writes the units of one partition."""

    async def start(self) -> None:
        """Connect; with transactions, fence every former owner and end its open transaction."""

    async def begin(self) -> None:
        """Open the next atom."""

    async def send(self, message: Message) -> None:
        """Put a message into the open atom; it leaves with the others of its batch."""

    async def flush(self) -> None:
        """Let go what was gathered, without waiting for answers."""

    async def commit(self, states: Iterable[Message]) -> list[int]:
        """Close the atom with its state records and return their offsets."""

    async def abort(self) -> None:
        """Take the open atom back where that can be done. Never raises."""

    async def stop(self) -> None:
        """Disconnect; what was not committed is not written by it."""


class _Sending:
    """What both forms share: messages that were not yet confirmed, and their counts."""

    def __init__(self, producer: AIOKafkaProducer, observer: Observer) -> None:
        self.producer = producer
        self.observer = observer
        self.gathered = Batches(producer)

    async def start(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.producer.start()
        except TimeoutError as error:
            raise Stuck(f"no producer after {PATIENCE_SECONDS} s: is the transaction coordinator up?") from error

    async def send(self, message: Message) -> None:
        """Put ``message`` into its batch; waits only where that is full and one before it is on its way."""
        await self.gathered.add(message)

    async def flush(self) -> None:
        """Let go what was gathered."""
        await self.gathered.flush()

    async def confirm(self) -> list[int]:
        """Wait until the broker has everything sent since the last call, and return the offsets."""
        sent, self.gathered = self.gathered, Batches(self.producer)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                offsets = await sent.offsets()
        except BaseException as error:
            failed, refused = sent.failed(), sent.refused()
            self._count(failed, "failed")
            sent.forget()
            if refused is not None:
                raise Refused(refused.topic, error) from error
            if isinstance(error, TimeoutError):
                raise Stuck(f"no confirmation of {len(sent)} messages after {PATIENCE_SECONDS} s") from error
            raise
        self._count(sent.all, "confirmed")
        return offsets

    def _count(self, batches: Iterable[Batch], result: Result) -> None:
        topics: Counter[str] = Counter()
        for batch in batches:
            topics[batch.topic] += batch.messages
        for topic, n in topics.items():
            self.observer.sent(topic, result, n)

    async def stop(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.producer.stop()
        except TimeoutError as error:
            raise Stuck("the producer does not close") from error


class Transactional(_Sending):
    """Writes each atom as one transaction of the partition's own id."""

    def __init__(self, client: Client, transactional_id: str, observer: Observer) -> None:
        super().__init__(client.transactional(transactional_id), observer)

    async def begin(self) -> None:
        """Open a transaction; nothing is sent for it yet."""
        await self.producer.begin_transaction()

    async def commit(self, states: Iterable[Message]) -> list[int]:
        """Write the state records, then commit outputs and state as one."""
        before = len(self.gathered)
        for state in states:
            await self.send(state)
        offsets = await self.confirm()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.producer.commit_transaction()
        except TimeoutError as error:
            raise Stuck(f"a commit has an unknown outcome after {PATIENCE_SECONDS} s") from error
        return offsets[before:]

    async def abort(self) -> None:
        """Take the open transaction back, if the broker still lets this owner."""
        try:
            async with asyncio.timeout(ABORT_SECONDS):
                await self.producer.abort_transaction()
        except BaseException:  # noqa: BLE001, S110 - the process is ending for another reason; fencing aborts as well
            pass


class Confirming(_Sending):
    """Writes outputs, waits for the broker, then writes the state records and waits again."""

    def __init__(self, producer: AIOKafkaProducer, observer: Observer) -> None:
        super().__init__(producer, observer)

    async def begin(self) -> None:
        """Do nothing: there is no transaction to open."""

    async def commit(self, states: Iterable[Message]) -> list[int]:
        """Confirm the outputs, then the state records: a crash in between repeats, it does not lose."""
        await self.confirm()
        for state in states:
            await self.send(state)
        return await self.confirm()

    async def abort(self) -> None:
        """Do nothing: what was sent stays, and is sent again with the same ids."""
