"""The rule by which state records become a state and a position. Pure.

It is the same rule at every claim, with and without fencing: without it a former owner may write late,
so what does not lead further is skipped whole, and a snapshot counts only once all its parts are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from worker.stream.guarantee.records import State
from worker.stream.guarantee.statelog import NO_SOURCE, Kind, StateRecord

S = TypeVar("S", bound=State)

NOWHERE = (-1, -1)
"""The rank before the first record: everything leads further."""


@dataclass(slots=True)
class _Draft(Generic[S]):
    """A snapshot that is not yet complete."""

    state: S
    opened_at: int
    opened_ms: int
    next_part: int = 2
    later: list[StateRecord] = field(default_factory=list)
    """Commits between its parts: they come after it, whatever lies between."""


@dataclass(slots=True)
class Restored(Generic[S]):
    """What a reader of the state topic knows after some records."""

    new_state: Callable[[], S]
    state: S
    rank: tuple[int, int] = NOWHERE
    """Greatest (generation, position) so far."""
    begin: int = 0
    """State-topic offset at which a reader must begin; 0 before the first snapshot."""
    begun_ms: int = 0
    """Broker's timestamp of the record at ``begin``, or of the first one read; 0 before any."""
    source: bytes = NO_SOURCE
    mark: int = 0
    """State-topic offset behind the last record read."""
    taken: int = 0
    """Records that led further."""
    skipped: int = 0
    """Records that did not."""
    drafts: dict[int, _Draft[S]] = field(default_factory=dict)
    """Open snapshots by number: without fencing two owners may write theirs at the same time."""

    @property
    def is_empty(self) -> bool:
        """Tell whether no record led further: the state is new and there is no position."""
        return self.rank == NOWHERE

    @property
    def generation(self) -> int:
        """Return the generation to write with."""
        return max(0, self.rank[0])

    @property
    def position(self) -> int:
        """Return the next source offset; -1 where `is_empty`."""
        return self.rank[1]

    def take(self, offset: int, record: StateRecord, timestamp_ms: int = 0) -> None:
        """Fold the record at ``offset`` of the state topic in. Records come in the order of the log."""
        self.mark = offset + 1
        self.begun_ms = self.begun_ms or timestamp_ms
        is_commit = record.kind is Kind.COMMIT
        led_further = self._commit(record) if is_commit else self._part(offset, record, timestamp_ms)
        if led_further:
            self.taken += 1
        else:
            self.skipped += 1

    def _commit(self, record: StateRecord) -> bool:
        if record.rank <= self.rank:
            return False
        _apply(self.state, record)
        for draft in self.drafts.values():
            draft.later.append(record)
        self._advance(record)
        return True

    def _part(self, offset: int, record: StateRecord, timestamp_ms: int) -> bool:
        draft = self.drafts.get(record.snapshot)
        if draft is None and record.part == 1 and record.rank >= self.rank:
            draft = self.drafts[record.snapshot] = _Draft(self.new_state(), offset, timestamp_ms)
        elif draft is not None and draft.next_part == record.part:
            draft.next_part += 1
        else:
            return False  # of a snapshot that led nowhere, or whose beginning was not read
        _apply(draft.state, record)
        if record.part == record.parts:
            self._finish(draft, record)
        return True

    def _finish(self, draft: _Draft[S], record: StateRecord) -> None:
        for commit in draft.later:
            _apply(draft.state, commit)
        self.state = draft.state
        self.begin, self.begun_ms = draft.opened_at, draft.opened_ms
        self.drafts.clear()  # an older one would only rebuild less
        self._advance(record)

    def _advance(self, record: StateRecord) -> None:
        self.rank = max(self.rank, record.rank)
        if record.source != NO_SOURCE:
            self.source = record.source


def _apply(state: State, record: StateRecord) -> None:
    for changes in record.changes:
        state.apply(changes)
