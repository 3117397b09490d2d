"""Setting a position by hand, and the state that a partition begins with.

It writes a state record of a raised generation, so that whatever a worker still writes of the former one is
skipped. With transactions it fences the worker as well: that ends and claims anew.
"""

from __future__ import annotations

from dataclasses import replace

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from worker.stream.guarantee.client import Client
from worker.stream.guarantee.errors import GuaranteeError
from worker.stream.guarantee.group import members
from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.observer import Silent
from worker.stream.guarantee.position import (
    Forgetful,
    Position,
    StateTopic,
    read_group_position,
    read_position,
    restored_position,
)
from worker.stream.guarantee.reader import LogReader, reading
from worker.stream.guarantee.records import Guarantee, Message, State
from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.snapshot import Snapshot
from worker.stream.guarantee.source_id import source_id
from worker.stream.guarantee.statelog import Kind, StateRecord, packed
from worker.stream.guarantee.writer import Confirming, Transactional, Writer


class PositionRefused(GuaranteeError):
    """The position can't be set; the message says why and what to do."""


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
    async with reading(stage.client) as reader:
        await _refuse_out_of_range(reader, stage.source, partition, position)
        writer = _writer(stage, partition, guarantee)
        await writer.start()  # fences: nobody writes behind what is read now
        try:
            restored = await restored_position(reader, stage, partition)
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
    async with reading(stage.client) as reader:
        await _refuse_out_of_range(reader, stage.source, partition, position)
        writer = _writer(stage, partition, guarantee)
        await writer.start()
        try:
            restored = await restored_position(reader, stage, partition)
            if not restored.is_empty:
                raise PositionRefused(
                    f"{stage.state_topic}/{partition} has a state already: give the stage an app id that was never used"
                )
            first = StateRecord(Kind.SNAPSHOT, 0, position, 0, await source_id(stage.client, stage.source))
            await write_whole(writer, stage.state_topic, partition, first, Snapshot(state))
        finally:
            await writer.stop()
    return await read_position(stage, partition)


async def set_group_position(client: Client, source: str, group: str, partition: int, position: int) -> Position:
    """Set the position of a stage without state: the group's offset. No worker of it may run.

    Raises:
        PositionRefused: Out of range, or a worker runs.
    """
    await refuse_while_running(client, group)
    async with reading(client) as reader:
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


async def refuse_while_running(client: Client, group: str) -> None:
    """Refuse where a worker of the group runs.

    Raises:
        PositionRefused: One does.
    """
    running = await members(client, group)
    if running:
        raise PositionRefused(f"group {group} has {running} running workers: stop them first, then set the position")


async def _refuse_out_of_range(reader: LogReader, source: str, partition: int, position: int) -> None:
    beginning, end = await reader.beginning(source, partition), await reader.end(source, partition)
    if not beginning <= position <= end:
        raise PositionRefused(f"{source}/{partition} has offsets {beginning} to {end}: {position} is outside")


async def _raised(stage: StateTopic, restored: Restored[Forgetful], position: int, *, clear: bool) -> StateRecord:
    source = await source_id(stage.client, stage.source)
    generation = restored.generation + 1
    if clear:
        return StateRecord(Kind.SNAPSHOT, generation, position, restored.begin, source, 1, 1, 1, (b"",))
    return StateRecord(Kind.COMMIT, generation, position, restored.begin, source)


async def write_whole(writer: Writer, topic: str, partition: int, first: StateRecord, snapshot: Snapshot) -> None:
    """Write a snapshot that nothing lies before, some parts a transaction; until the last it counts for nothing."""
    while not snapshot.is_whole:
        await writer.begin()
        await writer.commit(
            Message(
                topic,
                None,
                packed(replace(first, snapshot=snapshot.number, part=part, parts=parts, changes=(changes,))),
                partition=partition,
            )
            for part, parts, changes in snapshot.turn(Limits().part_bytes)
        )


def _writer(stage: StateTopic, partition: int, guarantee: Guarantee) -> Writer:
    if guarantee is Guarantee.EXACTLY_ONCE:
        return Transactional(stage.client, f"{stage.name}-{partition}", Silent())
    return Confirming(stage.client.producer(), Silent())
