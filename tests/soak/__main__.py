"""Run a worker under steady load on Apache Kafka and watch what it holds: `make soak`.

Event time runs a day in five minutes, so that what is remembered expires as fast as it comes and the state is
in balance after the warm-up; what grows then is a leak.
"""

import argparse
import itertools
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
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
"""Seconds of event time a second: a day in five minutes."""

SETTINGS = {"NEWSWORKER_DEDUPE_TTL_HOURS": "24", "NEWSWORKER_DEDUPE_CAP_HOURS": "36"}
"""Expiry within 7.5 minutes at that speed."""

WARM_PAGES = 8_500
"""Pages before the steady load, each with a headline and eight links that come once: they fill the caches of the
core, which keep 8,192 addresses and as many short lines. While one fills it looks like a leak: short lines alone, of
which a page brings one and a fifth of the pages are new, of 3 % an hour at 20 pages a second."""

WARM_RATE = 400.0
"""Pages a second at which they are sent; the worker takes the time it needs."""

SAMPLE_SECONDS = 5.0
RESULT = ROOT / "docs" / "soak.json"


def soak(minutes: float, rate: float) -> Iterator[Sample]:
    """Yield a sample every `SAMPLE_SECONDS` while pages come at ``rate`` a second for ``minutes``."""
    began = time.monotonic()
    first = datetime.now(UTC) - timedelta(minutes=minutes * SPEED + 60)

    def page(number: int, at: datetime) -> bytes:  # noqa: ARG001 - event time is ours here
        return pages.article(number, first + timedelta(seconds=(time.monotonic() - began) * SPEED))

    def once(number: int, at: datetime) -> bytes:  # noqa: ARG001 - as above
        return pages.article(10_000_000 + number, first, look=pages.Look.FRESH_LINKS)

    with Scene(**SETTINGS) as scene:
        worker = scene.start()
        _warm(scene, worker, once)
        began = time.monotonic()
        with scene.feed(page, rate, crawl(pages=200)):
            previous = _scraped(worker.target)
            for number in itertools.count(1):
                time.sleep(max(0.0, began + number * SAMPLE_SECONDS - time.monotonic()))
                now = _scraped(worker.target)
                yield _sample(time.monotonic() - began, previous, now)
                previous = now
                if time.monotonic() - began > minutes * 60:
                    return


def _warm(scene: Scene, worker: Worker, make: Make) -> None:
    """Feed the pages that fill the caches, and wait until they are done.

    Raises:
        TimeoutError: They are not in time.
    """
    deadline = time.monotonic() + DONE_SECONDS
    with scene.feed(make, WARM_RATE, iter(range(WARM_PAGES))):
        while (done := _pages_done(worker)) < WARM_PAGES:
            print(f"warming up: {done:.0f} of {WARM_PAGES} pages", flush=True)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{done:.0f} of {WARM_PAGES} pages done after {DONE_SECONDS:.0f} s")
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
