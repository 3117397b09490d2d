"""Learn the weights that tell cards of stories from other links, and write them into the package.

``python -m benchmarks.train_teasers`` reads the labelled pages and fits a logistic model over the signals of
``worker.extract.teasers.signals``, and a second one over what the cards beside it and of its form say. ``--folds``
measures first, each page by a model that has not seen its publisher. The fit is deterministic.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.corpora import CORPORA, require, scorer
from worker.extract.document import Document
from worker.extract.teasers import model as models
from worker.extract.teasers.looking import Looked, look
from worker.extract.teasers.signals import CODES, SIGNALS
from worker.extract.teasers.targets import Page
from worker.identity import address_key

MODEL = Path(models.__file__).parent / models.MODEL_FILE

STRENGTH = 0.04
"""Inverse strength of the penalty on the weights: publishers not seen, micro F1 .967."""

MIN_SEEN = 5
"""Cards that must have a code before it gets a weight: rarer ones say something of a page."""

FOLDS = 6
"""Parts in which the scores for the second model are made: no card is scored by a model that saw it."""

OPTIONAL = 2
"""Label of an optional story; 0 is no story, 1 one, 3 the page itself. From here on nothing is learned."""

SHOWN = -0.4
"""Threshold at which errors are listed."""


@dataclass
class Labelled:
    """The cards of one page, with labels."""

    name: str
    truth: dict[str, Any]
    looked: Looked
    labels: list[int]
    document: Document


def read() -> list[Labelled]:
    """Return the labelled pages."""
    score = scorer("score_teasers")
    found = []
    for path in sorted(require(CORPORA / "teasers" / "labels").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        body = gzip.decompress((CORPORA / "teasers" / "pages" / f"{truth['id']}.html.gz").read_bytes())
        document = Document(body)
        url = truth["url"]
        key = address_key(url) if url else None
        looked = look(document, Page(url, frozenset([key] if key else []), url))
        labels = _labels(score, truth, looked)
        found.append(Labelled(truth["id"], truth, looked, labels, document))
    return found


def _labels(score: Any, truth: dict[str, Any], looked: Looked) -> list[int]:
    """Return 1 for a card of a story, 2 for an optional one, 3 for the page itself, 0 for others."""
    stories, own, by_path = score.gold_stories(truth)
    labels = []
    for card in looked.cards:
        key, path = score.norm_url(card.target.url)
        if key not in stories and key not in own and path in by_path:
            key = by_path[path]
        labels.append(
            (1 if stories[key]["mandatory"] else 2) if key in stories else 3 if key in own or path in own else 0
        )
    return labels


def codes(_: Sequence[Labelled]) -> list[int]:
    """Return how many codes each signal can have, seen or not: a code not seen weighs nothing."""
    return [CODES] * len(SIGNALS)


def one_hot(rows: Any, sizes: Sequence[int]) -> Any:
    """Return rows of codes as columns of zeros and ones."""
    return np.hstack([np.eye(size)[np.minimum(rows[:, at], size - 1)] for at, size in enumerate(sizes)])


def fit_own(pages: Sequence[Labelled], sizes: Sequence[int]) -> Any:
    """Return base and tables of the first model."""
    rows = np.array([row for page in pages for row in page.looked.rows])
    labels = np.array([label for page in pages for label in page.labels])
    weights = np.array([max(10, len(page.labels)) ** -0.5 for page in pages for _ in page.labels])
    known = labels < OPTIONAL
    columns = one_hot(rows, sizes)
    seen = columns[known].sum(axis=0) >= MIN_SEEN
    fitted = LogisticRegression(C=STRENGTH, max_iter=3000).fit(
        (columns * seen)[known], labels[known], sample_weight=weights[known] / weights[known].mean()
    )
    found, at = [], 0
    for size in sizes:
        found.append(tuple(round(float(w), 3) for w in (fitted.coef_[0] * seen)[at : at + size]))
        at += size
    return round(float(fitted.intercept_[0]), 3), tuple(found)


def contexts(page: Labelled, model: Any) -> Any:
    """Return what the second model looks at."""
    looked = page.looked
    own = models.Model(*model, ()).own_scores(looked.rows)
    return np.array(models.contexts_of(own, looked.block_of, looked.forms, [card.target.key for card in looked.cards]))


def fit(pages: Sequence[Labelled], sizes: Sequence[int]) -> models.Model:
    """Return the model learned from these pages."""
    own = fit_own(pages, sizes)
    rows, labels = [], []
    for fold in range(FOLDS):
        part = pages[fold::FOLDS]
        model = fit_own([page for page in pages if page not in part], sizes)
        for page in part:
            if page.labels:
                rows.append(contexts(page, model))
                labels += page.labels
    features, targets = np.vstack(rows), np.array(labels)
    known = targets < OPTIONAL
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(features[known], targets[known])
    return models.Model(*own, (*[round(float(w), 3) for w in fitted.coef_[0]], round(float(fitted.intercept_[0]), 3)))


def main() -> int:
    """Fit, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", action="store_true", help="measure each page by a model that has not seen it")
    asked = parser.parse_args()
    pages = [page for page in read() if page.labels]
    sizes = codes(pages)
    if asked.folds:
        measure(pages, sizes)
    model = fit(pages, sizes)
    told = {"base": model.base, "tables": dict(zip(SIGNALS, model.tables, strict=True)), "context": model.context}
    MODEL.write_text(_json(told), encoding="utf-8")
    return 0


def _json(told: dict[str, Any]) -> str:
    """Return the model with a line a signal, so that a change shows where it is."""
    tables = ",\n".join(f'  "{name}": {json.dumps(weights)}' for name, weights in told["tables"].items())
    return f'{{"base": {told["base"]}, "context": {json.dumps(told["context"])}, "tables": {{\n{tables}\n}}}}\n'


def measure(pages: Sequence[Labelled], sizes: Sequence[int]) -> None:
    """Print the figures of pages whose publisher the model has not seen."""
    score = scorer("score_teasers")
    scores = []
    for page in pages:
        model = fit([other for other in pages if other is not page], sizes)
        looked = page.looked
        keys = [card.target.key for card in looked.cards]
        scores.append(model.scores(looked.rows, looked.block_of, looked.forms, keys))
    for threshold in (-1.2, -0.8, -0.4, 0.0, 0.4):
        predictions = {}
        for page, its_scores in zip(pages, scores, strict=True):
            chosen = {
                card.target.key: {"url": card.target.url}
                for card, its in zip(page.looked.cards, its_scores, strict=True)
                if its > threshold
            }
            predictions[page.name] = {"id": page.name, "teasers": list(chosen.values())}
        per_page, total = score.evaluate({page.name: page.truth for page in pages}, predictions)
        micro, macro = total["micro"], total["macro"]
        print(
            f"{threshold:5.1f}  P {micro['p']:.3f} R {micro['r']:.3f} F1 {micro['f1']:.3f}  macro {macro['f1']:.3f}"
            f"  leaks {total['body_link_leaks']}  optional {total['optional']['emitted']}"
        )
        if threshold == SHOWN:
            for each in per_page:
                for kind in ("missed", "false", "body_link"):
                    for error in each["err"][kind]:
                        print(each["id"], kind, str(error)[:200], file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
