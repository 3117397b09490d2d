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

from worker.dedupe.entries import NO_ENTRY, changes, end_of, is_page, records_of, stream_time_of
from worker.dedupe.judge import Poorer
from worker.dedupe.lately import Lately
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
        self.poorer = Poorer()
        self._width = segment_seconds(settings)
        self._options = _options()
        _sweep(folder)
        path = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=folder))
        owner = _locked(path / OWNER, "x")
        self._database = Rdict(str(path / "entries"), self._options)
        self._close = finalize(self, _discard, self._database, path, owner)
        self._unlogged = WriteOptions()
        self._unlogged.disable_wal = True  # type: ignore[method-assign, assignment]  # the stubs call the property a method
        self._lately = Lately()
        self._items: dict[int, Rdict] = {}
        """Column families of articles and teasers by segment number, the newest first."""
        self._pages: dict[int, Rdict] = {}
        """Those of page ids, which are asked for one by one and nearly never there."""

    def close(self) -> None:
        """Close the database and delete its folder; closing twice is nothing."""
        self._items.clear()
        self._pages.clear()
        self._close()

    def find(self, keys: bytes, stride: int) -> bytes:
        """Return the entry of each key, `NO_ENTRY` where there is none."""
        return self._lately.find(keys, stride, self._seek)

    def page_end(self, key: bytes) -> int:
        """Return when the page with this id is known no more; 0 for one that isn't known."""
        for segment in self._pages.values():
            if (entry := segment.get(key)) is not None:
                return end_of(entry)
        return 0

    def apply(self, changes: bytes) -> None:
        """Fold changes in; records that ended before stream time leave things as they are."""
        self._advance(stream_time_of(changes))
        now, furthest = self.stream_time, self.stream_time // self._width + MOST_SEGMENTS
        batch = WriteBatch(raw_mode=True)
        for key, entry in records_of(changes):
            end = end_of(entry)
            if end <= now:
                continue
            segments = self._pages if is_page(entry) else self._items
            batch.put(key, entry, self._handle(segments, min(end // self._width, furthest)))
            if segments is self._items:
                self._lately.put(key + entry)
        if not batch.is_empty():
            self._database.write(batch, self._unlogged)

    def _seek(self, key: bytes) -> bytes:
        """Return the entry of the key from the database, `NO_ENTRY` where there is none."""
        for segment in self._items.values():
            if (entry := segment.get(key)) is not None:
                return bytes(entry)
        return NO_ENTRY

    def snapshot(self) -> Iterator[bytes]:
        """Yield changes of bounded size that make this state from a new one."""
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
        segments = (*self._items.values(), *self._pages.values())
        return sum(segment.property_int_value("rocksdb.estimate-num-keys") or 0 for segment in segments)

    def _records(self) -> Iterable[bytes]:
        """Yield all records, those of older segments first, so that what moved on counts where it is now."""
        for segments in (self._pages, self._items):
            for number in sorted(segments):
                if (segment := segments.get(number)) is not None:  # it may have ended since the part before
                    for key, value in segment.items():
                        yield key + value

    def _handle(self, segments: dict[int, Rdict], number: int) -> ColumnFamily:
        """Return the column family of a segment, made where there is none."""
        name = self._name(segments, number)
        if number not in segments:
            segment = self._database.create_column_family(name, self._options)
            segment.set_write_options(self._unlogged)
            unsorted = {**segments, number: segment}
            segments.clear()
            segments.update(sorted(unsorted.items(), reverse=True))
        return self._database.get_column_family_handle(name)

    def _name(self, segments: dict[int, Rdict], number: int) -> str:
        return f"page-{number}" if segments is self._pages else f"item-{number}"

    def _advance(self, stream_time: int) -> None:
        """Move stream time on, and drop the segments that it left behind."""
        if stream_time <= self.stream_time:
            return
        self.stream_time = stream_time
        for segments in (self._items, self._pages):
            for number in [number for number in segments if number < stream_time // self._width]:
                segments.pop(number).close()
                self._database.drop_column_family(self._name(segments, number))


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
