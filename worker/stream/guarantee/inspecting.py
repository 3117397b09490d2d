"""Looking at the records of a state topic from outside. Reads only; a worker may run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from worker.stream.guarantee.catchup import catch_up, state_record
from worker.stream.guarantee.client import Client
from worker.stream.guarantee.position import StateTopic
from worker.stream.guarantee.reader import reading
from worker.stream.guarantee.records import Record, State
from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.statelog import StateRecord

S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class Verified(Generic[S]):
    """What a whole reading of one partition of the state topic gave."""

    restored: Restored[S]
    read_bytes: int
    missing: tuple[int, int] | None
    """As in `CaughtUp`."""


async def verify_state(stage: StateTopic, partition: int, new_state: Callable[[], S]) -> Verified[S]:
    """Read a partition's whole state as a claim would, without claiming it.

    Raises:
        UndecodableState: A record can't be read.
    """
    async with reading(stage.client) as reader:
        empty = Restored(new_state, new_state())
        restored, found = await catch_up(reader, stage.state_topic, partition, empty, lambda: False)
        return Verified(restored, found.read_bytes, found.missing)


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
    async with reading(client) as reader:
        beginning, end = await reader.beginning(state_topic, partition), await reader.end(state_topic, partition)
        if beginning <= offset < end:
            async for found in reader.read(state_topic, partition, offset, offset + 1):
                return found
    raise LookupError(f"{state_topic}/{partition} has no record at {offset}: it has {beginning} to {end - 1}")
