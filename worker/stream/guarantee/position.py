"""Where a partition of a stage stands, seen from outside. Reads only; a worker may run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worker.stream.guarantee.catchup import catch_up
from worker.stream.guarantee.client import Client
from worker.stream.guarantee.group import group_offset
from worker.stream.guarantee.reader import LogReader, reading
from worker.stream.guarantee.restore import Restored


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
class StateTopic:
    """A stateful stage's topics and names."""

    client: Client
    source: str
    state_topic: str
    group: str
    name: str
    """Prefix of the transactional ids."""


class Forgetful:
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
    async with reading(stage.client) as reader:
        restored = await restored_position(reader, stage, partition)
        known = None if restored.is_empty else restored
        return await _position(
            reader,
            stage,
            partition,
            position=known.position if known else None,
            generation=known.generation if known else 0,
        )


async def restored_position(reader: LogReader, stage: StateTopic, partition: int) -> Restored[Forgetful]:
    """Return what the state topic says of a partition's position; empty where it says nothing.

    Raises:
        UndecodableState: A state record can't be read.
    """
    empty = Restored(Forgetful, Forgetful())
    restored, _ = await catch_up(reader, stage.state_topic, partition, empty, lambda: False)
    return restored


async def read_group_position(client: Client, source: str, group: str, partition: int) -> Position:
    """Return where a partition of a stage without state stands."""
    async with reading(client) as reader:
        stage = StateTopic(client, source, "", group, "")
        hint = await group_offset(client, source, group, partition)
        return await _position(reader, stage, partition, position=hint, generation=None)


async def offset_at(client: Client, topic: str, partition: int, timestamp_ms: int) -> int:
    """Return the first offset at or after a time, by the broker's timestamps; the end where there is none."""
    async with reading(client) as reader:
        return await reader.at(topic, partition, timestamp_ms)


async def _position(
    reader: LogReader, stage: StateTopic, partition: int, *, position: int | None, generation: int | None
) -> Position:
    return Position(
        partition,
        position,
        generation,
        await reader.beginning(stage.source, partition),
        await reader.end(stage.source, partition),
        await group_offset(stage.client, stage.source, stage.group, partition),
    )
