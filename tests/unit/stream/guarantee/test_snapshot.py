from collections.abc import Iterator

import pytest

from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.snapshot import Snapshot
from worker.stream.guarantee.statelog import Kind, StateRecord


class Letters:
    """A state whose changes are ``key=value`` pairs; each is a part of its snapshot, read when it is asked for."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def apply(self, changes: bytes) -> None:
        if changes:
            key, value = changes.decode().split("=")
            self.values[key] = value

    def snapshot(self) -> Iterator[bytes]:
        for key in list(self.values):
            yield f"{key}={self.values[key]}".encode()


def letters(*changes: str) -> Letters:
    state = Letters()
    for change in changes:
        state.apply(change.encode())
    return state


def test_a_turn_ends_with_the_part_that_is_enough():
    """Each turn takes parts until they have the bytes asked for; the last part of all says how many there are."""
    snapshot = Snapshot(letters("a=1", "b=1", "c=1"))

    assert [(1, 0, b"a=1"), (2, 0, b"b=1")] == list(snapshot.turn(4))
    assert not snapshot.is_whole
    assert [(3, 3, b"c=1")] == list(snapshot.turn(4))
    assert snapshot.is_whole
    assert [] == list(snapshot.turn(4))
    assert 9 == snapshot.size_bytes


def test_an_empty_state_has_one_empty_part():
    """A reader begins at it and finds a position."""
    assert [(1, 1, b"")] == list(Snapshot(Letters()).turn(100))


@pytest.mark.parametrize("begins_at", [0, 1])
def test_what_changes_between_two_turns_is_as_it_is_now(begins_at: int):
    """Read from the log's beginning or from the first part: the state is that of the last record."""
    live, log = letters("a=1", "b=1", "c=1"), [StateRecord(Kind.COMMIT, 0, 3, 0, changes=(b"a=1", b"b=1", b"c=1"))]
    snapshot = Snapshot(live)
    for position, changed in enumerate((b"a=2", b"c=2", b"d=2"), start=4):
        part, parts, changes = next(iter(snapshot.turn(1)))
        log.append(
            StateRecord(Kind.SNAPSHOT, 0, position - 1, 0, snapshot=7, part=part, parts=parts, changes=(changes,))
        )
        live.apply(changed)
        log.append(StateRecord(Kind.COMMIT, 0, position, 0, changes=(changed,)))
    found = Restored(Letters, Letters())
    for offset, record in enumerate(log[begins_at:], start=begins_at):
        found.take(offset, record, timestamp_ms=1000 + offset)

    assert (live.values, 6, 1, 1001) == (found.state.values, found.position, found.begin, found.begun_ms)
    assert not found.drafts
