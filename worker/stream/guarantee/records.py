"""What goes through the layer: a record comes in, a unit of effects goes out.

Values only. The layer knows nothing of their content: keys, values and state changes are bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

Headers = tuple[tuple[str, bytes], ...]


class Guarantee(StrEnum):
    """What a crash may do to the outputs."""

    AUTO = "auto"
    """`EXACTLY_ONCE` where the broker has transactions, else `AT_LEAST_ONCE`."""

    EXACTLY_ONCE = "exactly_once"
    """A read_committed reader sees each unit once."""

    AT_LEAST_ONCE = "at_least_once"
    """A crash may repeat units that were not yet remembered; none is lost."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the source topic."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    """The broker's timestamp, milliseconds since 1970."""
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One record to be written to an output topic."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None
    """None: the partitioner chooses by key."""
    timestamp_ms: int | None = None
    """None: the client's clock."""


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Everything that one source record does. A commit takes whole units only."""

    messages: tuple[Message, ...] = ()
    entries: bytes = b""
    """State changes, packed by whoever supplies the state; b"" where there are none.

    They hold values, not differences: applying the changes of some last units again, in order, gives
    the same state. A replay after a crash without transactions does just that.
    """
    then: Callable[[], None] = _nothing
    """Called once after the commit, in the order of the records. For counters; must not raise."""


class State(Protocol):
    """The state of one partition, opaque to the layer.

    Only `apply` changes it, so that a state restored from its topic equals the live one.
    """

    def apply(self, changes: bytes) -> None:
        """Fold the packed changes of one unit, or one part of a snapshot, into this state."""

    def snapshot(self) -> Iterator[bytes]:
        """Yield parts that, applied in order to a new state, rebuild this one.

        A part is at most `Limits.part_bytes` long. () where the state is empty. Changes may be applied between
        two parts; whoever reads the parts applies them again after the last one.
        """


class Event(Protocol):
    """The part of a Faust event that the layer uses."""

    @property
    def message(self) -> Delivered:
        """The record as Faust carries it."""


class Delivered(Protocol):
    """The part of a Faust message that the layer uses."""

    topic: str
    partition: int
    offset: int
    timestamp: float
    key: bytes | None
    value: bytes | None
    headers: Headers | None


class EventStream(Protocol):
    """The part of a Faust stream that the layer uses."""

    def noack(self) -> Self:
        """Leave acknowledging to the reader."""

    def events(self) -> AsyncEvents:
        """Iterate over the events."""


class AsyncEvents(Protocol):
    """An asynchronous iterator of Faust events."""

    def __aiter__(self) -> AsyncEvents: ...

    async def __anext__(self) -> Event: ...
