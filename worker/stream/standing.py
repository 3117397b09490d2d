"""Where an installation's stages stand: the guarantee's library functions with the installation's names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.topics import RAW, SPLIT, STATE
from worker.dedupe import DedupeSettings, MemoryState
from worker.ops.admin import admin, described
from worker.ops.exits import ConfigurationError
from worker.ops.names import Stage
from worker.stream.guarantee import (
    Client,
    Guarantee,
    Position,
    StateTopic,
    Verified,
    offset_at,
    read_group_position,
    read_position,
    resolved,
    set_group_position,
    set_position,
    verify_state,
)
from worker.stream.installation import Installation


@dataclass(frozen=True, slots=True)
class Standing:
    """One stage of one installation, looked at from outside; a worker may run.

    Args:
        installation: Names and settings.
        client: How the broker is reached.
        stage: Which one.
    """

    installation: Installation
    client: Client
    stage: Stage

    @property
    def source(self) -> str:
        """Return the topic that the stage reads."""
        return self.installation.topic(RAW if self.stage is Stage.SPLIT else SPLIT)

    @property
    def state_topic(self) -> StateTopic:
        """Return the names of the stage `dedupe`."""
        group = self.installation.group(Stage.DEDUPE)
        return StateTopic(self.client, self.source, self.installation.topic(STATE), group, group)

    async def partitions(self) -> range:
        """Return the partitions of the source.

        Raises:
            ConfigurationError: There is no such topic.
        """
        async with admin(self.installation.settings) as asked:
            found = (await described(asked, [self.source])).topics.get(self.source)
        if found is None:
            raise ConfigurationError(f"{self.source} is missing: `newsworker topics apply` creates it.")
        return range(found.partitions)

    async def positions(self) -> Sequence[Position]:
        """Return where each partition stands.

        Raises:
            UndecodableState: A state record can't be read.
        """
        return await asyncio.gather(*(self.position(partition) for partition in await self.partitions()))

    async def position(self, partition: int) -> Position:
        """Return where one partition stands.

        Raises:
            UndecodableState: A state record can't be read.
        """
        if self.stage is Stage.DEDUPE:
            return await read_position(self.state_topic, partition)
        return await read_group_position(self.client, self.source, self.installation.group(Stage.SPLIT), partition)

    async def offset(self, partition: int, to: str | datetime | int) -> int:
        """Return the offset that is meant: a number, ``beginning``, ``end``, or the first at or after a time."""
        if isinstance(to, int):
            return to
        if isinstance(to, datetime):
            return await offset_at(self.client, self.source, partition, int(to.timestamp() * 1000))
        now = await self.position(partition)
        return now.beginning if to == "beginning" else now.end

    async def set(self, partition: int, offset: int, *, clear: bool) -> Position:
        """Set a partition's position.

        Args:
            partition: The partition.
            offset: The next source offset.
            clear: Begin with an empty state; means nothing to `split`, which has none.

        Raises:
            PositionRefused: Out of range, or a worker runs that can't be fenced.
            UndecodableState: A state record can't be read.
        """
        if self.stage is Stage.SPLIT:
            group = self.installation.group(Stage.SPLIT)
            return await set_group_position(self.client, self.source, group, partition, offset)
        name = self.state_topic.name
        wanted = Guarantee(self.installation.settings.guarantee)
        guarantee = await resolved(wanted, self.client, f"{name}-probe")
        return await set_position(self.state_topic, partition, offset, guarantee=guarantee, clear=clear)

    async def verified(self, partition: int) -> Verified[MemoryState]:
        """Read a partition's whole state as a claim would, without claiming it.

        Raises:
            UndecodableState: A record can't be read.
        """
        settings = self.installation.settings
        entries = DedupeSettings.of_hours(settings.dedupe_ttl_hours, settings.dedupe_cap_hours, settings.drop_kinds)
        return await verify_state(self.state_topic, partition, lambda: MemoryState(entries))
