"""How much more two processes of `split_page` do than one: ``python -m benchmarks.two_processes [--rounds 3]``.

One and two processes take turns over the pages of the speed set. What counts is processor time a page, so that
others on the machine do not: two processes that disturb each other need more of it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.pool import Pool
from statistics import median

from benchmarks.corpora import speed_set
from benchmarks.record import machine
from schemas import RawPage
from worker.extract import PageError, split_page


def main() -> None:
    """Measure and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often one and two processes take turns")
    rounds = parser.parse_args().rounds
    with get_context("spawn").Pool(2) as pool:
        _together(pool, 2)  # what is loaded at the first page
        pairs = [(median(_together(pool, 1)), median(_together(pool, 2))) for _ in range(rounds)]
    ratio = median(two / one for one, two in pairs)
    figures = {
        "cpu_ms_one": round(median(one for one, _ in pairs), 2),
        "cpu_ms_two": round(median(two for _, two in pairs), 2),
        "two_against_one": round(2 / ratio, 2),
    }
    print(json.dumps({**figures, **machine()}, indent=2))


def _together(pool: Pool, processes: int) -> Sequence[float]:
    """Return the processor time a page of each process, in milliseconds."""
    return pool.map(_cpu_ms, range(processes), chunksize=1)


def _cpu_ms(_: int) -> float:
    pages = [RawPage(url=f"https://example.com/{name}", body=body) for name, body in speed_set()]
    began = time.process_time()
    for page in pages:
        try:
            split_page(page)
        except PageError:
            continue
    return (time.process_time() - began) / len(pages) * 1000


if __name__ == "__main__":
    main()
