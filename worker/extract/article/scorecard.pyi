from collections.abc import Hashable, Sequence
from typing import TypeAlias

CONTEXT: tuple[str, ...]
EDGE: float
ALONE: float
MAX_COUNT: int
PAGE_LINES: int
LONG_LINE: int

Leaf: TypeAlias = float
Twig: TypeAlias = tuple[int, float, Leaf, Leaf]
Branch: TypeAlias = tuple[int, float, Twig, Twig]
Tree: TypeAlias = tuple[int, float, Branch, Branch]

class Scorecard:
    def __init__(
        self,
        names: dict[str, float],
        intercept: float,
        tables: tuple[tuple[float, ...], ...],
        correction: float,
        trees: tuple[Tree, ...],
    ) -> None: ...
    @property
    def names(self) -> dict[str, float]: ...
    @property
    def intercept(self) -> float: ...
    @property
    def tables(self) -> tuple[tuple[float, ...], ...]: ...
    @property
    def correction(self) -> float: ...
    @property
    def trees(self) -> tuple[Tree, ...]: ...
    def scores(self, rows: Sequence[Sequence[int]]) -> list[float]: ...
    def corrected(self, rows: Sequence[Sequence[int]], contexts: Sequence[Sequence[float]]) -> list[float]: ...

def contexts(
    rows: Sequence[Sequence[int]], scores: Sequence[float], parents: Sequence[int], shapes: Sequence[Hashable]
) -> list[list[float]]: ...
def scorecard() -> Scorecard: ...
def from_json(told: dict[str, object]) -> Scorecard: ...
