"""Which lines may be body."""

import pytest

from tests.unit.extract.article.page_of import PARAGRAPHS
from worker.extract.article.candidates import candidates, effective_length
from worker.extract.article.root import article_root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document

PROSE = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
LEAD = "After nine years of waiting the new pier opens to walkers, and to one ferry a day."


def texts_of(body):
    document = Document(f"<html><body>{body}</body></html>")
    around = Surroundings(document, {})
    return [line.text for line in candidates(document, around, article_root(document, around))]


def test_every_line_of_the_root_may_be_body():
    """Short ones as well: a heading, a word in bold."""
    assert ["Why", *PARAGRAPHS] == texts_of(f"<article><h2>Why</h2>{PROSE}</article>")


@pytest.mark.parametrize(
    ("outside", "expected"),
    [
        (f"<div>{LEAD}</div>", [LEAD]),
        ("<div>Harbour</div>", []),
        (f"<div><a href='/a'>{LEAD}</a></div>", []),
        (f"<nav><p>{LEAD}</p></nav>", []),
    ],
)
def test_outside_the_root_only_long_prose_may(outside, expected):
    """A lead above the root may be body; labels, links and menus are not."""
    assert [*expected, *PARAGRAPHS] == texts_of(f"{outside}<article>{PROSE}</article>")


def test_what_is_closed_in_the_root_is_out():
    """A menu inside the article says nothing of the story."""
    assert PARAGRAPHS == texts_of(f"<article><nav>Top of the page</nav>{PROSE}</article>")


def test_wide_letters_count_for_more():
    """A letter of Chinese says as much as two and a half of an alphabet."""
    assert (4, 10.0) == (effective_length("pier"), effective_length("新的码头"))
