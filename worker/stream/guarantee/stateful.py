"""The form with state: outputs, state changes and position become one atom.

The position lives in the state record, not in the group: what the group says is a hint for lag tools.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from worker.stream.guarantee.catchup import catch_up
from worker.stream.guarantee.errors import SourceRecreated, UnitTooLarge
from worker.stream.guarantee.form import Claim
from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.records import Message, Record, State, Unit
from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.snapshot import Snapshot
from worker.stream.guarantee.statelog import NO_SOURCE, Kind, StateRecord, packed
from worker.stream.guarantee.writer import Writer

log = logging.getLogger(__name__)

S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class Places:
    """Which partition of which topics, and what is known of the source from elsewhere."""

    source: str
    state_topic: str
    number: int
    source_id: bytes = NO_SOURCE
    """Id that the broker gave the source topic; `NO_SOURCE` where it tells none."""
    hint: int | None = None
    """The group's offset; None where the group has none. Counts only where the state topic is empty."""


class StatefulForm(Generic[S]):
    """One partition with state. Lives over rebalances, for as long as the partition stays.

    Args:
        places: Topics and partition.
        handler: Decides on a record against the state; changes nothing.
        new_state: Makes an empty state.
        limits: When a snapshot is due, and how large a state record may be.
        reader: Reads the state topic.
        new_writer: Makes the writer of this partition, one a claim.
        notice: Told in a sentence what an operator should know.
    """

    def __init__(
        self,
        places: Places,
        *,
        handler: Callable[[Record, S], Unit],
        new_state: Callable[[], S],
        limits: Limits,
        reader: LogReader,
        new_writer: Callable[[], Writer],
        notice: Callable[[str], None],
    ) -> None:
        self.places, self.handler, self.limits, self.reader = places, handler, limits, reader
        self.restored: Restored[S] = Restored(new_state, new_state())
        self._new_writer, self._notice = new_writer, notice
        self._writer: Writer | None = None
        self._open: list[bytes] | None = None
        """Changes of the units in the open atom; None where none is open."""
        self._is_uprooted = False
        """Whether the state topic lacks what this state is built on: a snapshot is due at once."""
        self._since_bytes = 0
        self._size_bytes = 0
        self._snapshot: Snapshot | None = None
        """The snapshot on its way; None where none is."""

    @property
    def state(self) -> S:
        """Return the live state."""
        return self.restored.state

    # -- claim

    async def claim(self, is_closing: Callable[[], bool]) -> Claim:
        """Fence, read the state topic to its end, and say where to go on."""
        self._writer, self._snapshot = self._new_writer(), None
        await self._writer.start()  # a former owner writes nothing visible from here on
        before = self.restored.taken
        await self._restore(is_closing)
        if is_closing():
            return Claim(0)
        position = await self._position()
        return Claim(position, self.restored.taken - before)

    async def _restore(self, is_closing: Callable[[], bool]) -> None:
        topic, number = self.places.state_topic, self.places.number
        self.restored, found = await catch_up(self.reader, topic, number, self.restored, is_closing)
        self.restored.drafts.clear()  # a snapshot that its owner did not finish: nobody will
        self._since_bytes += found.read_bytes
        if found.missing is not None:
            wanted, start = found.missing
            self._notice(
                f"state topic {topic}/{number} begins at {start}, a reader should begin at {wanted}: "
                "the state is restored in part; repeats may come out again"
            )
            self._is_uprooted = True

    async def _position(self) -> int:
        places, restored = self.places, self.restored
        if restored.is_empty:
            return await self._position_without_state()
        if NO_SOURCE not in (restored.source, places.source_id) and restored.source != places.source_id:
            why = f"its id is {places.source_id.hex()}, the state was built from {restored.source.hex()}"
            raise SourceRecreated(places.source, places.number, why)
        end = await self.reader.end_behind(places.source, places.number, restored.position)
        if restored.position > end:
            why = f"its end is {end}, the position is {restored.position}"
            raise SourceRecreated(places.source, places.number, why)
        return restored.position

    async def _position_without_state(self) -> int:
        places = self.places
        end = await self.reader.end(places.source, places.number)
        beginning = await self.reader.beginning(places.source, places.number)
        if places.hint is None or places.hint <= beginning:
            return beginning
        position = min(places.hint, end)
        self._notice(
            f"state topic {places.state_topic}/{places.number} is empty, but its source was read before: "
            f"going on at the group's offset {position} with an empty state; repeats may come out again"
        )
        self.restored.rank = (0, position)
        await self._turn(self._begin_snapshot())  # of an empty state: one part
        return position

    # -- process and commit

    async def trial(self, records: Sequence[Record]) -> frozenset[int]:
        """Return nothing: this form tries nothing out."""
        return frozenset()

    def decide(self, record: Record, *, is_fatal: bool) -> Unit:
        """Return the record's effects against the state as it is."""
        return self.handler(record, self.restored.state)

    async def add(self, unit: Unit) -> None:
        """Send the unit's outputs into the open atom, then fold its changes into the state."""
        if len(unit.entries) > self.limits.commit_bytes:
            raise UnitTooLarge(
                f"a record of {self.places.source}/{self.places.number} changes {len(unit.entries)} bytes of state, "
                f"a state record holds {self.limits.commit_bytes}"
            )
        writer = self._writing()
        if self._open is None:
            self._open = []
            await writer.begin()
        for message in unit.messages:
            await writer.send(message)
        if unit.entries:
            self._open.append(unit.entries)
            self.restored.state.apply(unit.entries)

    async def idle(self) -> None:
        """Do nothing: outputs are visible with the commit, and cheapest in one go."""

    async def commit(self, position: int) -> None:
        """Write the state record last, and close the atom."""
        changes, self._open = tuple(self._open or ()), None
        record = self._record(Kind.COMMIT, position, changes=changes)
        value = packed(record)
        offsets = await self._writing().commit([self._message(value)])
        self._note(record, offsets)
        self._since_bytes += len(value)

    # -- snapshots

    async def maintain(self) -> None:
        """Write a turn of the snapshot that is due, by time or by the bytes that a restore would read."""
        if self.restored.is_empty:
            return
        if self._snapshot is None and self._is_due():
            self._begin_snapshot()
        if self._snapshot is not None:
            await self._turn(self._snapshot)

    def _is_due(self) -> bool:
        age = time.time() - self.restored.begun_ms / 1000 if self.restored.begun_ms else 0.0
        much = self._since_bytes > max(self.limits.snapshot_bytes, 2 * self._size_bytes)
        return self._is_uprooted or much or age > self.limits.snapshot_seconds

    def _begin_snapshot(self) -> Snapshot:
        self._snapshot, self._since_bytes = Snapshot(self.restored.state), 0
        return self._snapshot

    async def _turn(self, snapshot: Snapshot) -> None:
        """Write some parts as one transaction; the last ones make a reader begin at the first."""
        writer = self._writing()
        await writer.begin()
        parts = snapshot.turn(self.limits.part_bytes)
        offsets = await writer.commit(self._message(packed(self._part(snapshot, *part))) for part in parts)
        if snapshot.begin is None:
            snapshot.begin = offsets[0]
        self.restored.mark = offsets[-1] + 1
        if not snapshot.is_whole:
            return
        self.restored.begin, self.restored.begun_ms = snapshot.begin, snapshot.begun_ms
        self._size_bytes, self._is_uprooted, self._snapshot = snapshot.size_bytes, False, None
        log.info(
            "snapshot written",
            extra={
                "partition": self.places.number,
                "bytes": snapshot.size_bytes,
                "seconds": round(time.monotonic() - snapshot.began, 3),
            },
        )

    def _part(self, snapshot: Snapshot, part: int, parts: int, changes: bytes) -> StateRecord:
        record = self._record(Kind.SNAPSHOT, self.restored.position, changes=(changes,))
        return replace(record, snapshot=snapshot.number, part=part, parts=parts)

    # -- end

    async def abort(self) -> None:
        """Take the open atom back where that can be done."""
        if self._writer is not None and self._open is not None:
            await self._writer.abort()

    async def close(self) -> None:
        """Stop the writer; the state stays for the next claim, which reads on from its mark."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.stop()

    def _record(self, kind: Kind, position: int, *, changes: tuple[bytes, ...]) -> StateRecord:
        restored = self.restored
        source = self.places.source_id if self.places.source_id != NO_SOURCE else restored.source
        return StateRecord(kind, restored.generation, position, restored.begin, source, changes=changes)

    def _note(self, record: StateRecord, offsets: list[int]) -> None:
        restored = self.restored
        if offsets[-1] < restored.mark:
            self._notice(
                f"state topic {self.places.state_topic}/{self.places.number} was made anew while its owner ran: "
                "the whole state is written again"
            )
            restored.begin, self._is_uprooted, self._snapshot = 0, True, None
        restored.rank, restored.source, restored.mark = record.rank, record.source, offsets[-1] + 1
        restored.begun_ms = restored.begun_ms or int(time.time() * 1000)

    def _message(self, value: bytes) -> Message:
        return Message(self.places.state_topic, None, value, partition=self.places.number)

    def _writing(self) -> Writer:
        assert self._writer is not None, "claim comes first"  # noqa: S101 - an actor's order, not an input
        return self._writer
