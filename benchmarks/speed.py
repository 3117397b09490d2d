"""Processor time of ``split_page`` against the parse of the same pages and against trafilatura, in one process.

``python -m benchmarks.speed`` takes turns page by page and prints the ratios, p50 and p99 of a page and the time of
a page of 5 MB; the garbage collector is set as in a worker. ``--steps`` adds the cost of each step, ``--plot`` draws
cost against page size, ``--record`` keeps the figures in ``benchmarks/results``.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, quantiles

from selectolax.lexbor import LexborHTMLParser

from benchmarks.corpora import CORPORA, require, speed_set
from benchmarks.plot import scatter
from benchmarks.record import machine
from benchmarks.steps import Clocks
from schemas import RawPage
from worker.extract import PageError, split_page
from worker.stream.garbage import settle

RESULTS = Path(__file__).parent / "results"

MUST_RATIO, MUST_P99_MS, MUST_LARGE_MS = 3.6, 12.0, 250.0
"""What is promised."""

LARGE_BYTES = 4_900_000
"""Size of the large page: paragraphs up to just below the limit."""

LEAST_MS = 0.01
"""What a page costs at least in the plot: an axis of powers of ten has no 0."""

ADDRESS = "https://example.com/news/story-1"


@dataclass
class Costs:
    """Milliseconds of processor time, one value a page and round."""

    parse: list[float] = field(default_factory=list)
    split: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    """Of the first round alone: nothing is remembered from pages of the same site."""

    peer: list[float] = field(default_factory=list)
    """Trafilatura, in the first round; empty where it is not installed."""


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


def peer() -> Callable[[str], object] | None:
    """Return trafilatura's extraction with metadata, None where it is not installed."""
    if find_spec("trafilatura") is None:
        return None
    from trafilatura import bare_extraction

    return lambda text: bare_extraction(text, with_metadata=True)


def measured(pages: Sequence[bytes], rounds: int) -> Costs:
    """Return what the pages cost, the three ways in turns."""
    costs, other = Costs(), peer()
    for number in range(rounds):
        for body in pages:
            text = body.decode("utf-8", "replace")
            raw = RawPage(url=ADDRESS, body=body, source="speed")
            costs.parse.append(cpu_ms(lambda text=text: LexborHTMLParser(text)))
            costs.split.append(cpu_ms(lambda raw=raw: split_page(raw)))
            if other is not None and not number:
                costs.peer.append(cpu_ms(lambda text=text: other(text)))
        costs.first = costs.first or list(costs.split)
    return costs


def figures(costs: Costs, pages: int, rounds: int) -> dict[str, float]:
    """Return the figures of a run; ratios are to the parse."""
    percent, parse = quantiles(costs.split, n=100), mean(costs.parse)
    large = RawPage(url=ADDRESS, body=large_page(), source="speed")
    found = {
        "pages": pages,
        "rounds": rounds,
        "parse_ms": parse,
        "split_ms": mean(costs.split),
        "ratio": mean(costs.split) / parse,
        "ratio_first_round": mean(costs.first) / mean(costs.parse[:pages]),
        "p50_ms": percent[49],
        "p99_ms": percent[98],
        "large_ms": cpu_ms(lambda: split_page(large)),
    }
    if costs.peer:
        found |= {"trafilatura_ms": mean(costs.peer), "trafilatura_to_split": mean(costs.peer) / mean(costs.first)}
    return {name: round(value, 2) for name, value in found.items()}


def steps_of(pages: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Return the cost of each step against the parse, in rounds of their own: clocks around steps cost, too."""
    clocks = Clocks()
    with clocks.running():
        costs = measured(pages, rounds)
    return clocks.ratios(sum(costs.parse))


def drawn(target: Path, pages: Sequence[bytes], costs: Costs) -> None:
    """Draw the cost of each page, its fastest round, against its size."""

    def points(values: Sequence[float]) -> list[tuple[float, float]]:
        fastest = [min(values[at :: len(pages)]) for at in range(len(pages))]
        return [(len(body) / 1_000, max(ms, LEAST_MS)) for body, ms in zip(pages, fastest, strict=True)]

    series = {"split_page": points(costs.split), "lexbor parse": points(costs.parse)}
    if costs.peer:
        series["trafilatura"] = points(costs.peer)
    scatter(target, "Processor time of a page", ("kilobytes of the page", "milliseconds"), series)


def main() -> None:
    """Measure, print, and keep what is asked to be kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--steps", action="store_true", help="print the cost of each step too")
    options.add_argument("--plot", type=Path, help="SVG file for cost against page size")
    options.add_argument("--record", action="store_true", help="write the figures to benchmarks/results")
    asked = options.parse_args()
    require(CORPORA)
    pages = [body for _, body in speed_set()]
    settle()
    costs = measured(pages, asked.rounds)
    told = figures(costs, len(pages), asked.rounds)
    steps = steps_of(pages, asked.rounds) if asked.steps or asked.record else {}
    print(f"{len(pages)} pages, {asked.rounds} rounds; parse {told['parse_ms']} ms, split {told['split_ms']} ms a page")
    print(f"split / parse {told['ratio']} (at most {MUST_RATIO}; first round {told['ratio_first_round']})")
    print(f"p50 {told['p50_ms']} ms, p99 {told['p99_ms']} ms (at most {MUST_P99_MS})")
    print(f"5 MB {told['large_ms']} ms (at most {MUST_LARGE_MS})")
    print(f"trafilatura / split {told.get('trafilatura_to_split', 'unknown: it is not installed (bench.txt)')}")
    if asked.steps:
        print("\n".join(f"{ratio:6.2f} x  {name}" for name, ratio in steps.items()))
    if asked.plot:
        drawn(asked.plot, pages, costs)
    if asked.record:
        _record({"figures": told, "steps": steps})


def _record(told: dict[str, object]) -> None:
    """Keep the figures, with what they were measured on."""
    at = datetime.now(UTC)
    record = {**machine(), "measured_at": at.isoformat(timespec="seconds"), **told}
    path = RESULTS / f"speed-{at:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"written to {path.name}")


if __name__ == "__main__":
    main()
