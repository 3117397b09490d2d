"""How often each field is right where it is not empty: a wrong author is worse than none.

Recall is no matter here: a field that a page leaves empty counts on neither side.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Right = Callable[[Any, dict[str, Any], dict[str, Any]], float]
"""Scorer, truth and prediction of a page to the share of the field's values that are right."""


def _headline(score: Any, truth: dict[str, Any], line: dict[str, Any]) -> float:
    return float(score.bare(line["title"]) == score.bare(truth["title"]))


def _authors(score: Any, truth: dict[str, Any], line: dict[str, Any]) -> float:
    return _share(score.names(line["authors"]), score.names(truth["authors"]))


def _topics(score: Any, truth: dict[str, Any], line: dict[str, Any]) -> float:
    return _share(score.names(line["topics"]), score.names(truth["topics"]))


def _day(score: Any, truth: dict[str, Any], line: dict[str, Any]) -> float:
    want, have = score.moment(truth["published_at"])[0], score.moment(line["published_at"])[0]
    return float(want is not None and have is not None and score.same_day(want, have))


def _lead(score: Any, truth: dict[str, Any], line: dict[str, Any]) -> float:
    leads = [text for text, kind in zip(truth["paragraphs"], truth["kinds"], strict=True) if kind == "lead"]
    return float(score.bare(line["lead"][0]) in {score.bare(text) for text in leads})


FIELDS: Mapping[str, tuple[str, str, Right]] = {
    "headline": ("title", "title", _headline),
    "authors": ("authors", "authors", _authors),
    "published_at": ("published_at", "published_at", _day),
    "lead": ("lead", "kinds", _lead),
    "topics": ("topics", "topics", _topics),
}
"""By field of the contract: where a prediction has it, what a page's truth must have, and what is right."""


def precision(score: Any, truths: Sequence[dict[str, Any]], lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return for each field the share of values that are right, and on how many pages it is told and known.

    Args:
        score: The article scorer.
        truths: Truth of each page.
        lines: Its prediction, in the same order.
    """
    found = {}
    for field, (told, known, right) in FIELDS.items():
        shares = [
            right(score, truth, line)
            for truth, line in zip(truths, lines, strict=True)
            if line.get(told) and _is_known(field, truth.get(known))
        ]
        if shares:
            found[field] = {"precision": sum(shares) / len(shares), "n": len(shares)}
    return found


def _is_known(field: str, value: Any) -> bool:
    """Tell whether the truth says something of the field; of a lead only where it has marked one."""
    return "lead" in (value or ()) if field == "lead" else bool(value)


def _share(have: set[str], want: set[str]) -> float:
    return len(have & want) / len(have) if have else 1.0
