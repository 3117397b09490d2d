"""Processor time of ``split_page`` against the parse of the same pages, interleaved in one process.

``python -m benchmarks.speed`` prints the ratio, p50 and p99 of a page and the time of a page of 5 MB.
"""

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from statistics import mean, quantiles

from selectolax.lexbor import LexborHTMLParser

from benchmarks.corpora import CORPORA, require, speed_set
from schemas import RawPage
from worker.extract import PageError, split_page

MUST_RATIO, MUST_P99_MS, MUST_LARGE_MS = 3.6, 12.0, 250.0
"""What is promised."""

LARGE_BYTES = 4_900_000
"""Size of the large page: paragraphs up to just below the limit."""


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that ``work`` takes; a rejected page is work as well."""
    start = time.process_time()
    with suppress(PageError):
        work()
    return (time.process_time() - start) * 1_000


def large_page() -> bytes:
    """Return an article of many paragraphs, as large as a page may be."""
    paragraph = "<p>The ferry left the harbour at noon, and nobody on the pier could say when it would be back.</p>"
    return f"<html><body><article><h1>A long day on the pier</h1>{paragraph * (LARGE_BYTES // len(paragraph))}".encode()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    require(CORPORA)
    parses, splits = [], []
    pages = [body for _, body in speed_set()]
    for _ in range(rounds):
        for body in pages:
            text = body.decode("utf-8", "replace")
            raw = RawPage(url="https://example.com/news/story-1", body=body, source="speed")
            parses.append(cpu_ms(lambda text=text: LexborHTMLParser(text)))
            splits.append(cpu_ms(lambda raw=raw: split_page(raw)))
    large = RawPage(url="https://example.com/news/story-2", body=large_page(), source="speed")
    percent = quantiles(splits, n=100)
    ratio = mean(splits) / mean(parses)
    print(f"{len(pages)} pages, {rounds} rounds; parse {mean(parses):.2f} ms, split {mean(splits):.2f} ms a page")
    print(f"split / parse {ratio:.2f} (at most {MUST_RATIO}); p50 {percent[49]:.1f} ms")
    large_ms = cpu_ms(lambda: split_page(large))
    print(f"p99 {percent[98]:.1f} ms (at most {MUST_P99_MS}); 5 MB {large_ms:.0f} ms (at most {MUST_LARGE_MS})")


if __name__ == "__main__":
    main()
