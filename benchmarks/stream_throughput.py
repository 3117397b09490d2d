"""Pages a second through the whole worker on Apache Kafka, and what the stream costs beside the extraction.

``python -m benchmarks.stream_throughput [--copies 8] [--workers 1]``. The pages are those of the speed set, or
the samples where the corpora are missing; each copy is of another site, so that every event is new and
everything that can be written is. Processor time is what the kernel says of the workers' processes.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from selectolax.lexbor import LexborHTMLParser

from benchmarks.corpora import CORPORA, speed_set, truths
from benchmarks.record import machine
from schemas import RawPage, encode
from schemas.topics import ARTICLES, TEASERS
from tests.integration.deployment import Deployment, Raw, Worker, waited
from tests.kafka.broker import Cluster
from worker.extract import PageError, split_page
from worker.samples import sample_pages
from worker.stream.guarantee import Record
from worker.stream.wire import raw_page

TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP_COPIES = 2
ROUNDS = 3
"""The core is timed so often, before and after the stream; the median counts."""


def main() -> None:
    """Measure once and print the figures as JSON."""
    asked = _asked()
    pages = _pages()
    core = [_core(pages)]
    with tempfile.TemporaryDirectory() as folder, Cluster(1) as kafka:
        there = Deployment(kafka.bootstrap, Path(folder), {"NEWSWORKER_COMMIT_INTERVAL_SECONDS": "1"})
        try:
            stream = _stream(there.apply_topics(4), pages, asked.copies, asked.workers)
        finally:
            there.end()
    core.append(_core(pages))
    print(json.dumps(_figures(pages, core, stream, asked.workers), indent=2))


def _figures(
    pages: Sequence[RawPage], core: Sequence[dict[str, float]], stream: dict[str, float], workers: int
) -> dict[str, object]:
    """Return what was measured, in milliseconds a page and as ratios to the parse."""
    parse, split = (median(sample[name] for sample in core) for name in ("parse_ms", "split_ms"))
    cpu = stream["cpu_ms"]
    return {
        "pages": len(pages),
        "mean_bytes": round(sum(len(page.body) for page in pages) / len(pages)),
        "workers": workers,
        "parse_ms": round(parse, 3),
        "split_page_ms": round(split, 3),
        "worker_cpu_ms": round(cpu, 3),
        "stream_adds_over_parse": round((cpu - split) / parse, 2),
        "pages_a_second": round(stream["pages_a_second"], 1),
        "events_a_page": round(stream["events"] / stream["pages"], 1),
        **machine(),
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


def _core(pages: Sequence[RawPage]) -> dict[str, float]:
    """Return processor time a page of the parse and of the whole core, taken in turns."""
    parse, split = [], []
    for _ in range(ROUNDS):
        parse.append(_timed(lambda: [LexborHTMLParser(page.body) for page in pages]))
        split.append(_timed(lambda: [_split(page) for page in pages]))
    return {name: median(times) / len(pages) * 1000 for name, times in (("parse_ms", parse), ("split_ms", split))}


def _split(page: RawPage) -> None:
    try:
        split_page(page)
    except PageError:
        return


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _stream(there: Deployment, pages: Sequence[RawPage], copies: int, workers: int) -> dict[str, float]:
    """Return what the workers did with so many copies of the pages."""
    running = [there.start() for _ in range(workers)]
    for worker in running:
        worker.wait_ready()
    shared = [4 // workers] * workers
    waited(lambda: [w.total("newsworker_assigned_partitions", stage="split") for w in running] == shared, 60, "sharing")
    _fed_and_done(there, running, _records(pages, range(WARM_UP_COPIES)), 0)
    warm = WARM_UP_COPIES * len(pages)
    before, events = _cpu_seconds(running), len(there.read(ARTICLES, TEASERS))
    seconds = _fed_and_done(there, running, _records(pages, range(WARM_UP_COPIES, WARM_UP_COPIES + copies)), warm)
    done = copies * len(pages)
    return {
        "pages": done,
        "cpu_ms": (_cpu_seconds(running) - before) / done * 1000,
        "pages_a_second": done / seconds,
        "events": len(there.read(ARTICLES, TEASERS)) - events,
    }


def _fed_and_done(there: Deployment, workers: Sequence[Worker], records: Sequence[Raw], before: int) -> float:
    """Feed the workers, and return how long it took them to do it all."""
    began = time.monotonic()
    there.feed(records, **{"compression.type": "lz4"})
    there.wait_done(before + len(records), *workers)
    return time.monotonic() - began


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


def _cpu_seconds(workers: Sequence[Worker]) -> float:
    """Return the processor time of the processes so far, from the kernel's books."""
    total = 0
    for worker in workers:
        fields = Path(f"/proc/{worker.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=8, help="how often the pages are fed")
    parser.add_argument("--workers", type=int, default=1, choices=(1, 2, 4), help="processes that share the pages")
    return parser.parse_args()


if __name__ == "__main__":
    main()
