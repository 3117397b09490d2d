"""From signals to scores."""

import pytest

from worker.extract.article.scorecard import ALONE, CONTEXT, EDGE, Scorecard, contexts, scorecard
from worker.extract.article.signals import SIGNALS

CARD = Scorecard(
    names={},
    intercept=-1.0,
    tables=((0.0, 2.0), (0.5, -0.5)),
    correction=0.25,
    trees=(
        (0, 0.5, (1, 0.5, (0, 0.5, 1.0, 9.0), (0, 0.5, 2.0, 9.0)), (2, 0.0, (0, 0.5, 9.0, 3.0), (1, 0.5, 4.0, 5.0))),
    ),
)


def test_a_first_score_is_a_sum_of_weights():
    """Each signal adds the weight of its code to the constant of all lines."""
    assert [-0.5, 0.5] == CARD.scores([[0, 0], [1, 1]])


@pytest.mark.parametrize(
    ("row", "context", "expected"),
    [([0, 0], [1.0], 1.25), ([0, 1], [1.0], 2.25), ([1, 0], [-1.0], 3.25), ([1, 1], [1.0], 5.25)],
)
def test_a_tree_goes_down_by_three_questions(row, context, expected):
    """A value up to the threshold goes to the first branch; the leaf is added to the constant."""
    assert [expected] == CARD.corrected([row], [context])


def test_context_is_what_stands_around_a_line():
    """Neighbours' scores, those of siblings and of the same shape, the page's best, and how many there are."""
    rows, scores = [[9], [9], [1]], [3.0, 1.0, -2.0]

    found = contexts(rows, scores, [1, 1, 2], ["p", "p", "li"])

    assert [3.0, EDGE, EDGE, 1.0, -2.0, 1.0, 1.0, 2.0, 1.0, 2, 2] == found[0]
    assert [-2.0, 1.0, 3.0, EDGE, EDGE, ALONE, ALONE, 2.0, -4.0, 1, 1] == found[2]
    assert len(CONTEXT) == len(found[0])


def test_the_package_s_weights_fit_its_signals():
    """There is a table for each signal, and no tree asks for what is not there."""
    card = scorecard()

    def asked(node):
        return [node[0], *asked(node[2]), *asked(node[3])] if isinstance(node, tuple) else []

    assert len(SIGNALS) == len(card.tables)
    assert all(signal < len(SIGNALS) + len(CONTEXT) for tree in card.trees for signal in asked(tree))
