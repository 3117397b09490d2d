"""The state of a former app id, carried over to one whose topics have another number of partitions.

Sites move to other partitions, so `carrying` copies what the retained split pages name. Nothing is decided
again and nothing is sent but state records; the former app's topics are only read.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from aiokafka.partitioner import DefaultPartitioner

from schemas import ContractError, SplitPage, decode
from worker.dedupe import DedupeSettings, MalformedId, MemoryState
from worker.dedupe.carrying import carried
from worker.ops.admin import admin, described
from worker.ops.exits import ConfigurationError
from worker.ops.names import Stage
from worker.stream.guarantee import (
    Guarantee,
    Record,
    place_state,
    read_group_position,
    refuse_while_running,
    resolved,
    set_group_position,
)
from worker.stream.guarantee.reader import LogReader
from worker.stream.standing import Standing


@dataclass(frozen=True, slots=True)
class Placed:
    """What a partition of the new app id begins with."""

    partition: int
    position: int
    keys: int


async def warm_up(former: Standing, now: Standing) -> tuple[Placed, ...]:
    """Give every partition of ``now`` the state that ``former`` had of its sites, and both stages their positions.

    Costs the memory of both states at a time, and a reading of all retained split pages.

    Args:
        former: The stage `dedupe` of the app id that is left, its workers stopped and nothing undone.
        now: The same stage of the new app id, never used, its topics created.

    Raises:
        ConfigurationError: Topics don't fit, or the former app has pages left to do.
        PositionRefused: A worker runs, or the new app id was used.
        UndecodableState: A state record can't be read.
    """
    await refuse_while_running(former.state_topic.client, former.state_topic.group)
    before, after = await _partitions(former), await _partitions(now)
    if after != len(await now.partitions()):
        raise ConfigurationError(
            f"{now.state_topic.state_topic} has {after} partitions, {now.source} has {len(await now.partitions())}: "
            "`newsworker topics apply` makes them equal"
        )
    reader = LogReader(now.client)
    try:
        states = await _former_states(former, before, reader, after)
        fresh = await _carried(former, states, reader, after)
    finally:
        await reader.close()
    guarantee = await resolved(
        Guarantee(now.installation.settings.guarantee), now.client, f"{now.state_topic.name}-probe"
    )
    placed = []
    for partition, state in enumerate(fresh):
        end = (await now.position(partition)).end
        await place_state(now.state_topic, partition, state, end, guarantee=guarantee)
        placed.append(Placed(partition, end, state.keys()))
    await _copy_split_positions(former, now)
    return tuple(placed)


async def _partitions(standing: Standing) -> int:
    """Return the number of partitions of the state topic."""
    topic = standing.state_topic.state_topic
    async with admin(standing.installation.settings) as asked:
        found = (await described(asked, [topic])).topics.get(topic)
    if found is None:
        raise ConfigurationError(f"{topic} is missing: is the app id right? `newsworker topics apply` creates it")
    return found.partitions


async def _former_states(former: Standing, before: int, reader: LogReader, after: int) -> list[MemoryState]:
    """Return the former states, once nothing is left to do for them."""
    for partition in range(before, after):
        if await reader.end(former.source, partition) > await reader.beginning(former.source, partition):
            raise ConfigurationError(
                f"{former.source}/{partition} has records that the former app id never read: `split` ran after the "
                "partitions were added. Let the former app id finish with `split` stopped before they are added"
            )
    states = []
    for partition in range(before):
        position = await former.position(partition)
        if position.lag:
            raise ConfigurationError(
                f"{former.source}/{partition} has {position.lag} records that {former.state_topic.group} has not done: "
                "run its `dedupe` without `split` until nothing is left, then stop it"
            )
        states.append((await former.verified(partition)).restored.state)
    return states


async def _carried(former: Standing, states: list[MemoryState], reader: LogReader, after: int) -> list[MemoryState]:
    """Return the new states, from all retained split pages."""
    fresh = [MemoryState(_lasting(former)) for _ in range(after)]
    place, everywhere = DefaultPartitioner(), list(range(after))
    for partition, state in enumerate(states):
        start, end = await reader.beginning(former.source, partition), await reader.end(former.source, partition)
        records = cast("AsyncGenerator[Record]", reader.read(former.source, partition, start, end))
        async with aclosing(records):
            async for record in records:
                if changes := _changes(record, state):
                    fresh[place(record.key, everywhere, everywhere)].apply(changes)
    return fresh


def _changes(record: Record, state: MemoryState) -> bytes:
    """Return what a split page carries over; nothing for one that `dedupe` rejected."""
    try:
        return carried(decode(SplitPage, record.value), state)
    except (ContractError, MalformedId):
        return b""


async def _copy_split_positions(former: Standing, now: Standing) -> None:
    """Let the new app's `split` go on where the former's stopped, or it reads every retained raw page again."""
    before, after = (Standing(stage.installation, stage.client, Stage.SPLIT) for stage in (former, now))
    for partition in await before.partitions():
        group = before.installation.group(Stage.SPLIT)
        known = await read_group_position(before.client, before.source, group, partition)
        if known.position is not None:
            await set_group_position(
                after.client, after.source, after.installation.group(Stage.SPLIT), partition, known.position
            )


def _lasting(standing: Standing) -> DedupeSettings:
    settings = standing.installation.settings
    return DedupeSettings.of_hours(settings.dedupe_ttl_hours, settings.dedupe_cap_hours, settings.drop_kinds)
