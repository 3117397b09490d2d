from collections.abc import Iterable
from dataclasses import dataclass

from schemas import Counts, Settled, SplitTeaser
from worker.extract.items import FoundItem
from worker.extract.limits import Limits

SHOWN_CHARACTERS: int

@dataclass(frozen=True, slots=True)
class Merged:
    teasers: tuple[SplitTeaser, ...] = ()
    settled: tuple[Settled, ...] = ()
    flags: tuple[str, ...] = ()
    found: int = 0
    def flagged(self, flags: tuple[str, ...]) -> Merged: ...
    def with_settled(self, item: Settled) -> Merged: ...
    def counts(self, *, articles: int) -> Counts: ...

def merge(items: Iterable[FoundItem], *, site: str, own_keys: frozenset[str], limits: Limits = ...) -> Merged: ...
