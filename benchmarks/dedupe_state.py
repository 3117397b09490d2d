"""The state at size: ``python -m benchmarks.dedupe_state --keys 10000000``.

Fills a state as a week of pages would, ends spread over the days, then measures bytes a key in the process,
processor time of a find and of an apply, and the longest pause when a day is left behind.
"""

import argparse
import gc
import json
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.record import machine
from worker.dedupe import DedupeSettings, MemoryState, State
from worker.dedupe.disk import DiskState
from worker.dedupe.entries import KEY_BYTES, NO_ENTRY, NO_TAIL, RECORD, changes, entries_of
from worker.dedupe.expiry import end

SETTINGS = DedupeSettings()
DAY = 86_400
BEGIN = 20_000 * DAY
PER_PAGE = 20
MOVED_SHARE = 1 / 3
"""Of the keys: seen again a day later, so that their entries move on to another segment."""


def main() -> None:
    """Measure once and print the figures as JSON."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder:
        state = MemoryState(SETTINGS) if asked.store == "memory" else DiskState(SETTINGS, Path(folder))
        before = _resident_bytes()
        figures = _filled(state, asked.keys)
        figures["keys_held"] = state.keys()
        figures["bytes_a_key"] = round((_resident_bytes() - before) / state.keys(), 1)
        figures |= _found(state, asked.keys)
        figures |= _restored(state) if asked.restore else {}
        figures |= _aged(state)
    figures["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"store": asked.store, "keys": asked.keys, **figures, **machine()}, indent=1))


def _filled(state: State, keys: int) -> dict[str, float]:
    """Put the keys in over six days of stream time, a third of them again a day later."""
    cpu, worst, pages = 0.0, 0.0, 0
    for page in _pages(keys):
        began = time.process_time()
        state.apply(page)
        took = time.process_time() - began
        cpu, worst, pages = cpu + took, max(worst, took), pages + 1
    return {
        "apply_us_a_record": round(cpu / pages / PER_PAGE * 1e6, 2),
        "worst_apply_cpu_ms": round(worst * 1000, 1),
    }


def _pages(keys: int) -> Iterator[bytes]:
    """Yield the changes of pages: new keys, and those of a day ago again."""
    again = int(PER_PAGE * MOVED_SHARE)
    a_day = keys // 6 // PER_PAGE
    for page in range(keys // PER_PAGE):
        now = BEGIN + page * 6 * DAY // (keys // PER_PAGE)
        yield changes(now, [_record(_key(page * PER_PAGE + n), now, now) for n in range(PER_PAGE)])
        if page >= a_day and not page % 3:
            first = now - DAY
            old = (page - a_day) * PER_PAGE
            yield changes(now, [_record(_key(old + n), first, now) for n in range(again * 3)])


def _found(state: State, keys: int) -> dict[str, float]:
    """Find keys that are known and keys that are not, a page at a time."""
    chance = random.Random(1)
    figures = {}
    for name, start in (("known", 0), ("unknown", keys)):
        pages = [b"".join(_key(start + chance.randrange(keys)) for _ in range(PER_PAGE)) for _ in range(10_000)]
        began = time.process_time()
        found = sum(entry != NO_ENTRY for page in pages for entry in entries_of(state.find(page, KEY_BYTES)))
        took = time.process_time() - began
        assert found == (PER_PAGE * len(pages) if name == "known" else 0), f"{found} of the {name} keys found"
        figures[f"find_{name}_us"] = round(took / len(pages) / PER_PAGE * 1e6, 2)
    return figures


def _restored(state: State) -> dict[str, float]:
    """Make a new state from a snapshot of this one."""
    began = time.process_time()
    parts = list(state.snapshot())
    snapshot = time.process_time() - began
    restored = MemoryState(SETTINGS)
    began = time.process_time()
    for part in parts:
        restored.apply(part)
    took = time.process_time() - began
    return {
        "snapshot_cpu_seconds": round(snapshot, 2),
        "snapshot_bytes": sum(map(len, parts)),
        "restore_us_a_key": round(took / max(1, restored.keys()) * 1e6, 2),
    }


def _aged(state: State) -> dict[str, float]:
    """Let ten days pass, page by page, and return the longest that a page had to wait."""
    worst = worst_wall = 0.0
    for minutes in range(0, 24 * 60 * 10, 10):
        now = BEGIN + 6 * DAY + minutes * 60
        page = changes(now, [_record(_key(10**12 + minutes * PER_PAGE + n), now, now) for n in range(PER_PAGE)])
        began, began_wall = time.process_time(), time.perf_counter()
        state.apply(page)
        worst = max(worst, time.process_time() - began)
        worst_wall = max(worst_wall, time.perf_counter() - began_wall)
    return {
        "expiry_worst_cpu_ms": round(worst * 1000, 1),
        "expiry_worst_wall_ms": round(worst_wall * 1000, 1),
        "keys_after": state.keys(),
    }


def _key(number: int) -> bytes:
    """Return a key as evenly spread as a digest: odd constants, so that no two numbers share one."""
    low = (number * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64
    low ^= low >> 29
    high = low * 0xBF58476D1CE4E5B9 % 2**64
    return (high ^ high >> 32).to_bytes(8, "little") + low.to_bytes(KEY_BYTES - 8, "little")


def _record(key: bytes, first: int, last: int) -> bytes:
    return RECORD.pack(key, first, last, end(first, last, SETTINGS), 7, 1, b"form", NO_TAIL)


def _resident_bytes() -> int:
    gc.collect()
    with Path("/proc/self/statm").open() as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=10_000_000)
    parser.add_argument("--store", choices=("memory", "disk"), default="memory")
    parser.add_argument("--restore", action="store_true", help="measure a snapshot and a restore from it too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
