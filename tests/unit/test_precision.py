"""Precision counts what is told and known, and nothing else."""

from types import SimpleNamespace

import pytest

from benchmarks.precision import precision

SCORE = SimpleNamespace(
    bare=str.casefold,
    names=lambda values: {value.casefold() for value in values},
    moment=lambda value: (value[:10], "T" in value),
    same_day=lambda one, other: one == other,
)
EMPTY = {"title": None, "authors": [], "published_at": None, "lead": [], "topics": []}


def found(truth, line):
    return precision(SCORE, [truth], [{**EMPTY, **line}])


@pytest.mark.parametrize(
    ("truth", "line", "expected"),
    [
        ({"title": "A pier"}, {"title": "a PIER"}, {"headline": {"precision": 1.0, "n": 1}}),
        ({"title": "A pier"}, {"title": "A ferry"}, {"headline": {"precision": 0.0, "n": 1}}),
        ({"authors": ["Ida"]}, {"authors": ["Ida", "Per"]}, {"authors": {"precision": 0.5, "n": 1}}),
        ({"authors": ["Ida", "Per"]}, {"authors": ["Ida"]}, {"authors": {"precision": 1.0, "n": 1}}),
        (
            {"published_at": "2026-03-01"},
            {"published_at": "2026-03-01T10:00Z"},
            {"published_at": {"precision": 1.0, "n": 1}},
        ),
        (
            {"paragraphs": ["Short.", "Long."], "kinds": ["lead", "text"]},
            {"lead": ["Long."]},
            {"lead": {"precision": 0.0, "n": 1}},
        ),
    ],
)
def test_a_field_is_right_as_far_as_its_values_are(truth, line, expected):
    """Values that the truth has not make it wrong; values that it has besides don't."""
    assert expected == found(truth, line)


@pytest.mark.parametrize(
    ("truth", "line"),
    [
        ({"authors": ["Ida"]}, {}),
        ({"authors": None}, {"authors": ["Ida"]}),
        ({"paragraphs": ["Long."], "kinds": ["text"]}, {"lead": ["Long."]}),
    ],
)
def test_what_is_not_told_or_not_known_does_not_count(truth, line):
    """An empty field, and one that the truth says nothing of, is neither right nor wrong."""
    assert {} == found(truth, line)
