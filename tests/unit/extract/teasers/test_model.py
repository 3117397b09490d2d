"""The learned weights, and what cards say of each other."""

import pytest

from tests.unit.extract.teasers.page_of import article, cards, page
from worker.extract.document import Document
from worker.extract.teasers import shapes, signals
from worker.extract.teasers.looking import look
from worker.extract.teasers.model import contexts_of, from_json, model
from worker.extract.teasers.signals import CODES, SIGNALS


def test_every_signal_has_a_weight_for_each_of_its_codes():
    """A page that shows what no labelled page did is scored all the same."""
    scales = (signals.LENGTHS, signals.OTHER_TEXTS, signals.CARDS, shapes.SLUG_WORDS, shapes.RUNS)

    assert max(len(scale) + 1 for scale in scales) == CODES
    assert [CODES] * len(SIGNALS) == [len(table) for table in model().tables]


def test_the_codes_of_a_page_are_in_range():
    """No row of signals points outside the tables."""
    rows = look(Document(article(cards())), page()).rows

    assert all(0 <= code < CODES for row in rows for code in row)
    assert {len(SIGNALS)} == {len(row) for row in rows}


def test_other_stories_speak_for_a_card_and_itself_does_not():
    """The mean of a block leaves out cards of the same story, and says where there are no others."""
    got = contexts_of([1.0, 3.0, -2.0], ["a", "a", "b"], ["f", "f", "f"], ["x", "y", "x"])

    assert [(1.0, 3.0, 1.0, 3.0, 1.0), (3.0, 1.0, 1.0, -0.5, 1.0), (-2.0, 0.0, 0.0, 3.0, 1.0)] == got


def test_weights_for_other_signals_are_refused():
    """A model file that was learned for other signals names the command that makes it anew."""
    with pytest.raises(ValueError, match="train_teasers"):
        from_json({"base": 0, "tables": {"odd": [0]}, "context": [1]})
