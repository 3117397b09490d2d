"""Learn the weights that tell body from frame, and write them into the package.

``python -m benchmarks.train_body`` reads the corpora, labels each line of each page by the page's truth, and fits
two small models (``worker.extract.article.scorecard`` says what they are). ``--folds`` measures first: pages of a
publisher are never on both sides, so its figures are those of publishers never seen. The fit is deterministic.
"""

import argparse
import json
import re
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.corpora import page_of, scorer, truths
from worker.extract.article import scorecard as cards
from worker.extract.article.body import told_texts
from worker.extract.article.candidates import candidates
from worker.extract.article.root import article_root
from worker.extract.article.signals import NAME_SCORES, SIGNALS, LineSignals
from worker.extract.article.surroundings import Surroundings, name_words
from worker.extract.decode import decode_page
from worker.extract.document import Document
from worker.extract.metadata import read_metadata

MODEL = Path(cards.__file__).parent / "body_model.json"
CORPORA = ("aeb", "fundus", "fundus_eval", "trafilatura")

MIN_FAMILIES = 8
"""Publishers in whose templates a word must stand: rarer ones say something of a site."""

NAME_STRENGTH = 0.1
"""Inverse strength of the penalty on the words' weights."""

MIN_NAME_WEIGHT = 0.05
TABLE_ROUNDS, TABLE_RATE = 300, 0.15
TREES, TREE_RATE, TREE_DEPTH = 40, 0.2, 3
LEAF_LINES = 60
"""Lines that each side of a question holds at least: fewer are one publisher's template."""

TABLE_PENALTY, TREE_PENALTY = 2, 10
DOUBT = 0.4
"""Log odds from which a line is body. On publishers held out 0 leaves more frame in: paragraph F1 of fundus .905
against .914, ROUGE of fundus_eval .982 against .985; .8 loses text: segments of trafilatura .917 against .921."""

LINE_CHARACTERS = (20, 300)
"""A line's weight grows with the root of its length, between these."""

SURE, UNSURE = 0.6, 0.35
"""Share of a line's triples of words in the truth from which it is body, and up to which it is not."""

_ENCLOSED = 4
"""Words from which a line that stands inside a paragraph of the truth is body."""

READINGS = 3
"""Times the pages are read, first without names: where the article of one stands is found by them, and they are learned
from its lines. More readings move the figures within their errors, back and forth."""

_CATEGORIES = [
    "tag",
    "frame",
    "ends",
    "neighbours",
    "wording",
    "under",
    "emphasis",
    "start",
    "marks",
    "semantic",
    "repeated",
    "body_text",
    "gap",
    "part",
    "nested",
    "picture",
]


@dataclass
class Lines:
    """The candidate lines of one page."""

    corpus: str
    name: str
    family: str
    texts: list[str]
    rows: list[list[int]]
    labels: list[int | None]
    parents: list[int]
    shapes: list[Any]
    words: list[list[frozenset[str]]] = field(repr=False)
    """The words in the names of the elements around each line, the nearest first."""


class Truth:
    """Tells of a line whether it is body, by the truth of its page."""

    def __init__(self, truth: dict[str, Any], score: Any) -> None:
        self._score = score
        self._with = [score.squeeze(each) for each in truth.get("with") or ()]
        self._without = [score.squeeze(each) for each in truth.get("without") or ()]
        lines = truth.get("paragraphs") or (truth.get("body") or "").split("\n")
        kinds = truth.get("kinds") or ["text"] * len(lines)
        self._optional = {score.bare(line) for line, kind in zip(lines, kinds, strict=True) if kind == "optional"}
        self._whole = {score.bare(line) for line in lines}
        self._all = score.bare(" ".join(lines))
        words = score.FINE.findall("\n".join(lines).lower())
        self._triples = set(zip(words, words[1:], words[2:], strict=False))

    def label(self, text: str) -> int | None:
        """Return 1 for body, 0 for frame, None where the truth doesn't say."""
        if self._with or self._without:
            return self._label_by_segments(text)
        letters = self._score.bare(text)
        if not letters or letters in self._optional:
            return None
        words = self._score.FINE.findall(text.lower())
        if letters in self._whole or (len(words) >= _ENCLOSED and letters in self._all):
            return 1
        triples = list(zip(words, words[1:], words[2:], strict=False))
        share = sum(each in self._triples for each in triples) / len(triples) if len(words) > _ENCLOSED else 0.0
        return 1 if share >= SURE else 0 if share <= UNSURE else None

    def _label_by_segments(self, text: str) -> int | None:
        if any(each in text for each in self._with):
            return 1
        if any(each in text for each in self._without):
            return 0
        return 1 if len(text) > LINE_CHARACTERS[0] and any(text in each for each in self._with) else None


def read(names: dict[str, float]) -> list[Lines]:
    """Return the candidate lines of all pages, with roots found by these weights of names."""
    score = scorer("score_articles")
    found = []
    for corpus in CORPORA:
        for truth in truths(corpus):
            document = Document(decode_page(page_of(corpus, truth)).markup)
            around = Surroundings(document, names)
            if (root := article_root(document, around)) is None:
                continue
            metadata = read_metadata(document)
            lines = candidates(document, around, root)
            looked = LineSignals(document, lines, root, around, *told_texts(document, metadata))
            known = Truth(truth, score)
            found.append(
                Lines(
                    corpus,
                    truth["id"],
                    truth["family"],
                    [line.text for line in lines],
                    looked.rows(),
                    [known.label(line.text) for line in lines],
                    [document.parents[line.element] for line in lines],
                    looked.shapes,
                    [_words_around(document, line.element) for line in lines],
                )
            )
    return found


def _words_around(document: Document, element: int) -> list[frozenset[str]]:
    path = [each for each in (element, *document.ancestors(element)) if document.tags[each] not in ("html", "body")]
    return [name_words(document, each) for each in path]


def matrix(pages: Sequence[Lines], rows: Sequence[Sequence[Sequence[float]]]) -> tuple[Any, Any, Any]:
    """Return features, labels and weights of the labelled lines."""
    features, labels, weights = [], [], []
    for page, its_rows in zip(pages, rows, strict=True):
        for row, label, text in zip(its_rows, page.labels, page.texts, strict=True):
            if label is not None:
                features.append(row)
                labels.append(label)
                weights.append((min(max(len(text), LINE_CHARACTERS[0]), LINE_CHARACTERS[1]) / 100) ** 0.5)
    return np.array(features, dtype=float), np.array(labels), np.array(weights)


def fit_names(pages: Sequence[Lines]) -> dict[str, float]:
    """Return the weight of each word that stands in enough publishers' templates."""
    families = defaultdict(set)
    for page in pages:
        for words in page.words:
            for word in frozenset().union(*words):
                families[word].add(page.family)
    known = {word for word, its in families.items() if len(its) >= MIN_FAMILIES}
    bags = []
    for page in pages:
        for words, row, label in zip(page.words, page.rows, page.labels, strict=True):
            if label is not None:
                bag: dict[str, float] = defaultdict(float)
                for each in words:
                    for word in sorted(each & known):  # the order of a set is another in every process
                        bag[word] += 1
                bags.append(
                    bag | {f"={name}{row[SIGNALS.index(name)]}": 1 for name in ("length", "links", "tag", "distance")}
                )
    _, labels, weights = matrix(pages, [page.rows for page in pages])
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=NAME_STRENGTH, max_iter=300).fit(
        vectorizer.fit_transform(bags), labels, sample_weight=weights
    )
    learned = zip(vectorizer.feature_names_, model.coef_[0], strict=True)
    return {word: round(float(w), 2) for word, w in learned if not word.startswith("=") and abs(w) >= MIN_NAME_WEIGHT}


def with_names(page: Lines, names: dict[str, float]) -> list[list[int]]:
    """Return the rows of a page with the two signals of names by these weights."""
    both, own = SIGNALS.index("names"), SIGNALS.index("own_name")
    rows = []
    for row, words in zip(page.rows, page.words, strict=True):
        sums = [fsum([names.get(word, 0.0) for word in each]) for each in words] or [0.0]
        new = list(row)
        new[both], new[own] = bisect_right(NAME_SCORES, fsum(sums)), bisect_right(NAME_SCORES, sums[0])
        rows.append(new)
    return rows


def fit_tables(features: Any, labels: Any, weights: Any) -> tuple[float, dict[str, list[float]]]:
    """Return intercept and, for each signal, a weight for each code: boosted trees of one question, added up."""
    model = HistGradientBoostingClassifier(
        categorical_features=[SIGNALS.index(name) for name in _CATEGORIES],
        early_stopping=False,
        max_depth=1,
        max_iter=TABLE_ROUNDS,
        learning_rate=TABLE_RATE,
        l2_regularization=TABLE_PENALTY,
        min_samples_leaf=LEAF_LINES,
        random_state=0,
    ).fit(features, labels, sample_weight=weights)
    # The trees have one question each, so the score is a sum over signals: the weight of a code is what changes
    # when only that signal changes.
    usual = np.median(features, axis=0)
    base = float(model.decision_function(usual[None])[0])
    tables = {}
    for at, name in enumerate(SIGNALS):
        codes = int(_CODES.get(name, features[:, at].max() + 1))
        probes = np.repeat(usual[None], codes, axis=0)
        probes[:, at] = np.minimum(np.arange(codes), features[:, at].max())
        tables[name] = [round(float(value) - base, 3) for value in model.decision_function(probes)]
    return round(base, 3), tables


_CODES = {
    "length": 11,
    "links": 7,
    "tag": 18,
    "distance": 7,
    "depth": 8,
    "names": 12,
    "own_name": 12,
    "semantic": 4,
    "frame": 10,
    "ends": 5,
    "sentences": 5,
    "place": 15,
    "neighbours": 9,
    "container": 6,
    "alike": 3,
    "wording": 7,
    "under": 7,
    "repeated": 4,
    "body_text": 3,
    "emphasis": 5,
    "start": 5,
    "digits": 5,
    "position": 10,
    "after_headline": 8,
    "container_links": 7,
    "marks": 5,
    "grand": 6,
    "gap": 16,
    "part": 11,
    "nested": 9,
    "picture": 4,
}
"""Number of codes of each signal: the corpora need not show all of them."""


def fit_trees(features: Any, labels: Any, weights: Any) -> tuple[float, list[Any]]:
    """Return correction and trees over signals and context."""
    model = HistGradientBoostingClassifier(
        early_stopping=False,
        max_depth=TREE_DEPTH,
        max_iter=TREES,
        learning_rate=TREE_RATE,
        l2_regularization=TREE_PENALTY,
        min_samples_leaf=LEAF_LINES,
        random_state=0,
    ).fit(features, labels, sample_weight=weights)
    trees = [_nested(each[0].nodes, 0, TREE_DEPTH) for each in model._predictors]  # noqa: SLF001  it has no export
    return round(float(model._baseline_prediction[0][0]) - DOUBT, 4), trees  # noqa: SLF001


def _nested(nodes: Any, at: int, depth: int) -> Any:
    """Return a tree as nested lists, a leaf that comes early repeated so that all have one depth."""
    node = nodes[at]
    if depth == 0:
        return round(float(node["value"]), 4)
    if node["is_leaf"]:
        below = _nested(nodes, at, depth - 1)
        return [0, 0.0, below, below]
    sides = [_nested(nodes, int(node[side]), depth - 1) for side in ("left", "right")]
    return [int(node["feature_idx"]), round(float(node["num_threshold"]), 3), *sides]


def fit(pages: Sequence[Lines]) -> dict[str, Any]:
    """Return the whole model.

    What the second step learns from must look as it will on pages never seen. So names and tables are learned on
    each half of the publishers, and the other half is scored with them.
    """
    families = sorted({page.family for page in pages})
    half_of = {family: number % 2 for number, family in enumerate(families)}
    halves = [[page for page in pages if half_of[page.family] == half] for half in (0, 1)]
    all_pages: list[Lines] = []
    rows: list[Any] = []
    names_of_half = [fit_names(halves[1 - half]) for half in (0, 1)]
    for half in (0, 1):
        all_pages += halves[half]
        rows += [with_names(page, names_of_half[half]) for page in halves[half]]
    intercept, tables = fit_tables(*matrix(all_pages, rows))
    longer = []
    for half in (0, 1):
        others = halves[1 - half]
        other_rows = [row for page, row in zip(all_pages, rows, strict=True) if half_of[page.family] != half]
        base, its_tables = fit_tables(*matrix(others, other_rows))
        card = cards.from_json({"names": {}, "intercept": base, "tables": its_tables, "correction": 0, "trees": []})
        for page, row in zip(all_pages, rows, strict=True):
            if half_of[page.family] == half:
                longer.append(_with_context(page, row, card))
    correction, trees = fit_trees(*matrix(all_pages, longer))
    return {
        "names": dict(sorted(fit_names(pages).items())),
        "intercept": intercept,
        "tables": tables,
        "correction": correction,
        "trees": trees,
    }


def _with_context(page: Lines, rows: list[list[int]], card: cards.Scorecard) -> list[list[float]]:
    around = cards.contexts(rows, card.scores(rows), page.parents, page.shapes)
    return [[*row, *context] for row, context in zip(rows, around, strict=True)]


def predicted(page: Lines, model: dict[str, Any]) -> list[str]:
    """Return the lines of a page that the model takes for body."""
    card = cards.from_json(model)
    rows = with_names(page, model["names"])
    scores = card.corrected(rows, cards.contexts(rows, card.scores(rows), page.parents, page.shapes))
    return [text for text, score in zip(page.texts, scores, strict=True) if score >= 0]


def cross_validate(pages: Sequence[Lines], folds: int) -> None:
    """Print the scorers' figures for lines predicted by models that never saw a page of that publisher."""
    score = scorer("score_articles")
    families = sorted({page.family for page in pages})
    fold_of = {family: number * 7919 % len(families) % folds for number, family in enumerate(families)}
    lines: dict[tuple[str, str], list[str]] = {}
    for fold in range(folds):
        model = fit([page for page in pages if fold_of[page.family] != fold])
        for page in pages:
            if fold_of[page.family] == fold:
                lines[page.corpus, page.name] = predicted(page, model)
    for corpus in CORPORA:
        predictions = {name: {"id": name, "paragraphs": text} for (its, name), text in lines.items() if its == corpus}
        summary = score.score(truths(corpus), predictions)[0]
        print(corpus, {key: summary[key] for key in ("shingle", "rouge", "para", "segments") if key in summary})


def main() -> None:
    """Measure if asked to, then fit on all pages and write the model."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folds", type=int, default=0, help="cross-validate first, publishers apart")
    options.add_argument("--dry", action="store_true", help="write nothing")
    asked = options.parse_args()
    names: dict[str, float] = {}
    for _ in range(READINGS):
        pages = read(names)
        names = fit_names(pages)
    print(len(pages), "pages,", sum(len(page.texts) for page in pages), "lines", file=sys.stderr)
    if asked.folds:
        cross_validate(pages, asked.folds)
    if not asked.dry:
        model = {
            "made_by": "python -m benchmarks.train_body",
            "signals": SIGNALS,
            "context": cards.CONTEXT,
            **fit(pages),
        }
        text = json.dumps(model, ensure_ascii=False, indent=1)
        MODEL.write_text(re.sub(r"\n +(?=[-\d\]\[])|(?<=[\d\[,]) ?\n +", " ", text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
