"""The boxes that lines stand in."""

import pytest

from worker.extract.article.boxes import Nesting, Pictures
from worker.extract.article.lines import lines_between
from worker.extract.article.root import Root
from worker.extract.document import Document

CAPTION = "The new pier on the first of March, an hour before the ferry came in."
PROSE = "The harbour master said that the planks of the new pier had been laid by hand, one after the other. " * 3


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<div><p>{CAPTION}</p><p>{PROSE}</p></div>", 0),
        (f"<div><p><img src='a'>{CAPTION}</p><p>{PROSE}</p></div>", 1),
        (f"<div><div><img src='a'><p>{CAPTION}</p></div><p>{PROSE}</p></div>", 2),
        (f"<div><div><img src='a'><p>{CAPTION}</p><p>{CAPTION}</p></div><p>{PROSE}</p></div>", 3),
        (f"<div><img src='a'><p>{CAPTION}</p><p>{PROSE}</p></div>", 0),
        (f"<div><p>{CAPTION}</p></div>", 0),
    ],
)
def test_a_picture_is_near_where_it_shares_a_small_box(html, expected):
    """In the line's own element, in a box with the line alone, in one of which the line is a good part, or nowhere."""
    document = Document(html)
    line = next(each for each in lines_between(document, 0, len(document.pieces)) if each.text == CAPTION)

    assert expected == Pictures(document).near(line)


def nesting_of(html, mark, root_tag="main"):
    """Return the code of the line that reads ``mark``, for the root of this tag."""
    document = Document(html)
    root = document.by_tag[root_tag][0]
    line = next(each for each in lines_between(document, 0, len(document.pieces)) if each.text == mark)
    return Nesting(document, Root(root, document.ends[root], has_thread=False)).of(line.element)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<article><main><p>x</p></main></article>", 0),
        ("<main><article><p>x</p></article></main>", 4),
        ("<main><article><p>y</p></article><article><p>x</p></article></main>", 7),
        ("<main><article><article><p>x</p></article></article></main>", 8),
        ("<main><article><article><p>y</p></article><p>x</p></article></main>", 7),
        ("<main><p>y</p></main><article><p>x</p></article>", 1),
        ("<main><article><p>y</p></article><p>x</p></main>", 0),
    ],
)
def test_articles_count_below_the_root(html, expected):
    """How many are around the line tells a comment from prose; those around the whole root say nothing."""
    assert expected == nesting_of(html, "x")
