import asyncio
from collections.abc import Iterator
from contextlib import suppress

from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.placing import write_whole
from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.snapshot import Snapshot
from worker.stream.guarantee.statelog import Kind, StateRecord, unpacked

FIRST = StateRecord(Kind.SNAPSHOT, 0, 42, 0)
PART_BYTES = Limits().part_bytes // 2


class Pieces:
    """A state of pieces, each a byte and its part of a snapshot."""

    def __init__(self, held: bytes = b"") -> None:
        self.held = held

    def apply(self, changes: bytes) -> None:
        self.held += changes[:1]

    def snapshot(self) -> Iterator[bytes]:
        return (bytes([piece]) * PART_BYTES for piece in self.held)


class Log:
    """Takes transactions and keeps what was committed; ends before the last of so many."""

    def __init__(self, ends_before: int | None = None) -> None:
        self.transactions: list[list[bytes]] = []
        self.ends_before = ends_before

    async def begin(self) -> None:
        if len(self.transactions) + 1 == self.ends_before:
            raise ConnectionError

    async def commit(self, states) -> list[int]:
        self.transactions.append([message.value for message in states])
        return []

    def read(self, *logs: "Log") -> Restored[Pieces]:
        found = Restored(Pieces, Pieces())
        values = [value for log in (self, *logs) for transaction in log.transactions for value in transaction]
        for offset, value in enumerate(values):
            found.take(offset, unpacked(value))
        return found


def write(log: Log, state: Pieces) -> Log:
    with suppress(ConnectionError):
        asyncio.run(write_whole(log, "state", 0, FIRST, Snapshot(state)))
    return log


def test_a_first_state_goes_out_in_turns():
    """No transaction holds more than two parts, and together they are the state and its position."""
    log = write(Log(), Pieces(b"abcde"))
    found = log.read()

    assert [2, 2, 1] == [len(transaction) for transaction in log.transactions]
    assert (b"abcde", 42) == (found.state.held, found.position)


def test_a_state_without_entries_has_a_position():
    """One part says that nothing is known and where to go on."""
    found = write(Log(), Pieces()).read()

    assert (b"", 42) == (found.state.held, found.position)


def test_a_first_state_that_was_cut_counts_for_nothing():
    """What ended halfway leaves the partition as new, and the whole one after it is all that is read."""
    cut = write(Log(ends_before=3), Pieces(b"abcde"))
    again = write(Log(), Pieces(b"vwxyz"))

    assert (2, True) == (len(cut.transactions), cut.read().is_empty)
    assert (b"vwxyz", 42) == (cut.read(again).state.held, cut.read(again).position)
