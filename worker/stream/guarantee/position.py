"""Looking at positions and state from outside, and setting a position by hand.

Setting one writes a state record of a raised generation, so that whatever a worker still writes of the
former one is skipped. With transactions it fences the worker as well: that ends and claims anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiokafka import TopicPartition
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    KafkaError,
    NotCoordinatorForGroupError,
)

from worker.stream.guarantee.catchup import catch_up, state_record
from worker.stream.guarantee.client import Client
from worker.stream.guarantee.errors import GuaranteeError, UndecodableState
from worker.stream.guarantee.observer import Silent
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.records import Guarantee, Message, Record, State
from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.source_id import source_id
from worker.stream.guarantee.statelog import Kind, StateRecord, packed
from worker.stream.guarantee.writer import Confirming, Transactional, Writer

S = TypeVar("S", bound=State)
T = TypeVar("T")

COORDINATOR_SECONDS = 20.0
"""How long a group's coordinator is waited for: a new cluster needs a second or two, an election a few."""


class PositionRefused(GuaranteeError):
    """The position can't be set; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a partition stands."""

    partition: int
    position: int | None
    """The next source offset; None where nothing is kept yet."""
    generation: int | None
    """Raised when the position is set by hand; None for the form without state."""
    beginning: int
    """The first offset that the source still has."""
    end: int
    """The source's last stable offset."""
    hint: int | None
    """The group's offset: the position itself without state, a hint with it."""

    @property
    def lag(self) -> int:
        """Return how many offsets lie behind the position."""
        return max(0, self.end - (self.beginning if self.position is None else self.position))


@dataclass(frozen=True, slots=True)
class Verified(Generic[S]):
    """What a whole reading of one partition of the state topic gave."""

    restored: Restored[S]
    read_bytes: int
    missing: tuple[int, int] | None
    """As in `CaughtUp`."""


@dataclass(frozen=True, slots=True)
class StateTopic:
    """A stateful stage's topics and names."""

    client: Client
    source: str
    state_topic: str
    group: str
    name: str
    """Prefix of the transactional ids."""


class _Nothing:
    """A state that forgets: only positions are read."""

    def apply(self, changes: bytes) -> None:
        """Forget."""

    def snapshot(self) -> Iterator[bytes]:
        """Yield nothing."""
        return iter(())


async def read_position(stage: StateTopic, partition: int) -> Position:
    """Return where a partition of a stateful stage stands. Reads only; a worker may run.

    Raises:
        UndecodableState: A state record can't be read.
    """
    async with _reading(stage.client) as reader:
        restored, _ = await catch_up(reader, stage.state_topic, partition, Restored(_Nothing, _Nothing()), _never)
        known = None if restored.is_empty else restored
        return await _position(
            reader,
            stage,
            partition,
            position=known.position if known else None,
            generation=known.generation if known else 0,
        )


async def read_group_position(client: Client, source: str, group: str, partition: int) -> Position:
    """Return where a partition of a stage without state stands."""
    async with _reading(client) as reader:
        stage = StateTopic(client, source, "", group, "")
        hint = await _group_offset(client, source, group, partition)
        return await _position(reader, stage, partition, position=hint, generation=None)


async def set_position(
    stage: StateTopic, partition: int, position: int, *, guarantee: Guarantee, clear: bool = False
) -> Position:
    """Set the position of a stateful stage's partition, and keep its state unless ``clear``.

    Args:
        stage: The stage.
        partition: The partition.
        position: The next source offset, within what the source has.
        guarantee: What the stage runs with: exactly_once fences a running worker, at_least_once can't.
        clear: Begin with an empty state.

    Raises:
        PositionRefused: Out of range; or a worker runs and can't be fenced.
        UndecodableState: A state record can't be read.
    """
    if guarantee is not Guarantee.EXACTLY_ONCE:
        await refuse_while_running(stage.client, stage.group)
    async with _reading(stage.client) as reader:
        await _refuse_out_of_range(reader, stage.source, partition, position)
        writer = _writer(stage, partition, guarantee)
        await writer.start()  # fences: nobody writes behind what is read now
        try:
            restored, _ = await catch_up(reader, stage.state_topic, partition, Restored(_Nothing, _Nothing()), _never)
            record = await _raised(stage, restored, position, clear=clear)
            await writer.begin()
            await writer.commit([Message(stage.state_topic, None, packed(record), partition=partition)])
        finally:
            await writer.stop()
    return await read_position(stage, partition)


async def place_state(
    stage: StateTopic, partition: int, state: State, position: int, *, guarantee: Guarantee
) -> Position:
    """Write the state and position that a stateful stage's partition begins with: one that never had any.

    Args:
        stage: The stage; no worker of it runs.
        partition: The partition.
        state: What it is to know.
        position: The next source offset, within what the source has.
        guarantee: What the stage runs with.

    Raises:
        PositionRefused: Out of range; a worker runs; or the partition has a state already.
        UndecodableState: A state record can't be read.
    """
    await refuse_while_running(stage.client, stage.group)
    async with _reading(stage.client) as reader:
        await _refuse_out_of_range(reader, stage.source, partition, position)
        writer = _writer(stage, partition, guarantee)
        await writer.start()
        try:
            restored, _ = await catch_up(reader, stage.state_topic, partition, Restored(_Nothing, _Nothing()), _never)
            if not restored.is_empty:
                raise PositionRefused(
                    f"{stage.state_topic}/{partition} has a state already: give the stage an app id that was never used"
                )
            await writer.begin()
            await writer.commit(await _first_snapshot(stage, partition, state, position))
        finally:
            await writer.stop()
    return await read_position(stage, partition)


async def set_group_position(client: Client, source: str, group: str, partition: int, position: int) -> Position:
    """Set the position of a stage without state: the group's offset. No worker of it may run.

    Raises:
        PositionRefused: Out of range, or a worker runs.
    """
    await refuse_while_running(client, group)
    async with _reading(client) as reader:
        await _refuse_out_of_range(reader, source, partition, position)
    consumer, where = client.consumer(group_id=group), TopicPartition(source, partition)
    await consumer.start()
    try:
        consumer.assign([where])
        await consumer.commit({where: position})
    except KafkaError as error:
        raise PositionRefused(
            f"group {group} did not take the offset: {error}. Are all its workers stopped?"
        ) from error
    finally:
        await consumer.stop()
    return await read_group_position(client, source, group, partition)


async def offset_at(client: Client, topic: str, partition: int, timestamp_ms: int) -> int:
    """Return the first offset at or after a time, by the broker's timestamps; the end where there is none."""
    async with _reading(client) as reader:
        return await reader.at(topic, partition, timestamp_ms)


async def read_state_record(
    client: Client, state_topic: str, partition: int, offset: int
) -> tuple[Record, StateRecord]:
    """Return one record of the state topic, raw and read.

    Raises:
        UndecodableState: It can't be read.
        LookupError: There is no record at that offset.
    """
    found = await read_raw_state(client, state_topic, partition, offset)
    return found, state_record(found)


async def read_raw_state(client: Client, state_topic: str, partition: int, offset: int) -> Record:
    """Return one record of the state topic as it is.

    Raises:
        LookupError: There is no record at that offset: a transaction's marker, an aborted one, or none yet.
    """
    async with _reading(client) as reader:
        beginning, end = await reader.beginning(state_topic, partition), await reader.end(state_topic, partition)
        if beginning <= offset < end:
            async for found in reader.read(state_topic, partition, offset, offset + 1):
                return found
    raise LookupError(f"{state_topic}/{partition} has no record at {offset}: it has {beginning} to {end - 1}")


async def verify_state(stage: StateTopic, partition: int, new_state: Callable[[], S]) -> Verified[S]:
    """Read a partition's whole state as a claim would, without claiming it.

    Raises:
        UndecodableState: A record can't be read.
    """
    async with _reading(stage.client) as reader:
        empty = Restored(new_state, new_state())
        restored, found = await catch_up(reader, stage.state_topic, partition, empty, _never)
        return Verified(restored, found.read_bytes, found.missing)


def _never() -> bool:
    return False


@asynccontextmanager
async def _reading(client: Client) -> AsyncIterator[LogReader]:
    reader = LogReader(client)
    try:
        yield reader
    finally:
        await reader.close()


async def _position(
    reader: LogReader, stage: StateTopic, partition: int, *, position: int | None, generation: int | None
) -> Position:
    return Position(
        partition,
        position,
        generation,
        await reader.beginning(stage.source, partition),
        await reader.end(stage.source, partition),
        await _group_offset(stage.client, stage.source, stage.group, partition),
    )


async def _raised(stage: StateTopic, restored: Restored[_Nothing], position: int, *, clear: bool) -> StateRecord:
    source = await source_id(stage.client, stage.source)
    generation = restored.generation + 1
    if clear:
        return StateRecord(Kind.SNAPSHOT, generation, position, restored.begin, source, 1, 1, 1, (b"",))
    return StateRecord(Kind.COMMIT, generation, position, restored.begin, source)


async def _first_snapshot(stage: StateTopic, partition: int, state: State, position: int) -> list[Message]:
    """Return the state records of a snapshot that nothing lies before."""
    source = await source_id(stage.client, stage.source)
    parts = list(state.snapshot()) or [b""]
    end = len(parts)
    return [
        Message(
            stage.state_topic,
            None,
            packed(StateRecord(Kind.SNAPSHOT, 0, position, 0, source, 1, number, end, (part,))),
            partition=partition,
        )
        for number, part in enumerate(parts, start=1)
    ]


def _writer(stage: StateTopic, partition: int, guarantee: Guarantee) -> Writer:
    if guarantee is Guarantee.EXACTLY_ONCE:
        return Transactional(stage.client, f"{stage.name}-{partition}", Silent())
    return Confirming(stage.client.producer(), Silent())


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


async def _group_offset(client: Client, source: str, group: str, partition: int) -> int | None:
    admin, where = client.admin(), TopicPartition(source, partition)
    await admin.start()
    try:
        found = await _coordinated(lambda: admin.list_consumer_group_offsets(group, partitions=[where]))
    finally:
        await admin.close()
    offset = found[where].offset if where in found else -1
    return offset if offset >= 0 else None


async def refuse_while_running(client: Client, group: str) -> None:
    """Refuse where a worker of the group runs.

    Raises:
        PositionRefused: One does.
    """
    admin = client.admin()
    await admin.start()
    try:
        answers = await _coordinated(lambda: admin.describe_consumer_groups([group]))
    finally:
        await admin.close()
    members = sum(len(described[5]) for answer in answers for described in answer.groups)
    if members:
        raise PositionRefused(f"group {group} has {members} running workers: stop them first, then set the position")


async def _refuse_out_of_range(reader: LogReader, source: str, partition: int, position: int) -> None:
    beginning, end = await reader.beginning(source, partition), await reader.end(source, partition)
    if not beginning <= position <= end:
        raise PositionRefused(f"{source}/{partition} has offsets {beginning} to {end}: {position} is outside")


__all__ = [
    "Position",
    "PositionRefused",
    "StateTopic",
    "UndecodableState",
    "Verified",
    "offset_at",
    "read_group_position",
    "read_position",
    "read_raw_state",
    "read_state_record",
    "set_group_position",
    "set_position",
    "verify_state",
]
