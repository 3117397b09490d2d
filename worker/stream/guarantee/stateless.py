"""The form without state: deliveries confirmed in batches, then the group's offset, which is the position.

A crash repeats what was confirmed after the last stored offset, with the same ids; nothing is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from worker.stream.guarantee.errors import SourceRecreated
from worker.stream.guarantee.form import Claim
from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.records import Record, Unit
from worker.stream.guarantee.writer import Writer

log = logging.getLogger(__name__)

Trial = Callable[[Sequence[Record]], Awaitable[frozenset[int]]]
"""Tries records out where a crash does no harm, and returns the offsets of those that crash."""


class StatelessForm:
    """One partition without state.

    Args:
        source: The source topic.
        number: The partition.
        handler: Decides on a record.
        quarantine: Gives the effects of a record that must not be handled.
        trial: Finds such records among the first after a claim; None where nothing is tried.
        stored: Returns the group's offset of this partition; None where there is none.
        limits: How many records are on trial.
        reader: Reads the source's beginning and end.
        writer: Confirms deliveries.
    """

    def __init__(
        self,
        source: str,
        number: int,
        *,
        handler: Callable[[Record], Unit],
        quarantine: Callable[[Record], Unit],
        trial: Trial | None,
        stored: Callable[[int], Awaitable[int | None]],
        limits: Limits,
        reader: LogReader,
        writer: Writer,
    ) -> None:
        self.source, self.number = source, number
        self._handler, self._quarantine, self._trial, self._stored = handler, quarantine, trial, stored
        self._limits, self._reader, self._writer = limits, reader, writer

    async def claim(self, is_closing: Callable[[], bool]) -> Claim:
        """Go on at the group's offset, or at the beginning of the log."""
        await self._writer.start()
        beginning = await self._reader.beginning(self.source, self.number)
        stored = await self._stored(self.number)
        if stored is not None and stored > (end := await self._reader.end_behind(self.source, self.number, stored)):
            raise SourceRecreated(self.source, self.number, f"its end is {end}, the group's offset is {stored}")
        position = beginning if stored is None else stored
        return Claim(position, on_trial=2 * self._limits.commit_records if self._trial else 0)

    async def trial(self, records: Sequence[Record]) -> frozenset[int]:
        """Return the offsets of those records that must not be handled."""
        if self._trial is None or not records:
            return frozenset()
        fatal = await self._trial(records)
        for offset in sorted(fatal):
            log.error("record quarantined", extra={"topic": self.source, "partition": self.number, "offset": offset})
        return fatal

    def decide(self, record: Record, *, is_fatal: bool) -> Unit:
        """Return the record's effects."""
        return self._quarantine(record) if is_fatal else self._handler(record)

    async def add(self, unit: Unit) -> None:
        """Send the unit's outputs."""
        for message in unit.messages:
            await self._writer.send(message)

    async def idle(self) -> None:
        """Send what was gathered: it is visible without the commit."""
        await self._writer.flush()

    async def commit(self, position: int) -> None:
        """Wait until the broker has every output. The layer then stores ``position``."""
        await self._writer.commit(())

    async def maintain(self) -> None:
        """Do nothing."""

    async def abort(self) -> None:
        """Do nothing: what was sent stays, and is sent again with the same ids."""

    async def close(self) -> None:
        """Stop the writer."""
        await self._writer.stop()
