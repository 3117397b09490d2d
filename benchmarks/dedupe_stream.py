"""Deduplication over a stream whose truth is known: ``python -m benchmarks.dedupe_stream``.

Counts wrong drops, repeats let through and other wrong reasons, checks the totals of every page, and measures
decisions a second of processor time on every page: ``decide``, which says what is told, and ``apply``; events are
made by whoever sends them, so not within it. Pages come encoded from another process, and each is decoded, decided
on and its events encoded before the next, as in a worker. ``--ahead`` decodes so many before they are decided on,
which leaves the caches to deciding. ``--pages`` takes fewer of the same stream: its first days, when little is to be
seen again or to be forgotten yet.
``--restart`` makes the state anew from its log and goes on; ``--shuffle`` compares what readers hold with the
order of the log.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.news_stream import NewsStream, Rates
from benchmarks.record import machine
from benchmarks.sent_pages import Sent, SentPages, delivered
from schemas import ENRICHABLE, Decision, Reason, SplitPage, Teaser, decode, encode
from worker.dedupe import DedupeSettings, MemoryState, Outcome, State, decide
from worker.dedupe.disk import DiskState
from worker.stream.garbage import settle

SETTINGS = DedupeSettings()
RATES = Rates()
WARM_PAGES, WARM_ROUNDS = 20, 50
"""Pages that are decided again and again, and how often."""

SHUFFLED_WITHIN = timedelta(minutes=10)


@dataclass(slots=True)
class Tally:
    """What went wrong, and what it cost."""

    items: int = 0
    pages: int = 0
    wrong_drops: int = 0
    let_through: int = 0
    other_reasons: int = 0
    totals_off: int = 0
    conflicts: int = 0
    events: int = 0
    worst_page_ms: float = 0.0
    cpu_seconds: float = 0.0
    decided: Counter[str] = field(default_factory=Counter)

    def take(self, reasons: tuple[Reason, ...], outcome: Outcome, cpu_seconds: float) -> None:
        """Compare one outcome with the truth, and count what it cost."""
        self.pages += 1
        self.items += len(reasons)
        self.cpu_seconds += cpu_seconds
        self.worst_page_ms = max(self.worst_page_ms, cpu_seconds * 1000)
        self.events += len(outcome.told)
        self.conflicts += len(outcome.conflicts)
        counts = outcome.counts
        total = (counts.emitted or 0) + counts.merged_in_page + counts.dropped + counts.rejected
        self.totals_off += total != counts.found or sum(outcome.decided.values()) != counts.found
        self.decided.update(map(str, outcome.reasons))
        if reasons != outcome.reasons:
            self._differ(reasons, outcome)

    def _differ(self, reasons: tuple[Reason, ...], outcome: Outcome) -> None:
        for expected, reason in zip(reasons, outcome.reasons, strict=True):
            if expected is reason:
                continue
            if expected.decision is Decision.EMITTED and reason.decision is not Decision.EMITTED:
                self.wrong_drops += 1
            elif expected.decision is not Decision.EMITTED and reason.decision is Decision.EMITTED:
                self.let_through += 1
            else:
                self.other_reasons += 1


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
    asked = _asked()
    settle()
    pages = SentPages(RATES, asked.seed, asked.pages)
    with tempfile.TemporaryDirectory() as folder:
        tally, held, state = _run(pages, asked, Path(folder))
        figures = {**_figures(tally), "keys": state.keys(), "store": asked.store, "restarts": asked.restart or 0}
        figures["repeats_a_cpu_second_warm"] = _warm(state, asked.seed)
        if asked.shuffle:
            figures |= _shuffled(asked, held, pages.contradicted)
    print(json.dumps({**figures, **machine()}, indent=1))


def _run(pages: Iterable[Sent], asked: argparse.Namespace, folder: Path) -> tuple[Tally, Held, State]:
    """Return the tally of the whole stream, what readers hold, and the state in the end."""
    tally, held, state = Tally(), Held(), _new_state(asked.store, folder)
    log: list[bytes] = []
    every = asked.pages // (asked.restart + 1) + 1
    for sent, page in _decoded(pages, asked.ahead):
        outcome, took = _taken(page, state)
        tally.take(sent.reasons, outcome, took)
        if asked.shuffle:
            for event in outcome.teasers:
                held.take(event)
        if asked.restart:
            log.append(outcome.entries)
            if not tally.pages % every:
                state = _restored(log, asked.store, folder)
                log = list(state.snapshot())
        if not tally.pages % 100_000:
            print(tally.pages, json.dumps(_figures(tally)), flush=True)
    return tally, held, state


def _decoded(pages: Iterable[Sent], ahead: int) -> Iterator[tuple[Sent, SplitPage]]:
    """Yield the pages decoded, so many before the first of them is decided on."""
    every = iter(pages)
    while group := list(islice(every, ahead)):
        yield from [(sent, decode(SplitPage, sent.value)) for sent in group]


def _taken(page: SplitPage, state: State) -> tuple[Outcome, float]:
    """Decide on a page, apply, encode its events; return the outcome and the processor seconds of the first two."""
    began = time.process_time()
    outcome = decide(page, state, settings=SETTINGS)
    if outcome.entries:
        state.apply(outcome.entries)
    took = time.process_time() - began
    for event in outcome.events:
        encode(event)
    return outcome, took


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
    stream = NewsStream(RATES, seed)
    made = [decode(SplitPage, delivered(made.page)) for made in islice(stream, WARM_PAGES)]
    late = state.stream_time + 1
    moved = {"fetched_at": datetime.fromtimestamp(late, UTC), "received_at": datetime.fromtimestamp(late, UTC)}
    pages = [page.model_copy(update={**moved, "page_id": f"{number:032x}"}) for number, page in enumerate(made)]
    for page in pages:
        state.apply(decide(page, state, settings=SETTINGS).entries)
    again = [page.model_copy(update={"page_id": f"{number:032x}"}) for number, page in enumerate(pages, len(pages))]
    best = float("inf")
    for _ in range(WARM_ROUNDS):
        began = time.process_time()
        items = sum(len(decide(page, state, settings=SETTINGS).reasons) for page in again)
        best = min(best, (time.process_time() - began) / items)
    return round(1 / best)


def _shuffled(asked: argparse.Namespace, held: Held, contradicted: set[str]) -> dict[str, int]:
    """Return in how many teasers a shuffled stream ends otherwise."""
    state, other = MemoryState(SETTINGS), Held()
    for sent in SentPages(RATES, asked.seed, asked.pages, SHUFFLED_WITHIN):
        outcome, _ = _taken(decode(SplitPage, sent.value), state)
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
        "decisions_a_cpu_second": round(tally.items / max(tally.cpu_seconds, 1e-9)),
        "worst_page_cpu_ms": round(tally.worst_page_ms, 1),
        "decided": dict(tally.decided),
    }


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=RATES.pages, help="pages taken from the stream's beginning")
    parser.add_argument("--store", choices=("memory", "disk"), default="memory")
    parser.add_argument("--restart", type=int, default=0, help="how often the state is made anew on the way")
    parser.add_argument("--shuffle", action="store_true", help="compare with the stream shuffled within ten minutes")
    parser.add_argument("--ahead", type=int, default=1, help="pages decoded before the first of them is decided on")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
