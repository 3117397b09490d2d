"""Whether a card shows a story: a sum over its signals, corrected by the cards beside it and those of its form.

The weights are learned from labelled pages by ``python -m benchmarks.train_teasers``; the file is data.
A card among stories is one, and a card among menu entries is none, whatever it looks like by itself.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import getitem, mul

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
        return [self.base + sum(map(getitem, self.tables, row)) for row in rows]

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
        return [constant + sum(map(mul, weights, context)) for context in contexts_of(own, blocks, forms, targets)]


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
    by_group: dict[Hashable, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        by_group[group].append(at)
    found = [(0.0, 0.0)] * len(scores)
    for members in by_group.values():
        if len(members) == 1:
            continue
        total = sum([scores[at] for at in members])
        by_target: dict[Hashable, list[float]] = defaultdict(list)
        for at in members:
            by_target[targets[at]].append(scores[at])
        if len(by_target) > 1:
            for at in members:
                own = by_target[targets[at]]
                found[at] = (total - sum(own)) / (len(members) - len(own)), 1.0
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
