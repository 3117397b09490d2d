"""What the stream costs beside the extraction, by step, and pages a second through the whole worker on Apache Kafka.

``python -m benchmarks.stream_throughput [--copies 8] [--workers 1] [--split-only]``. The pages are those of the
speed set, or the samples where the corpora are missing; each copy is of another site, so that every event is new
and everything that can be written is. The workers have clocks in them (`benchmarks.timed_worker`): parse, split and
stream of the same pages are timed in the same process, in turns, so their ratios hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.corpora import CORPORA, speed_set, truths
from benchmarks.record import machine
from benchmarks.timed_worker import ASIDE, BOOK, PARSE, PROCESS, SPLIT, STEPS, THREADS, new_book, times
from schemas import RawPage, encode
from schemas.topics import ARTICLES, TEASERS
from tests.integration.deployment import Deployment, Raw, Worker, waited
from tests.kafka.broker import Cluster
from worker.samples import sample_pages
from worker.stream.guarantee import Record
from worker.stream.wire import raw_page

WARM_UP_COPIES = 2
MOST_SECONDS = 500.0
"""For all pages at the latest."""

LOOK_SECONDS = 2.0
"""How often it is asked whether all is done: each answer takes the worker 5 ms."""

PARTITIONS = 4


def main() -> None:
    """Measure once and print the figures as JSON."""
    asked = _asked()
    pages = _pages()
    with tempfile.TemporaryDirectory() as folder, Cluster(1) as kafka:
        settings = {"NEWSWORKER_COMMIT_INTERVAL_SECONDS": "1"}
        there = Deployment(kafka.bootstrap, Path(folder), settings, module="benchmarks.timed_worker")
        try:
            stream = _stream(there.apply_topics(PARTITIONS), pages, asked)
        finally:
            there.end()
    print(json.dumps({"pages": len(pages), "workers": asked.workers, **stream, **machine()}, indent=2))


def _figures(clocks: dict[str, float], pages: int) -> dict[str, object]:
    """Return milliseconds a page, and ratios to the parse.

    Args:
        clocks: Processor seconds by step, of all workers.
        pages: How many were done.
    """
    parse = clocks[PARSE]
    cpu = clocks[PROCESS] - clocks[ASIDE]
    stream = cpu - clocks[SPLIT]
    steps = {name: clocks[name] for name in (*STEPS, *THREADS.values())}
    steps["Faust, client, event loop"] = stream - sum(steps.values())
    return {
        "parse_ms": round(parse / pages * 1000, 3),
        "split_page_over_parse": round(clocks[SPLIT] / parse, 2),
        "stream_adds_over_parse": round(stream / parse, 2),
        "cpu_over_parse": round(cpu / parse, 2),
        "cpu_ms": round(cpu / pages * 1000, 3),
        "steps_over_parse": {name: round(seconds / parse, 3) for name, seconds in steps.items()},
    }


def _pages() -> list[RawPage]:
    """Return the pages that speed is measured on, as a crawler would hand them over."""
    if not CORPORA.exists():
        good = (sample for sample in sample_pages() if sample.expect == "accepted")
        return [raw_page(Record("raw", 0, 0, 0, sample.key, sample.value, sample.headers)) for sample in good]
    urls = {truth["id"]: truth["url"] for corpus in ("aeb", "fundus", "fundus_eval") for truth in truths(corpus)}
    return [
        RawPage(url=urls.get(Path(name).name.removesuffix(".html.gz")), body=body, source="bench")
        for name, body in speed_set()
    ]


def _stream(there: Deployment, pages: Sequence[RawPage], asked: argparse.Namespace) -> dict[str, object]:
    """Return what the workers did with so many copies of the pages."""
    stages = ("--stages", "split") if asked.split_only else ()
    books = [new_book(there.folder / f"book-{number}") for number in range(asked.workers)]
    running = [there.start(*stages, **{BOOK: str(book)}) for book in books]
    for worker in running:
        worker.wait_ready()
    shared = [PARTITIONS // asked.workers] * asked.workers
    waited(lambda: [w.total("newsworker_assigned_partitions", stage="split") for w in running] == shared, 60, "sharing")
    _fed_and_done(there, running, _records(pages, range(WARM_UP_COPIES)), 0, has_dedupe=not asked.split_only)
    warm = WARM_UP_COPIES * len(pages)
    records = _records(pages, range(WARM_UP_COPIES, WARM_UP_COPIES + asked.copies))
    before, events = _clocks(books), len(there.read(ARTICLES, TEASERS))
    seconds = _fed_and_done(there, running, records, warm, has_dedupe=not asked.split_only)
    after = _clocks(books)
    return {
        **_figures({name: after[name] - before[name] for name in after}, len(records)),
        "mean_bytes": round(sum(len(page.body) for page in pages) / len(pages)),
        "events_a_page": round((len(there.read(ARTICLES, TEASERS)) - events) / len(records), 1),
        "pages_a_second": round(len(records) / seconds, 1),
    }


def _clocks(books: Iterable[Path]) -> dict[str, float]:
    """Return the processor time of each step so far, of all workers, once the books are up to date."""
    time.sleep(2 * LOOK_SECONDS)  # each worker writes its book by the clock, and says nothing when it has
    read = [times(book) for book in books]
    return {name: sum(book[name] for book in read) for name in read[0]}


def _fed_and_done(
    there: Deployment, workers: Sequence[Worker], records: Sequence[Raw], before: int, *, has_dedupe: bool
) -> float:
    """Feed the workers, and return how long it took them to do it all."""
    began = time.monotonic()
    there.feed(records, **{"compression.type": "lz4"})
    pages = before + len(records)
    if has_dedupe:
        there.wait_done(pages, *workers, seconds=MOST_SECONDS, every_seconds=LOOK_SECONDS)
    else:
        waited(lambda: _split(workers) >= pages, MOST_SECONDS, f"{pages} pages", every_seconds=LOOK_SECONDS)
    return time.monotonic() - began


def _split(workers: Sequence[Worker]) -> float:
    return sum(worker.total("newsworker_pages_total", stage="split") for worker in workers)


def _records(pages: Sequence[RawPage], copies: range) -> list[Raw]:
    """Return the pages as envelopes, each copy as another site's."""
    return [
        Raw(f"{number}-{copy}".encode(), encode(_moved(page, number, copy)))
        for copy in copies
        for number, page in enumerate(pages)
    ]


def _moved(page: RawPage, number: int, copy: int) -> RawPage:
    path = (page.url or f"https://x/{number}.html").partition("://")[2].partition("/")[2]
    body = page.body.decode("utf-8", "replace") if isinstance(page.body, bytes) else page.body
    return page.model_copy(update={"url": f"https://www.site-{number}-{copy}.example/{path}", "body": body})


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=8, help="how often the pages are fed")
    parser.add_argument("--workers", type=int, default=1, choices=(1, 2, 4), help="processes that share the pages")
    parser.add_argument("--split-only", action="store_true", help="run the stage split alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
