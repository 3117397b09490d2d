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


def comments_of(count):
    return "".join(f"<div class='comment'><b>Reply</b><p>{n} {LEAD}</p></div>" for n in range(1, count + 1))


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


def test_a_thread_of_comments_is_out():
    """Labels in it as well, however much of the prose it is."""
    assert PARAGRAPHS == texts_of(f"<main>{PROSE}{comments_of(3)}</main>")


def test_fewer_comments_may_be_body():
    """Templates call a body a comment, too."""
    found = texts_of(f"<main>{PROSE}{comments_of(2)}</main>")

    assert [*PARAGRAPHS, "Reply", f"1 {LEAD}", "Reply", f"2 {LEAD}"] == found


def test_a_thread_alone_may_be_body():
    """A page of nothing but comments is about them."""
    found = texts_of(f"<main><h2>Why</h2>{comments_of(3)}</main>")

    assert ["Why", "Reply", f"1 {LEAD}", "Reply", f"2 {LEAD}", "Reply", f"3 {LEAD}"] == found


def test_wide_letters_count_for_more():
    """A letter of Chinese says as much as two and a half of an alphabet."""
    assert (4, 10.0) == (effective_length("pier"), effective_length("新的码头"))
