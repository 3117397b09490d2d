import ctypes
import os
from pathlib import Path

from worker.stream.guarantee.records import Record
from worker.stream.guarantee.trial import SpawnedTrial


def work(record: Record) -> None:
    """Do what the record's value says."""
    match record.value:
        case b"segfault":
            ctypes.string_at(0)
        case b"exit":
            os._exit(9)
        case b"raise":
            raise ValueError(record.value)


def records(*values: bytes) -> list[Record]:
    return [Record("t", 0, offset, 0, None, value) for offset, value in enumerate(values, start=10)]


async def test_only_records_that_kill_a_child_are_named():
    """A segmentation fault and a sudden exit are fatal, an exception is not, and the rest is tried as well."""
    fatal = await SpawnedTrial(work)(records(b"fine", b"segfault", b"raise", b"exit", b"fine"))

    assert {11, 13} == fatal


async def test_nothing_is_fatal_where_nothing_kills():
    """Healthy records pass."""
    assert frozenset() == await SpawnedTrial(work)(records(b"fine", b"fine"))


def note_process(record: Record) -> None:
    """Write which process works, to the file that the record names."""
    with Path(os.fsdecode(record.value or b"")).open("a") as notes:
        notes.write(f"{os.getpid()}\n")


async def test_a_child_at_work_is_not_retired(tmp_path):
    """A start that takes longer than an idle child is kept serves all records that wait for it."""
    notes = tmp_path / "notes"
    trial = SpawnedTrial(note_process, retire_seconds=0.01)
    for _ in range(3):
        await trial(records(bytes(notes)))
    trial.close()

    assert 3 == len(notes.read_text().split())
    assert 1 == len(set(notes.read_text().split()))
