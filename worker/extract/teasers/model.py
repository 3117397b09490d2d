"""Whether a card shows a story: a sum over its signals, corrected by the cards beside it and those of its form.

The weights are learned from labelled pages by ``python -m benchmarks.train_teasers``; the file is data.
A card among stories is one, and a card among menu entries is none, whatever it looks like by itself.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import orjson

from worker.extract.teasers.signals import CODES, SIGNALS

MODEL_FILE = "card_model.json"

CLIP = 4.0
"""Score, in log-odds, up to which one card speaks for the cards beside it."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in log-odds."""

    base: float
    tables: tuple[tuple[float, ...], ...]
    """A weight for each code of each signal, in the order of ``SIGNALS``."""

    context: tuple[float, ...]
    """Weights of ``context_of``, its constant last."""

    def own_scores(self, rows: Sequence[Sequence[int]]) -> list[float]:
        """Return what each row says by itself."""
        tables = self.tables
        return [self.base + sum([table[code] for table, code in zip(tables, row, strict=True)]) for row in rows]

    def scores(
        self,
        rows: Sequence[Sequence[int]],
        blocks: Sequence[Hashable],
        forms: Sequence[Hashable],
        targets: Sequence[Hashable],
    ) -> list[float]:
        """Return the log-odds that each card shows a story."""
        own = self.own_scores(rows)
        *weights, constant = self.context
        contexts = contexts_of(own, blocks, forms, targets)
        return [constant + sum([w * x for w, x in zip(weights, context, strict=True)]) for context in contexts]


def contexts_of(
    own: Sequence[float], blocks: Sequence[Hashable], forms: Sequence[Hashable], targets: Sequence[Hashable]
) -> list[tuple[float, ...]]:
    """Return, for each card, its own score, and the mean and presence of others in its block and of its form.

    Args:
        own: Score of each card by itself.
        blocks: What names the block of each card.
        forms: What names its form.
        targets: What it points to: other cards of one story are no others.
    """
    clipped = [min(max(score, -CLIP), CLIP) for score in own]
    by_block, by_form = _others(clipped, blocks, targets), _others(clipped, forms, targets)
    return [(score, *block, *form) for score, block, form in zip(own, by_block, by_form, strict=True)]


def _others(
    scores: Sequence[float], groups: Sequence[Hashable], targets: Sequence[Hashable]
) -> list[tuple[float, float]]:
    """Return the mean score of the other stories in each card's group, and 1 where there are any."""
    sums: dict[Hashable, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for score, group, target in zip(scores, groups, targets, strict=True):
        for key in (group, (group, target)):
            total, count = sums[key]
            sums[key] = (total + score, count + 1)
    found = []
    for group, target in zip(groups, targets, strict=True):
        total, count = sums[group]
        own_total, own_count = sums[(group, target)]
        others = count - own_count
        found.append(((total - own_total) / others, 1.0) if others else (0.0, 0.0))
    return found


@cache
def model() -> Model:
    """Return the learned weights."""
    return from_json(orjson.loads(files("worker.extract.teasers").joinpath(MODEL_FILE).read_bytes()))


def from_json(told: dict[str, object]) -> Model:
    """Return the model that a file tells.

    Raises:
        ValueError: It was learned for other signals.
    """
    tables = told["tables"]
    if (
        not isinstance(tables, dict)
        or list(tables) != list(SIGNALS)
        or {len(each) for each in tables.values()} != {CODES}
    ):
        raise ValueError(f"{MODEL_FILE} was learned for other signals: run python -m benchmarks.train_teasers")
    return Model(float(told["base"]), tuple([tuple(table) for table in tables.values()]), tuple(told["context"]))  # type: ignore[arg-type]
