"""State as `dedupe` has it after a long run: so many stories, first seen over the last days, in snapshot order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from worker.dedupe import DedupeSettings, MemoryState, State
from worker.dedupe.entries import RECORD, changes
from worker.dedupe.state import PART_RECORDS

NOW = 1_795_000_000
"""Stream time, seconds since 1970."""

SETTINGS = DedupeSettings.of_hours(168, 672, ())
DAY_SECONDS = 24 * 3600


def stores(folder: Path) -> dict[str, Callable[[], State]]:
    """Return what makes an empty state of each store of the product; the disk store needs its extra."""
    from worker.dedupe.disk import DiskState  # noqa: PLC0415 - rocksdict comes with an extra

    return {"memory": lambda: MemoryState(SETTINGS), "disk": lambda: DiskState(SETTINGS, folder)}


def snapshot(store: Callable[[], State], keys: int) -> Iterator[bytes]:
    """Yield the snapshot that the store writes once it holds so many keys."""
    state, chance = store(), random.Random(keys)
    for start in range(0, keys, PART_RECORDS):
        records = (_record(chance) for _ in range(start, min(start + PART_RECORDS, keys)))
        state.apply(changes(NOW, records))
    yield from state.snapshot()


def _record(chance: random.Random) -> bytes:
    """Return a story seen within the last three days, as the fields of an entry go."""
    first = NOW - chance.randrange(3 * DAY_SECONDS)
    return RECORD.pack(chance.randbytes(16), first, first, first + 7 * DAY_SECONDS, 0, 1, b"seen", bytes(28))
