"""The learned part: from the signals of a line to how likely it is body.

Two steps, both plain numbers in ``body_model.json`` and learned by ``python -m benchmarks.train_body``. First a
table has one weight for each value of each signal and a line's score is their sum. Then a few small trees
correct it by what the lines around it scored: a short line between two paragraphs is body, the same line
between two teasers is not.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import getitem
from typing import TypeAlias

import orjson

CONTEXT = (
    "score",
    "score_before",
    "score_two_before",
    "score_after",
    "score_two_after",
    "score_of_siblings",
    "score_of_its_shape",
    "score_of_the_page",
    "above_the_page",
    "siblings",
    "of_its_shape",
)
"""What the second step looks at beside the signals, in log odds but for the last two, which count lines."""

EDGE = -6.0
"""Score taken for the line before the first and after the last."""

ALONE = -9.0
"""Score of the siblings of a line that has none."""

MAX_COUNT = 20
PAGE_LINES = 8
"""Lines, the best of the page, whose mean score says how well the page as a whole can be read."""

LONG_LINE = 6
"""Code of the signal ``length`` from which a line counts among them."""

Leaf: TypeAlias = float
Twig: TypeAlias = tuple[int, float, Leaf, Leaf]
Branch: TypeAlias = tuple[int, float, Twig, Twig]
Tree: TypeAlias = tuple[int, float, Branch, Branch]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The weights."""

    names: dict[str, float]
    """Weight of each word of templates' names, in log odds."""

    intercept: float
    tables: tuple[tuple[float, ...], ...]
    """Weight of each code of each signal, in the order of ``SIGNALS``."""

    correction: float
    trees: tuple[Tree, ...]
    """Trees of three questions over signals and context; a value up to the threshold goes to the first branch."""

    def scores(self, rows: Sequence[Sequence[int]]) -> list[float]:
        """Return the first score of each line, in log odds."""
        tables, intercept = self.tables, self.intercept
        return [intercept + sum(map(getitem, tables, row)) for row in rows]

    def corrected(self, rows: Sequence[Sequence[int]], contexts: Sequence[Sequence[float]]) -> list[float]:
        """Return the final score of each line, in log odds: body from 0."""
        found = []
        for row, context in zip(rows, contexts, strict=True):
            values = [*row, *context]
            score = self.correction
            for signal, threshold, low, high in self.trees:
                below, step, left, right = low if values[signal] <= threshold else high
                last, limit, first, second = left if values[below] <= step else right
                score += first if values[last] <= limit else second
            found.append(score)
        return found


def contexts(
    rows: Sequence[Sequence[int]], scores: Sequence[float], parents: Sequence[int], shapes: Sequence[Hashable]
) -> list[list[float]]:
    """Return for each line what ``CONTEXT`` names.

    Args:
        rows: Signals of the lines.
        scores: Their first scores.
        parents: Parent of the element of each.
        shapes: Tag and class of the element of each.
    """
    siblings, alikes = _sums(parents, scores), _sums(shapes, scores)
    best = sorted([score for score, row in zip(scores, rows, strict=True) if row[0] >= LONG_LINE], reverse=True)
    page = sum(best[:PAGE_LINES]) / len(best[:PAGE_LINES]) if best else 0.0
    padded = [EDGE, EDGE, *scores, EDGE, EDGE]
    found = []
    for at, score in enumerate(scores):
        sibling_sum, sibling_count = siblings[parents[at]]
        alike_sum, alike_count = alikes[shapes[at]]
        found.append(
            [
                score,
                padded[at + 1],
                padded[at],
                padded[at + 3],
                padded[at + 4],
                (sibling_sum - score) / (sibling_count - 1) if sibling_count > 1 else ALONE,
                (alike_sum - score) / (alike_count - 1) if alike_count > 1 else ALONE,
                page,
                score - page,
                min(sibling_count, MAX_COUNT),
                min(alike_count, MAX_COUNT),
            ]
        )
    return found


def _sums(keys: Sequence[Hashable], scores: Sequence[float]) -> dict[Hashable, tuple[float, int]]:
    """Return sum and number of the scores by key."""
    sums: dict[Hashable, float] = defaultdict(float)
    counts: dict[Hashable, int] = defaultdict(int)
    for key, score in zip(keys, scores, strict=True):
        sums[key] += score
        counts[key] += 1
    return {key: (total, counts[key]) for key, total in sums.items()}


@cache
def scorecard() -> Scorecard:
    """Return the weights that the package brings along."""
    told = orjson.loads(files(__package__).joinpath("body_model.json").read_bytes())
    return from_json(told)


def from_json(told: dict[str, object]) -> Scorecard:
    """Return the weights that a model file holds."""
    return Scorecard(
        names=dict(told["names"]),  # type: ignore[call-overload] # the file is ours
        intercept=float(told["intercept"]),  # type: ignore[arg-type] # as above
        tables=tuple(tuple(table) for table in told["tables"].values()),  # type: ignore[attr-defined] # as above
        correction=float(told["correction"]),  # type: ignore[arg-type] # as above
        trees=tuple(_tree(each) for each in told["trees"]),  # type: ignore[attr-defined] # as above
    )


def _tree(node: list[object]) -> Tree:
    """Return nested lists as nested tuples."""
    return tuple(_tree(each) if isinstance(each, list) else each for each in node)  # type: ignore[return-value] # as above
