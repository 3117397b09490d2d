"""The state on disk, for more keys than memory holds: RocksDB, a column family a segment of time.

Needs the extra ``disk``. What lies on disk is no truth of its own: it is made anew from the log at each claim,
so nothing is synced, there is no write-ahead log, and the next state deletes what a kill left. A record whose
end moves is written to a newer segment, since no end moves back; reading begins with the newest.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import IO
from weakref import finalize

from rocksdict import BlockBasedOptions, Cache, ColumnFamily, Options, Rdict, WriteBatch, WriteOptions

from worker.dedupe.entries import (
    ENTRY,
    HEADER,
    KEY_BYTES,
    NO_KEY,
    RECORD_BYTES,
    Entry,
    changes,
    end_of,
    stream_time_of,
)
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import MOST_SEGMENTS, PART_RECORDS, segment_seconds

FOLDER_PREFIX = "dedupe-"
"""Begins the name of each state's folder."""

OWNER = "owner"
"""File in it that its process holds a lock on: without a lock the folder is what a killed process left."""

CACHE_BYTES = 64 << 20
"""Blocks kept in memory by each state; filters come on top, 1.25 bytes a key."""

WRITE_BUFFER_BYTES = 32 << 20
"""Entries gathered in memory before they go to a file."""

FILTER_BITS = 10
"""Of a key's Bloom filter: one of a hundred misses is looked up in vain."""


class DiskState:
    """One partition's state in a folder of its own, which goes when the state does.

    Costs about 10 µs an item, with all of `decide`, and 70 to 80 bytes of disk a key.
    """

    def __init__(self, settings: DedupeSettings, folder: Path) -> None:
        """Open an empty state.

        Args:
            settings: Give the width of a segment.
            folder: Where its own folder is made.
        """
        self.stream_time = 0
        self._width = segment_seconds(settings)
        self._options = _options()
        _sweep(folder)
        path = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=folder))
        owner = _locked(path / OWNER, "x")
        self._database = Rdict(str(path / "entries"), self._options)
        self._close = finalize(self, _discard, self._database, path, owner)
        self._unlogged = WriteOptions()
        self._unlogged.disable_wal = True  # type: ignore[method-assign, assignment]  # the stubs call the property a method
        self._segments: dict[int, Rdict] = {}
        """Column families by segment number, the newest first."""

    def close(self) -> None:
        """Close the database and delete its folder; closing twice is nothing."""
        self._segments.clear()
        self._close()

    def find(self, keys: bytes) -> list[Entry | None]:
        """Return the entry of each key, None where there is none."""
        split = [keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)]
        found: list[Entry | None] = [None] * len(split)
        wanted = list(range(len(split)))
        for segment in self._segments.values():
            values = segment[[split[at] for at in wanted]] or ()
            missing = []
            for at, value in zip(wanted, values, strict=True):
                if value is None:
                    missing.append(at)
                else:
                    found[at] = ENTRY.unpack(value)
            wanted = missing
            if not wanted:
                break
        return found

    def apply(self, changes: bytes) -> None:
        """Fold changes in; records that ended before stream time leave things as they are."""
        self._advance(stream_time_of(changes))
        now, furthest = self.stream_time, self.stream_time // self._width + MOST_SEGMENTS
        batch = WriteBatch(raw_mode=True)
        for at in range(HEADER.size, len(changes), RECORD_BYTES):
            end = end_of(changes, at)
            key = changes[at : at + KEY_BYTES]
            if end <= now or key == NO_KEY:
                continue
            number = min(end // self._width, furthest)
            batch.put(key, changes[at + KEY_BYTES : at + RECORD_BYTES], self._handle(number))
        if not batch.is_empty():
            self._database.write(batch, self._unlogged)

    def snapshot(self) -> Iterator[bytes]:
        """Yield changes that make this state from a new one. The state must not change meanwhile."""
        part: list[bytes] = []
        for record in self._records():
            part.append(record)
            if len(part) == PART_RECORDS:
                yield changes(self.stream_time, part)
                part = []
        if part or self.stream_time:
            yield changes(self.stream_time, part)

    def keys(self) -> int:
        """Return about the number of entries held: RocksDB's estimate, moved ones may count twice."""
        counts = (segment.property_int_value("rocksdb.estimate-num-keys") for segment in self._segments.values())
        return sum(count or 0 for count in counts)

    def _records(self) -> Iterable[bytes]:
        """Yield all records, those of older segments first, so that what moved on counts where it is now."""
        for segment in reversed(self._segments.values()):
            for key, value in segment.items():
                yield key + value

    def _handle(self, number: int) -> ColumnFamily:
        """Return the column family of a segment, made where there is none."""
        name = str(number)
        if number not in self._segments:
            segment = self._database.create_column_family(name, self._options)
            segment.set_write_options(self._unlogged)
            unsorted = {**self._segments, number: segment}
            self._segments = {key: unsorted[key] for key in sorted(unsorted, reverse=True)}
        return self._database.get_column_family_handle(name)

    def _advance(self, stream_time: int) -> None:
        """Move stream time on, and drop the segments that it left behind."""
        if stream_time <= self.stream_time:
            return
        self.stream_time = stream_time
        for number in [number for number in self._segments if number < stream_time // self._width]:
            self._segments.pop(number).close()
            self._database.drop_column_family(str(number))


def _options() -> Options:
    table = BlockBasedOptions()
    table.set_bloom_filter(FILTER_BITS, block_based=False)
    table.set_block_cache(Cache(CACHE_BYTES))
    options = Options(raw_mode=True)
    options.create_if_missing(True)  # noqa: FBT003  the library's signature
    options.set_block_based_table_factory(table)
    options.set_write_buffer_size(WRITE_BUFFER_BYTES)
    return options


def _discard(database: Rdict, path: Path, owner: IO[str] | None) -> None:
    """Close a database and delete its files."""
    database.close()
    shutil.rmtree(path, ignore_errors=True)
    if owner is not None:
        owner.close()


def _sweep(folder: Path) -> None:
    """Delete what killed processes left in ``folder``: states whose owner holds no lock any more."""
    for left in folder.glob(f"{FOLDER_PREFIX}*"):
        try:
            owner = _locked(left / OWNER, "r")
        except FileNotFoundError:  # just made by another process, or just deleted
            continue
        if owner is not None:
            shutil.rmtree(left, ignore_errors=True)
            owner.close()


def _locked(file: Path, mode: str) -> IO[str] | None:
    """Open a file and lock it as long as it is open; return None where another holds the lock."""
    opened = file.open(mode)
    try:
        flock(opened, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        opened.close()
        return None
    return opened
