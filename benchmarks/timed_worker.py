"""``newsworker`` with clocks in it: processor time of each step of a page, and of the parse of the same page beside it.

``python -m benchmarks.timed_worker run`` does what ``newsworker run`` does. It writes its times into the file that
``BENCHMARK_BOOK`` names, where `times` reads them while it runs. A machine that others use as well
makes all times longer, by up to two: only what is taken in turns in one process compares.
"""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Callable
from importlib import import_module
from mmap import mmap
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

BOOK = "BENCHMARK_BOOK"
"""The environment variable that names the file."""

PARSE, SPLIT, ASIDE = "parse", "split_page", "aside"
"""The lexbor parse of a page; its split; what only measuring costs."""

STEPS = {
    "decode raw page": ("worker.stream.split_stage", "raw_page"),
    "encode split page": ("worker.stream.sinks", "Sinks.split_page"),
    "count, split": ("worker.stream.split_stage", "SplitStage._count"),
    "decode split page": ("worker.stream.dedupe_stage", "decode"),
    "decide": ("worker.stream.dedupe_stage", "decide"),
    "items": ("worker.stream.dedupe_stage", "_items"),
    "encode events": ("worker.stream.dedupe_stage", "DedupeStage._messages"),
    "count, dedupe": ("worker.stream.dedupe_stage", "DedupeStage._count"),
    "apply state": ("worker.dedupe.memory", "MemoryState.apply"),
    "compress batches": ("aiokafka.producer.message_accumulator", "BatchBuilder._build"),
}
"""By name: where the function is that a step calls."""

THREADS = {"health": "scrapes and probes", "Thread-": "fetch and unpack"}
"""By how a thread's name begins: what it does."""

PROCESS = "process"
NAMES = (PROCESS, PARSE, SPLIT, ASIDE, *STEPS, *THREADS.values())
_SECONDS = struct.Struct("d")
_LOOK_SECONDS = 0.5
"""How often the clocks of the threads are read: no thread tells of its end."""


def times(book: Path) -> dict[str, float]:
    """Return the processor time of each step so far, in seconds."""
    data = book.read_bytes()
    return {name: _SECONDS.unpack_from(data, at * _SECONDS.size)[0] for at, name in enumerate(NAMES)}


def new_book(path: Path) -> Path:
    """Make an empty book."""
    path.write_bytes(bytes(_SECONDS.size * len(NAMES)))
    return path


class _Book:
    """Adds up times in a file that others read."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap(file.fileno(), 0)
        self._at = {name: at * _SECONDS.size for at, name in enumerate(NAMES)}

    def add(self, name: str, seconds: float) -> None:
        at = self._at[name]
        _SECONDS.pack_into(self._map, at, _SECONDS.unpack_from(self._map, at)[0] + seconds)

    def put(self, name: str, seconds: float) -> None:
        _SECONDS.pack_into(self._map, self._at[name], seconds)

    def clocked(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a clock on it."""

        def clocked(*args: Any, **options: Any) -> Any:
            began = time.thread_time()
            try:
                return function(*args, **options)
            finally:
                self.add(name, time.thread_time() - began)

        return clocked

    def beside_the_parse(self, split_page: Callable[..., Any]) -> Callable[..., Any]:
        """Return the split with the parse of the same bytes before it, both on the clock."""

        def clocked(page: Any, *args: Any) -> Any:
            began = time.thread_time()
            body = page.body if isinstance(page.body, bytes) else page.body.encode()
            parse_began = time.thread_time()
            parser = LexborHTMLParser(body)
            parse_ended = time.thread_time()
            del parser, body
            split_began = time.thread_time()
            self.add(PARSE, parse_ended - parse_began)
            self.add(ASIDE, split_began - began)
            try:
                return split_page(page, *args)
            finally:
                self.add(SPLIT, time.thread_time() - split_began)

        return clocked

    def keep(self) -> None:
        """Write the time of the process and of its threads, again and again."""
        while True:
            for begin, name in THREADS.items():
                clocks = [
                    time.pthread_getcpuclockid(one.ident)
                    for one in threading.enumerate()
                    if one.ident is not None and one.name.startswith(begin)
                ]
                self.put(name, sum(map(time.clock_gettime, clocks)))
            self.put(PROCESS, time.process_time())
            time.sleep(_LOOK_SECONDS)


def main() -> None:
    """Put the clocks in and run the command line."""
    book = _Book(Path(os.environ[BOOK]))
    for name, (module, path) in STEPS.items():
        _replace(import_module(module), path, lambda function, name=name: book.clocked(name, function))
    _replace(import_module("worker.stream.split_stage"), SPLIT, book.beside_the_parse)
    threading.Thread(target=book.keep, daemon=True, name="book").start()
    import_module("worker.cli.main").main()


def _replace(module: object, path: str, by: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    owner, _, name = path.rpartition(".")
    holder = getattr(module, owner) if owner else module
    setattr(holder, name, by(getattr(holder, name)))


if __name__ == "__main__":
    main()
