from collections.abc import Iterator

from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.statelog import Kind, StateRecord


class Letters:
    """A state whose changes are ``key=value`` pairs."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def apply(self, changes: bytes) -> None:
        if changes:
            key, value = changes.decode().split("=")
            self.values[key] = value

    def snapshot(self) -> Iterator[bytes]:
        return (f"{key}={value}".encode() for key, value in self.values.items())


def restored(*records: StateRecord) -> Restored[Letters]:
    found = Restored(Letters, Letters())
    for offset, record in enumerate(records):
        found.take(offset, record, timestamp_ms=1000 + offset)
    return found


def commit(position: int, *changes: str, generation: int = 0) -> StateRecord:
    return StateRecord(Kind.COMMIT, generation, position, 0, changes=tuple(c.encode() for c in changes))


def part(position: int, number: int, of: int, *changes: str, snapshot: int = 7, generation: int = 0) -> StateRecord:
    packed = tuple(c.encode() for c in changes)
    return StateRecord(Kind.SNAPSHOT, generation, position, 0, snapshot=snapshot, part=number, parts=of, changes=packed)


def test_commits_add_up_to_state_and_position():
    """The last commit names the position, and all of them make the state."""
    found = restored(commit(1, "a=1"), commit(2, "b=1", "a=2"))

    assert ({"a": "2", "b": "1"}, 2, 2) == (found.state.values, found.position, found.mark)


def test_no_record_is_no_position():
    """An empty state topic gives an empty state and says that there is no position."""
    found = restored()

    assert (True, {}) == (found.is_empty, found.state.values)


def test_a_late_owner_changes_nothing():
    """A commit that does not lead further is skipped whole, its changes too."""
    found = restored(commit(1, "a=1"), commit(5, "a=5"), commit(3, "a=3", "z=3"))

    assert ({"a": "5"}, 5, 1) == (found.state.values, found.position, found.skipped)


def test_a_raised_generation_leads_further_at_a_lower_position():
    """Going back by hand wins over whatever the former generation wrote, before it and after it."""
    found = restored(commit(9, "a=9"), commit(4, generation=1), commit(12, "a=12"), commit(5, "a=5", generation=1))

    assert ({"a": "5"}, (1, 5)) == (found.state.values, found.rank)


def test_a_snapshot_replaces_the_state_once_it_is_complete():
    """What is not in a snapshot is not in the state after it."""
    found = restored(commit(4, "gone=1"), part(4, 1, 2, "a=1"), part(4, 2, 2, "b=1"))

    assert ({"a": "1", "b": "1"}, 4, 1) == (found.state.values, found.position, found.begin)


def test_a_snapshot_cut_by_a_crash_is_as_if_it_was_not_there():
    """Some parts of a snapshot do not touch the state."""
    found = restored(commit(4, "a=1"), part(4, 1, 3, "x=1"), part(4, 2, 3, "y=1"), commit(5, "b=2"))

    assert ({"a": "1", "b": "2"}, 5, 0) == (found.state.values, found.position, found.begin)


def test_a_commit_between_the_parts_of_a_snapshot_comes_after_it():
    """A late owner's commit in the middle of a snapshot is not overwritten by the part behind it."""
    found = restored(commit(4, "a=4"), part(4, 1, 2, "b=4"), commit(6, "a=6"), part(4, 2, 2, "a=4"))

    assert ({"a": "6", "b": "4"}, 6) == (found.state.values, found.position)


def test_two_owners_snapshots_do_not_mix():
    """Parts belong to their snapshot, however two of them are interleaved."""
    found = restored(
        part(4, 1, 2, "a=4", snapshot=1),
        part(4, 1, 2, "a=4", snapshot=2),
        part(4, 2, 2, "b=4", snapshot=1),
        part(4, 2, 2, "b=4", snapshot=2),
    )

    assert ({"a": "4", "b": "4"}, 4, 0) == (found.state.values, found.position, found.begin)


def test_an_older_snapshot_that_ends_late_does_not_take_the_state_back():
    """A late owner's snapshot that began before it was overtaken keeps what came in between."""
    found = restored(part(4, 1, 2, "a=4"), commit(6, "a=6", "c=6"), commit(8, "d=8"), part(4, 2, 2, "b=4"))

    assert ({"a": "6", "b": "4", "c": "6", "d": "8"}, 8) == (found.state.values, found.position)


def test_a_reader_in_the_middle_of_an_old_snapshot_waits_for_a_whole_one():
    """Where the log begins within a snapshot, its rest is skipped."""
    found = restored(part(4, 2, 2, "b=4", snapshot=1), part(4, 1, 1, "a=4", snapshot=2))

    assert ({"a": "4"}, 1, 1001) == (found.state.values, found.begin, found.begun_ms)
