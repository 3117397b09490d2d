"""Deduplication over a stream whose truth is known: ``python -m benchmarks.dedupe_stream``.

Counts wrong drops, repeats let through and other wrong reasons, checks the totals of every page, and measures
decisions a second of processor time, ``decide`` and ``apply`` alone. ``--restart`` makes the state anew from
its log and goes on; ``--shuffle`` compares what readers hold with the order of the log.
"""

import argparse
import gc
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.news_stream import NewsStream, Page, Rates
from benchmarks.record import machine
from schemas import ENRICHABLE, Decision, SplitPage, Teaser, decode, encode
from worker.dedupe import DedupeSettings, MemoryState, Outcome, State, decide, marks_of
from worker.dedupe.disk import DiskState

SETTINGS = DedupeSettings()
BURST_PAGES = 50
"""Pages decided one after the other, as they come from one fetch."""

MEASURED_EVERY = 20
"""Bursts to one that is measured, on pages decoded just before, as in production: those of the generator lie
scattered in memory, and fetching them would cost more than deciding."""

WARM_PAGES, WARM_ROUNDS = 20, 50
"""Pages that are decided again and again, and how often."""

SHUFFLED_WITHIN = timedelta(minutes=10)


@dataclass(slots=True)
class Tally:
    """What went wrong, and what it cost."""

    items: int = 0
    measured: int = 0
    pages: int = 0
    wrong_drops: int = 0
    let_through: int = 0
    other_reasons: int = 0
    totals_off: int = 0
    conflicts: int = 0
    events: int = 0
    worst_burst_ms: float = 0.0
    cpu_seconds: float = 0.0
    decided: Counter[str] = field(default_factory=Counter)

    def take(self, made: Page, outcome: Outcome) -> None:
        """Compare one outcome with the truth."""
        self.pages += 1
        self.items += len(made.reasons)
        self.events += len(outcome.teasers) + (outcome.article is not None)
        self.conflicts += len(outcome.conflicts)
        counts = outcome.counts
        total = (counts.emitted or 0) + counts.merged_in_page + counts.dropped + counts.rejected
        self.totals_off += total != counts.found or sum(outcome.decided.values()) != counts.found
        self.decided.update(map(str, outcome.reasons))
        if made.reasons != outcome.reasons:
            self._differ(made, outcome)

    def _differ(self, made: Page, outcome: Outcome) -> None:
        for expected, reason in zip(made.reasons, outcome.reasons, strict=True):
            if expected is reason:
                continue
            if expected.decision is Decision.EMITTED and reason.decision is not Decision.EMITTED:
                self.wrong_drops += 1
            elif expected.decision is not Decision.EMITTED and reason.decision is Decision.EMITTED:
                self.let_through += 1
            else:
                self.other_reasons += 1


@dataclass(slots=True)
class Holder:
    """The state in use: a restart puts another one here."""

    state: State


class Held:
    """What a reader holds of each teaser, as hashes of its fields."""

    def __init__(self) -> None:
        self.teasers: dict[str, list[int]] = {}

    def take(self, event: Teaser) -> None:
        """Apply an event as a reader does."""
        values = [hash(getattr(event, name)) for name in ENRICHABLE]
        if event.status == "new":
            self.teasers[event.teaser_id] = values
        else:
            held = self.teasers[event.teaser_id]
            for at, name in enumerate(ENRICHABLE):
                if name in event.changed:
                    held[at] = values[at]


def main() -> None:
    """Run the stream once and print the figures as JSON."""
    # The generator keeps a million records alive; the collector would walk them all on the account of `decide`.
    gc.disable()
    asked = _asked()
    rates = Rates(pages=asked.pages)
    stream = NewsStream(rates, asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        tally, held, state = _run(stream, asked, Path(folder))
        figures = {**_figures(tally), "keys": state.keys(), "store": asked.store, "restarts": asked.restart or 0}
        figures["repeats_a_cpu_second_warm"] = _warm(state, asked.seed)
        if asked.shuffle:
            figures |= _shuffled(rates, asked, held, stream.contradicted)
    print(json.dumps({**figures, **machine()}, indent=1))


def _run(stream: NewsStream, asked: argparse.Namespace, folder: Path) -> tuple[Tally, Held, State]:
    """Return the tally of the whole stream, what readers hold, and the state in the end."""
    tally, held = Tally(), Held()
    now = Holder(_new_state(asked.store, folder))
    log: list[bytes] = []
    every = stream.rates.pages // (asked.restart + 1) + 1
    for made, outcome in _decided(stream, now, tally):
        tally.take(made, outcome)
        if asked.shuffle:
            for event in outcome.teasers:
                held.take(event)
        if asked.restart:
            log.append(outcome.entries)
            # Between two bursts, so that the state and its log agree.
            if not tally.pages % BURST_PAGES and tally.pages // every != (tally.pages - BURST_PAGES) // every:
                now.state = _restored(log, asked.store, folder)
                log = list(now.state.snapshot())
        if not tally.pages % 100_000:
            print(tally.pages, json.dumps(_figures(tally)), flush=True)
    return tally, held, now.state


def _decided(stream: NewsStream, held: Holder, tally: Tally) -> Iterator[tuple[Page, Outcome]]:
    """Yield every page with its outcome; bursts of pages are decided in one go, and some of them measured."""
    for number, burst in enumerate(_bursts(stream)):
        is_measured = not number % MEASURED_EVERY
        pages = [_delivered(made.page) if is_measured else made.page for made in burst]
        now = held.state
        began = time.process_time()
        outcomes = []
        for page in pages:
            outcome = decide(page, now, settings=SETTINGS)
            outcomes.append(outcome)
            if outcome.entries:
                now.apply(outcome.entries)
        took = time.process_time() - began
        if is_measured:
            tally.measured += sum(len(outcome.reasons) for outcome in outcomes)
            tally.cpu_seconds += took
        tally.worst_burst_ms = max(tally.worst_burst_ms, took * 1000)
        yield from zip(burst, outcomes, strict=True)


def _delivered(page: SplitPage) -> SplitPage:
    """Return the page as it comes from the split."""
    return decode(SplitPage, encode(page.model_copy(update={"marks": marks_of(page)})))


def _bursts(stream: NewsStream) -> Iterator[list[Page]]:
    pages = iter(stream)
    while burst := list(islice(pages, BURST_PAGES)):
        yield burst


def _restored(log: Iterable[bytes], store: str, folder: Path) -> State:
    """Return a new state made from a snapshot and what came after it."""
    state = _new_state(store, folder)
    for changes in log:
        if changes:
            state.apply(changes)
    return state


def _new_state(store: str, folder: Path) -> State:
    return MemoryState(SETTINGS) if store == "memory" else DiskState(SETTINGS, folder)


def _warm(state: State, seed: int) -> int:
    """Return how many exact repeats are decided a second where nothing waits for memory: the interpreter's bound."""
    made = [_delivered(made.page) for made in islice(NewsStream(Rates(pages=1_000_000), seed), WARM_PAGES)]
    late = state.stream_time + 1
    moved = {"fetched_at": datetime.fromtimestamp(late, UTC), "received_at": datetime.fromtimestamp(late, UTC)}
    pages = [page.model_copy(update=moved) for page in made]
    for page in pages:
        state.apply(decide(page, state, settings=SETTINGS).entries)
    again = [page.model_copy(update={"page_id": f"{number:032x}"}) for number, page in enumerate(pages)]
    best = float("inf")
    for _ in range(WARM_ROUNDS):
        began = time.process_time()
        items = sum(len(decide(page, state, settings=SETTINGS).reasons) for page in again)
        best = min(best, (time.process_time() - began) / items)
    return round(1 / best)


def _shuffled(rates: Rates, asked: argparse.Namespace, held: Held, contradicted: set[str]) -> dict[str, int]:
    """Return in how many teasers a shuffled stream ends otherwise."""
    state, other = MemoryState(SETTINGS), Held()
    for made in _within(NewsStream(rates, asked.seed), random.Random(asked.seed)):
        outcome = decide(made.page, state, settings=SETTINGS)
        if outcome.entries:
            state.apply(outcome.entries)
        for event in outcome.teasers:
            other.take(event)
    keys = held.teasers.keys() | other.teasers.keys()
    differing = {key for key in keys if held.teasers.get(key) != other.teasers.get(key)}
    return {
        "teasers_held": len(keys),
        "contradicted": len(contradicted),
        "shuffled_differ": len(differing),
        "shuffled_differ_uncontradicted": len(differing - contradicted),
    }


def _within(pages: Iterable[Page], chance: random.Random) -> Iterator[Page]:
    """Yield the pages, shuffled among those received within ten minutes."""
    group: list[Page] = []
    for made in pages:
        received = made.page.received_at
        if group and received - group[0].page.received_at > SHUFFLED_WITHIN:
            chance.shuffle(group)
            yield from group
            group = []
        group.append(made)
    chance.shuffle(group)
    yield from group


def _figures(tally: Tally) -> dict[str, object]:
    return {
        "pages": tally.pages,
        "items": tally.items,
        "wrong_drops": tally.wrong_drops,
        "let_through": tally.let_through,
        "other_reasons": tally.other_reasons,
        "totals_off": tally.totals_off,
        "conflicts": tally.conflicts,
        "events": tally.events,
        "decisions_a_cpu_second": round(tally.measured / max(tally.cpu_seconds, 1e-9)),
        "worst_burst_cpu_ms": round(tally.worst_burst_ms, 1),
        "decided": dict(tally.decided),
    }


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--store", choices=("memory", "disk"), default="memory")
    parser.add_argument("--restart", type=int, default=0, help="how often the state is made anew on the way")
    parser.add_argument("--shuffle", action="store_true", help="compare with the stream shuffled within ten minutes")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
