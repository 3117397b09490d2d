"""The generated stream as `dedupe` gets it: encoded pages that a process of its own makes.

What the generator keeps, a million records and the truth of every story, is not under the garbage collector of the
process that decides. And it makes pages only while that one waits for them: at work on another core it takes the
cache that both share, and deciding costs a fifth to a half more.
"""

import gc
import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from benchmarks.news_stream import NewsStream, Page, Rates
from schemas import Reason, SplitPage, encode
from worker.dedupe import marks_of

PAGES_A_TURN = 2_000
"""Made while nothing is decided: some 20 MB."""

_REASONS = tuple(Reason)
_PLACES = {reason: place for place, reason in enumerate(_REASONS)}


class Sent(NamedTuple):
    """An encoded page, and the truth about it."""

    value: bytes
    """A record of the topic of split pages."""

    places: bytes
    """What becomes of each item, as places in `Reason`."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return what becomes of each item."""
        return tuple([_REASONS[place] for place in self.places])


class SentPages:
    """Pages of a generated stream, to be read once.

    Args:
        rates: Of the stream.
        seed: The same seed gives the same pages.
        most: So many pages are taken from its beginning.
        within: Pages received within this time of each other come shuffled.
    """

    def __init__(self, rates: Rates, seed: int, most: int, within: timedelta | None = None) -> None:
        self.contradicted: set[str] = set()
        """Teasers of which two headlines were shown at the same rank; known once all pages are read."""
        self._asked = rates, seed, most, within

    def __iter__(self) -> Iterator[Sent]:
        """Start the process that makes the pages and yield them as they come."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        maker = context.Process(target=_make, args=(theirs, *self._asked), daemon=True)
        maker.start()
        theirs.close()
        while pages := ours.recv():
            yield from [Sent(*page) for page in pages]
            ours.send("more")
        self.contradicted = ours.recv()
        maker.join()


def delivered(page: SplitPage) -> bytes:
    """Return the page as it comes from the split."""
    return encode(page.model_copy(update={"marks": marks_of(page)}))


def _make(to: Connection, rates: Rates, seed: int, most: int, within: timedelta | None) -> None:
    gc.disable()  # it would walk all records that the stream keeps, again and again
    stream = NewsStream(rates, seed)
    taken = islice(stream, most)
    pages = taken if within is None else _shuffled(taken, within, random.Random(seed))
    while made := list(islice(pages, PAGES_A_TURN)):
        to.send([(delivered(one.page), bytes([_PLACES[reason] for reason in one.reasons])) for one in made])
        to.recv()
    to.send([])
    to.send(stream.contradicted)


def _shuffled(pages: Iterable[Page], within: timedelta, chance: random.Random) -> Iterator[Page]:
    """Yield the pages, shuffled among those received within the time."""
    group: list[Page] = []
    for made in pages:
        received = made.page.received_at
        if group and received - group[0].page.received_at > within:
            chance.shuffle(group)
            yield from group
            group = []
        group.append(made)
    chance.shuffle(group)
    yield from group
