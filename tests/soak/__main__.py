"""Run a worker under steady load on Apache Kafka and watch what it holds: `make soak`.

Event time runs a day in five minutes, so that what is remembered expires as fast as it comes and the state is
in balance after the warm-up, which is the same load, faster; what grows then is a leak.
"""

import argparse
import itertools
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.record import machine
from tests.deploy.live import pages
from tests.deploy.live.feeder import Make, crawl
from tests.deploy.live.processes import Worker
from tests.deploy.live.scene import DONE_SECONDS, Scene
from tests.deploy.tools import ROOT, TOOLS
from tests.soak.verdict import Sample, verdict

SPEED = 288
"""Seconds of event time a second of the steady load: a day in five minutes."""

SETTINGS = {"NEWSWORKER_DEDUPE_TTL_HOURS": "24", "NEWSWORKER_DEDUPE_CAP_HOURS": "36"}
"""Expiry within 7.5 minutes at that speed."""

FRESH_PAGES = 1_100
"""Pages before all others, each with eight links and eight short lines that come once: they fill the caches of the
core, which keep 8,192 addresses and as many short lines. No more of them than that: what they leave in the state makes
room in the heap, in which a leak would hide."""

WARM_PAGES = 20_000
"""Pages of the steady load that are sent before the watch. Until then memory grows by 80 bytes a page, which reads as
3 % an hour: the JSON decoder keeps 16,384 short strings, and each cache goes on until what it holds is as long as what
comes. After 21,000 pages through the core it stays for as long as was watched."""

WARM_RATE = 50.0
"""Pages a second at which they are sent: half of what a worker can do, since what it holds of a backlog makes room in
the heap as well, 130 MB at 400 a second."""

SAMPLE_SECONDS = 5.0
RESULT = ROOT / "docs" / "soak.json"


def soak(minutes: float, rate: float) -> Iterator[Sample]:
    """Yield a sample every `SAMPLE_SECONDS` while pages come at ``rate`` a second for ``minutes``."""
    step = timedelta(seconds=SPEED / rate)
    first = datetime.now(UTC) - (WARM_PAGES + minutes * 60 * rate) * step - timedelta(hours=1)
    numbers, turns = crawl(pages=200), itertools.count()

    def page(number: int, at: datetime) -> bytes:  # noqa: ARG001 - event time is ours here
        return pages.article(number, first + next(turns) * step)

    def once(number: int, at: datetime) -> bytes:  # noqa: ARG001 - as above
        return pages.article(10_000_000 + number, first, look=pages.Look.FRESH_LINES)

    with Scene(**SETTINGS) as scene:
        worker = scene.start()
        _warm(scene, worker, once, range(FRESH_PAGES), done=FRESH_PAGES)
        _warm(scene, worker, page, itertools.islice(numbers, WARM_PAGES), done=FRESH_PAGES + WARM_PAGES)
        began = time.monotonic()
        with scene.feed(page, rate, numbers):
            previous = _scraped(worker.target)
            for number in itertools.count(1):
                time.sleep(max(0.0, began + number * SAMPLE_SECONDS - time.monotonic()))
                now = _scraped(worker.target)
                yield _sample(time.monotonic() - began, previous, now)
                previous = now
                if time.monotonic() - began > minutes * 60:
                    return


def _warm(scene: Scene, worker: Worker, make: Make, numbers: Iterable[int], *, done: int) -> None:
    """Feed pages that fill the caches, and wait until so many are done in all.

    Raises:
        TimeoutError: They are not in time.
    """
    deadline = time.monotonic() + DONE_SECONDS
    with scene.feed(make, WARM_RATE, iter(numbers)):
        while (by_now := _pages_done(worker)) < done:
            print(f"warming up: {by_now:.0f} of {done} pages", flush=True)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{by_now:.0f} of {done} pages done after {DONE_SECONDS:.0f} s")
            time.sleep(SAMPLE_SECONDS)


def _pages_done(worker: Worker) -> float:
    scraped = _scraped(worker.target)
    return sum(v for (n, has), v in scraped.items() if n == "newsworker_pages_total" and ("stage", "dedupe") in has)


def _scraped(target: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    with urllib.request.urlopen(f"http://{target}/metrics", timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def _sample(at: float, before: dict, now: dict) -> Sample:
    def total(name: str, values: dict, **labels: str) -> float:
        return sum(v for (n, has), v in values.items() if n == name and labels.items() <= dict(has).items())

    def grown(name: str, **labels: str) -> float:
        return total(name, now, **labels) - total(name, before, **labels)

    done = grown("newsworker_page_seconds_count", stage="dedupe")
    return Sample(
        at_seconds=round(at, 1),
        resident_bytes=total("process_resident_memory_bytes", now),
        open_files=total("process_open_fds", now),
        series=len(now),
        seen_keys=total("newsworker_seen_keys", now),
        pages_per_second=round(grown("newsworker_pages_total", stage="dedupe") / SAMPLE_SECONDS, 2),
        cpu_seconds_per_page=round(grown("process_cpu_seconds_total") / max(1.0, done), 5),
        page_seconds_mean=round(grown("newsworker_page_seconds_sum", stage="dedupe") / max(1.0, done), 4),
        lag_records=total("newsworker_lag_records", now),
    )


def main() -> int:
    """Run, write ``docs/soak.json`` and ``docs/soak.png``, and return 1 where something grew."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=20, help="pages a second")
    parser.add_argument("--out", type=Path, default=RESULT)
    asked = parser.parse_args()
    samples = []
    for sample in soak(asked.minutes, asked.rate):
        samples.append(sample)
        if len(samples) % 12 == 0:
            print(sample, flush=True)
    found = verdict(samples)
    result = {
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "minutes": asked.minutes,
        "rate": asked.rate,
        "machine": machine(),
        **found._asdict(),
        "samples": [sample._asdict() for sample in samples],
    }
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    subprocess.run(
        [TOOLS / "python", ROOT / "tests/soak/draw.py", asked.out, asked.out.with_suffix(".png")], check=True
    )
    print(found)
    return 0 if found.is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
