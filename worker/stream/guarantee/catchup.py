"""Reading one partition of the state topic to its end, from where a copy of the state ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from worker.stream.guarantee.errors import UndecodableState
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.records import Record, State
from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.statelog import NotAStateRecord, StateRecord, unpacked

S = TypeVar("S", bound=State)

LAST_OFFSETS = 16
"""Offsets at the end that are first looked at for the record that says where to begin (a commit and its
marker take two); eight times as many if there is none."""


@dataclass(slots=True)
class CaughtUp:
    """What reading to the end was like."""

    read_bytes: int = 0
    missing: tuple[int, int] | None = None
    """Where a reader should begin and where the log begins, if that is later and no snapshot made up for it."""


async def catch_up(
    reader: LogReader, topic: str, partition: int, restored: Restored[S], is_closing: Callable[[], bool]
) -> tuple[Restored[S], CaughtUp]:
    """Return the state at the end of the topic, and how it was to get there.

    After the claim fenced every former owner, the last stable offset is the end of all there is.

    Args:
        reader: Reads the topic with read_committed.
        topic: The state topic.
        partition: Its partition.
        restored: A copy to go on from, changed in place where the log still has what follows it.
        is_closing: Asked between records; the copy is whole whenever this says stop.

    Raises:
        UndecodableState: A record can't be read.
    """
    end, beginning = await reader.end(topic, partition), await reader.beginning(topic, partition)
    result, start, wanted = CaughtUp(), restored.mark, 0
    is_anew = start < beginning or start > end or restored.is_empty
    if is_anew:
        wanted = await _begin(reader, topic, partition, beginning, end)
        start = wanted if beginning <= wanted < end else beginning
        restored = Restored(restored.new_state, restored.new_state())
    async for found in reader.read(topic, partition, start, end):
        if is_closing():
            return restored, result
        restored.take(found.offset, state_record(found), found.timestamp_ms)
        result.read_bytes += len(found.value or b"")
    restored.mark = max(restored.mark, end)
    if is_anew and wanted != start and restored.begin == 0 and not restored.is_empty:
        result.missing = (wanted, start)
    return restored, result


async def _begin(reader: LogReader, topic: str, partition: int, beginning: int, end: int) -> int:
    """Return where a reader must begin: the greatest offset that the last records name."""
    span = LAST_OFFSETS
    while True:
        start = max(beginning, end - span)
        last = [state_record(found).begin async for found in reader.read(topic, partition, start, end)]
        if last:
            return max(last)
        if start == beginning:
            return beginning
        span *= 8


def state_record(found: Record) -> StateRecord:
    """Return the state record in a record of the state topic.

    Raises:
        UndecodableState: It can't be read; the message says where it lies and how to look at it.
    """
    try:
        return unpacked(found.value)
    except NotAStateRecord as error:
        raise UndecodableState(found.topic, found.partition, found.offset, str(error)) from error
