"""Hits, false alarms and misses, summed by whatever names them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

SHOWN = 10
"""Pages shown as the worst."""


class Tally(NamedTuple):
    """Hits, false alarms and misses."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """Their F1; 1 where there was nothing to find and nothing was found."""
        return 2 * self.hits / total if (total := 2 * self.hits + self.false + self.missed) else 1.0

    def plus(self, other: "Tally") -> "Tally":
        """Return the two counted as one."""
        return Tally(self.hits + other.hits, self.false + other.false, self.missed + other.missed)


def f1_by(tallies: Iterable[tuple[str, Tally]]) -> dict[str, float]:
    """Return the F1 of all tallies of each name, in the order of the names."""
    found: dict[str, Tally] = defaultdict(Tally)
    for name, tally in tallies:
        found[name] = found[name].plus(tally)
    return {name: round(found[name].f1, 4) for name in sorted(found)}


def worst(pages: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the pages with the lowest figures, the lowest first; a perfect one is none of them."""
    found = [(name, round(figure, 4)) for name, figure in pages if figure < 1]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))[:SHOWN]
