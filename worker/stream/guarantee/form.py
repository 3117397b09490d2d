"""What a partition needs to know of its form: with state, or without.

The actor in `partition` owns the order of things; a form says where positions and effects are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from worker.stream.guarantee.records import Record, Unit


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim found."""

    position: int
    """The next source offset."""
    records: int = 0
    """State records that were read for it."""
    on_trial: int = 0
    """So many records from the position are tried before they are done."""


class Form(Protocol):
    """One partition's effects and position."""

    async def claim(self, is_closing: Callable[[], bool]) -> Claim:
        """Take the partition over: fence, restore, find the position.

        Args:
            is_closing: Asked on the way: a revoke may cut a restore short, and its result does not count then.
        """

    async def trial(self, records: Sequence[Record]) -> frozenset[int]:
        """Return the offsets of those records that must not be handled."""

    def decide(self, record: Record, *, is_fatal: bool) -> Unit:
        """Return the record's effects. Changes nothing."""

    async def add(self, unit: Unit) -> None:
        """Put a whole unit into the open atom, opening one where none is."""

    async def idle(self) -> None:
        """Let outputs go that wait only for company: no record does."""

    async def commit(self, position: int) -> None:
        """Close the atom: everything before ``position`` is done for good."""

    async def maintain(self) -> None:
        """Do what is due between two atoms, such as a snapshot."""

    async def abort(self) -> None:
        """Take the open atom back where that can be done. Never raises."""

    async def close(self) -> None:
        """Give the partition back; no atom is open. What was restored is kept for the next claim."""
