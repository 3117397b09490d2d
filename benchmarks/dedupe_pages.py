"""Real pages, each as part of its publisher's stream: ``python -m benchmarks.dedupe_pages``.

Splits the pages of the corpora once, then decides on them by site: as they were crawled, all again under other
page ids, and shuffled. Repeats inside a page, new and repeated teasers and what readers hold are compared.
"""

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from benchmarks.corpora import ARTICLES, page_of, truths
from benchmarks.record import machine
from schemas import ENRICHABLE, SplitPage
from worker.dedupe import DedupeSettings, MemoryState, Outcome, decide
from worker.extract import PageError, split_page

SETTINGS = DedupeSettings()
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = 5
"""Shuffled orders that are compared with the first."""


def main() -> None:
    """Run all pages and print the figures as JSON."""
    pages = list(_pages())
    outcomes, state = _run(pages)
    twins = [page.model_copy(update={"page_id": f"{number:032x}"}) for number, page in enumerate(pages)]
    again = [_decided(page, state) for page in twins]
    held, contradicted = _held(outcomes), _contradicted(pages, outcomes)
    differing = set()
    for seed in range(ORDERS):
        shuffled = random.Random(seed).sample(pages, len(pages))
        others, _ = _run(shuffled)
        other = _held(others)
        contradicted |= _contradicted(shuffled, others)
        differing |= {key for key in held.keys() | other.keys() if held.get(key) != other.get(key)}
    figures = {
        "pages": len(pages),
        "sites": len({page.site for page in pages}),
        "sites_with_many_pages": sum(n > 1 for n in Counter(page.site for page in pages).values()),
        "found": sum(page.counts.found for page in pages),
        "totals_off": sum(sum(outcome.decided.values()) != outcome.page.counts.found for outcome in outcomes),
        "decided": dict(sum((outcome.decided for outcome in outcomes), Counter())),
        "events_when_all_come_again": sum(not outcome.is_repeat for outcome in again),
        "teasers_held": len(held),
        "fields_contradicted": len(contradicted),
        "fields_that_differ_when_shuffled": len(differing),
        "of_these_not_contradicted": len(differing - contradicted),
    }
    json.dump({**figures, **machine()}, sys.stdout, indent=1)
    print()


def _pages() -> Iterable[SplitPage]:
    """Yield the pages that can be split, fetched a minute apart where the corpus doesn't say when."""
    number = 0
    for corpus in ARTICLES:
        for truth in truths(corpus):
            number += 1
            raw = page_of(corpus, truth)
            if raw.url is None:
                continue
            # The corpora span years; here all come within one TTL, so that repeats are repeats.
            raw = raw.model_copy(update={"fetched_at": BEGIN + timedelta(minutes=number)})
            try:
                yield split_page(raw)
            except PageError:
                continue


def _run(pages: Iterable[SplitPage]) -> tuple[list[Outcome], MemoryState]:
    state = MemoryState(SETTINGS)
    return [_decided(page, state) for page in pages], state


def _decided(page: SplitPage, state: MemoryState) -> Outcome:
    outcome = decide(page, state, settings=SETTINGS)
    if outcome.entries:
        state.apply(outcome.entries)
    return outcome


def _held(outcomes: Iterable[Outcome]) -> dict[tuple[str, str], object]:
    """Return what a reader holds, by teaser and field."""
    held: dict[tuple[str, str], object] = {}
    for outcome in outcomes:
        for event in outcome.teasers:
            for name in ENRICHABLE if event.status == "new" else event.changed:
                held[event.teaser_id, name] = getattr(event, name)
    return held


def _contradicted(pages: Iterable[SplitPage], outcomes: Iterable[Outcome]) -> set[tuple[str, str]]:
    """Return teasers and fields for which two texts of one rank were shown, on pages that counted conflicts."""
    texts: defaultdict[tuple[str, str, int], set[object]] = defaultdict(set)
    for page, _ in zip(pages, outcomes, strict=True):
        for teaser in page.teasers:
            for name, rank in zip(ENRICHABLE, teaser.ranks, strict=True):
                texts[teaser.teaser_id, name, rank].add(getattr(teaser, name))
    return {(key, name) for (key, name, _), shown in texts.items() if len(shown) > 1}


if __name__ == "__main__":
    main()
