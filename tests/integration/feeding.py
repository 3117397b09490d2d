"""Pages that go on coming while workers are ended.

A worker is done with hundreds of pages within the half second that it takes to look at it: only pages that go on
coming are load at every end. Few at a time are enough, since an end waits until some are under way.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.integration.deployment import Deployment, Raw, Worker, waited
from tests.integration.pages import made

PAGES_AT_ONCE, PAUSE_SECONDS = 10, 0.25
SOME_PAGES = 20


@contextmanager
def feeding(there: Deployment) -> Iterator[list[Raw]]:
    """Feed pages from a thread for as long as the block runs; yield the list of them, whole once the block ends."""
    fed: list[Raw] = []
    is_over = threading.Event()

    def run() -> None:
        while not is_over.wait(PAUSE_SECONDS):
            pages = [made(number) for number in range(len(fed), len(fed) + PAGES_AT_ONCE)]
            there.feed(pages)
            fed.extend(pages)

    with ThreadPoolExecutor(1) as crawler:
        done = crawler.submit(run)
        try:
            yield fed
        finally:
            is_over.set()
        done.result()


def committed(worker: Worker, n: int) -> None:
    """Wait until the worker has ended so many pages in both stages."""
    waited(lambda: worker.total("newsworker_pages_total", stage="dedupe") >= n, 60, f"{n} pages")


def at_work(worker: Worker) -> Worker:
    """Wait until `dedupe` has committed some pages and has others under way: there is something to lose."""
    committed(worker, SOME_PAGES)
    waited(
        lambda: worker.total("newsworker_in_flight_records", stage="dedupe") > 0,
        30,
        "pages under way",
        every_seconds=0.02,
    )
    return worker
