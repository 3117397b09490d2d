"""How far the signals of a site wander on good days, and how soon a redesign shows: ``worker/ops/site_health.py``.

    python -m benchmarks.site_health [--write]

Sites are the publishers of the corpora with several pages. What their pages give, by `split_page`, is drawn
again and again: so the variance inside a publisher is the measured one. Their pages were fetched years apart,
some from before and some from after a real redesign, so good days are calmer than these.
"""

import argparse
import json
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import fmean, quantiles

from benchmarks.corpora import ARTICLES, page_of, truths
from benchmarks.record import machine
from worker.extract import split_page
from worker.extract.errors import PageError
from worker.ops.site_health import (
    FIELDS,
    LEAST_SHARE,
    LEAST_TEASERS,
    OFF,
    REJECTED_PAGE,
    SILENT_PAGES,
    Signal,
    Signs,
    SiteHealth,
    signs,
)

RESULTS = Path(__file__).parent / "results"

LEAST_PAGES = 4
"""Pages of a publisher from which it is drawn as a site; fewer say little about what is usual."""

PAGES = 5_000
"""Length of a good stream: some weeks of a middle-sized site."""

SEEDS = 4
"""Streams a site and scene."""

KNOWN = 600
"""Pages before a slow day or a redesign."""

MOST = 400
"""Pages after which a redesign that nothing showed counts as not seen."""

RUNS = (3, 10)
"""Mean lengths of runs of one page again and again: a ticker, a gallery, results of a match day. Pages of one kind
differ more than that, so three stand for many."""

HALF = 0.5
CLEARLY = 1.1
"""A site counts as watched for a redesign where its usual is so far above the threshold: the usual sinks, too."""

NOTHING: dict[str, bool] = {}

Change = Callable[[Signs, random.Random], Signs]
Site = Sequence[Signs]


def corpus_sites() -> Mapping[str, Site]:
    """Return what the pages of each publisher say, by publisher."""
    sites: dict[str, list[Signs]] = defaultdict(list)
    for corpus in ARTICLES:
        for truth in truths(corpus):
            if not truth["url"]:
                continue
            try:
                said = signs(split_page(page_of(corpus, truth)))
            except PageError:
                said = REJECTED_PAGE
            sites[truth["family"] or truth["domain"]].append(said)
    return sites


def true_words() -> Mapping[str, Sequence[int]]:
    """Return the words of each publisher's bodies, as people or reviewed parsers took them."""
    words: dict[str, list[int]] = defaultdict(list)
    for corpus in ARTICLES:
        for truth in truths(corpus):
            text = truth.get("body") or " ".join(truth.get("paragraphs") or ())
            if text:
                words[truth["family"] or truth["domain"]].append(len(text.split()))
    return words


def deviation_within(groups: Mapping[str, Sequence[float]]) -> float:
    """Return the deviation inside groups, pooled over those with several values."""
    squares = freedom = 0.0
    for values in groups.values():
        if len(values) > 1:
            mean = fmean(values)
            squares += sum((value - mean) ** 2 for value in values)
            freedom += len(values) - 1
    return math.sqrt(squares / freedom)


def measured(sites: Mapping[str, Site]) -> dict[str, object]:
    """Return the variance inside publishers of each signal."""
    several = {name: pages for name, pages in sites.items() if len(pages) >= LEAST_PAGES}
    logs = {
        "words, truths": {name: [math.log1p(n) for n in ns] for name, ns in true_words().items()},
        "words": {name: [math.log1p(p.words) for p in pages if p.words] for name, pages in sites.items()},
        "teasers": {
            name: [math.log1p(p.teasers) for p in pages if p.teasers is not None] for name, pages in sites.items()
        },
    }
    shares = {
        field: {
            name: fmean(has) for name, pages in several.items() if (has := [p.fields[field] for p in pages if p.fields])
        }
        for field in FIELDS
    }
    return {
        "publishers": len(sites),
        "pages": sum(map(len, sites.values())),
        "publishers drawn as sites": len(several),
        "pages of those": sum(map(len, several.values())),
        "deviation of log(1 + n) inside a publisher": {
            name: round(deviation_within(of), 2) for name, of in logs.items()
        },
        "publishers that have the field on 7 of 10 pages, and their share": {
            field: [
                sum(s >= LEAST_SHARE for s in by.values()),
                round(fmean(s for s in by.values() if s >= LEAST_SHARE), 2),
            ]
            for field, by in shares.items()
        },
    }


# -- streams


def drawn(site: Site, chance: random.Random) -> Iterator[Signs]:
    """Yield pages of the site without end, each for itself."""
    while True:
        yield chance.choice(site)


def in_runs(site: Site, chance: random.Random, run: int) -> Iterator[Signs]:
    """Yield pages of the site without end, each ``run`` times on average."""
    while True:
        page = chance.choice(site)
        yield page
        while chance.random() > 1 / run:
            yield page


def slow(page: Signs, chance: random.Random) -> Signs:
    """Return the page of a slow day: half as long, agency copy for a third, a third of the teasers gone."""
    by_agency = chance.random() < 1 / 3
    return replace(
        page,
        words=None if page.words is None else page.words // 2,
        fields={**page.fields, "authors": False} if page.fields and by_agency else page.fields,
        teasers=None if page.teasers is None else page.teasers * 2 // 3,
    )


def half(change: Change) -> Change:
    """Return the change for every second page: one template of two."""
    return lambda page, chance: change(page, chance) if chance.random() < HALF else page


def emptied(page: Signs, _: random.Random) -> Signs:
    """Return the page with an empty body."""
    return replace(page, words=None if page.words is None else 0)


def cut(page: Signs, _: random.Random) -> Signs:
    """Return the page with its first paragraph for a body."""
    return replace(page, words=None if page.words is None else min(page.words, 35))


def unread(page: Signs, _: random.Random) -> Signs:
    """Return the page without an article."""
    return replace(page, article=None if page.article is None else False, words=None, fields=NOTHING)


def without(field: str) -> Change:
    """Return the change that takes a field away."""
    return lambda page, _: replace(page, fields={**page.fields, field: False} if page.fields else page.fields)


def no_teasers(page: Signs, _: random.Random) -> Signs:
    """Return the page without teasers."""
    return replace(page, teasers=None if page.teasers is None else 0)


def refused(_page: Signs, _: random.Random) -> Signs:
    """Return a rejected page."""
    return REJECTED_PAGE


REDESIGNS: Mapping[str, tuple[Change, Signal]] = {
    "bodies go empty": (emptied, Signal.BODY),
    "bodies go empty on half of the pages": (half(emptied), Signal.BODY),
    "only the first paragraph is found": (cut, Signal.BODY),
    "no article is found": (unread, Signal.ARTICLE),
    "the byline vanishes": (without("authors"), Signal.FIELDS),
    "the date vanishes": (without("published_at"), Signal.FIELDS),
    "teasers vanish": (no_teasers, Signal.TEASERS),
    "pages are rejected": (refused, Signal.REJECTED),
}


# -- scenes


def wandering(pages: Iterator[Signs], health: SiteHealth, n: int) -> dict[Signal, float]:
    """Return the greatest drift of each signal over ``n`` pages."""
    most = dict.fromkeys(Signal, 0.0)
    for page in islice(pages, n):
        health = health.seen(page)
        for signal, drift in health.drift().items():
            most[signal] = max(most[signal], drift)
    return most


def known(pages: Iterator[Signs]) -> SiteHealth:
    """Return the baselines after `KNOWN` pages."""
    health = SiteHealth()
    for page in islice(pages, KNOWN):
        health = health.seen(page)
    return health


def is_watched(health: SiteHealth, signal: Signal, change: Change) -> bool:
    """Tell whether the site has, often enough, what a redesign takes away."""
    page = Signs(article=True, words=500, fields=dict.fromkeys(FIELDS, True), teasers=10, rejected=0.0)
    changed = change(page, random.Random(0))
    match signal:
        case Signal.FIELDS:
            return all(
                changed.fields[name] or health.fields[name].slow >= CLEARLY * LEAST_SHARE
                for name in FIELDS
                if name in health.fields
            )
        case Signal.TEASERS:
            return health.teasers.slow >= CLEARLY * LEAST_TEASERS and health.teasers.pages > SILENT_PAGES
        case Signal.ARTICLE:
            return health.article.slow >= CLEARLY * LEAST_SHARE and health.article.pages > SILENT_PAGES
        case _:
            return health.body.pages > SILENT_PAGES


def pages_until_seen(
    pages: Iterator[Signs], health: SiteHealth, change: Change, signal: Signal, chance: random.Random
) -> int:
    """Return after how many pages of a redesign its signal is off; `MOST` + 1 where it is not."""
    for number, page in enumerate(islice(pages, MOST), start=1):
        health = health.seen(change(page, chance))
        if health.drift()[signal] >= OFF:
            return number
    return MOST + 1


def good_days(sites: Mapping[str, Site]) -> dict[str, dict[str, object]]:
    """Return for each calm scene the greatest drifts, and how many streams had a signal off."""
    everyone = [page for pages in sites.values() for page in pages]
    scenes: dict[str, list[dict[Signal, float]]] = defaultdict(list)
    for seed in range(SEEDS):
        for name, site in sites.items():
            chance = random.Random(f"{name} {seed}")
            scenes["usual pages"].append(wandering(drawn(site, chance), SiteHealth(), PAGES))
            for run in RUNS:
                alike = in_runs(site, chance, run)
                scenes[f"usual pages, {run} alike in a row"].append(wandering(alike, SiteHealth(), PAGES))
            usual = drawn(site, chance)
            health = known(usual)
            scenes["a slow day of 300 pages"].append(wandering((slow(p, chance) for p in usual), health, 300))
        scenes["all publishers mixed, as `other`"].append(
            wandering(drawn(everyone, random.Random(seed)), SiteHealth(), PAGES)
        )
        for run in RUNS:
            alike = in_runs(everyone, random.Random(seed), run)
            scenes[f"all publishers mixed, {run} alike in a row"].append(wandering(alike, SiteHealth(), PAGES))
    return {name: _told(drifts) for name, drifts in scenes.items()}


def _told(drifts: Sequence[Mapping[Signal, float]]) -> dict[str, object]:
    return {
        "streams": len(drifts),
        "with a signal off": sum(any(d >= OFF for d in drift.values()) for drift in drifts),
        "greatest drift": {str(s): round(max(drift[s] for drift in drifts), 2) for s in Signal},
    }


def redesigns(sites: Mapping[str, Site]) -> dict[str, dict[str, int]]:
    """Return for each redesign after how many pages it shows."""
    return {name: _seen(sites, name, change, signal) for name, (change, signal) in REDESIGNS.items()}


def _seen(sites: Mapping[str, Site], name: str, change: Change, signal: Signal) -> dict[str, int]:
    counts = []
    for seed in range(SEEDS * 5):
        for site_name, site in sites.items():
            chance = random.Random(f"{name} {site_name} {seed}")
            pages = drawn(site, chance)
            health = known(pages)
            if is_watched(health, signal, change):
                counts.append(pages_until_seen(pages, health, change, signal, chance))
    return {
        "plays": len(counts),
        "not seen": sum(count > MOST for count in counts),
        "pages, median": round(quantiles(counts, n=2)[0]),
        "pages, 95 of 100": round(quantiles(counts, n=20)[-1]),
    }


def main() -> None:
    """Measure, print, and with ``--write`` keep the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site_health")
    parser.add_argument("--write", action="store_true", help="keep the result under benchmarks/results/")
    asked = parser.parse_args()
    sites = corpus_sites()
    played = {name: pages for name, pages in sites.items() if len(pages) >= LEAST_PAGES}
    result = {
        "measured": measured(sites),
        "off from": OFF,
        "good days": good_days(played),
        "redesigns": redesigns(played),
        "machine": machine(),
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    if asked.write:
        (RESULTS / f"site-health-{datetime.now(UTC):%Y%m%dT%H%M%S}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
