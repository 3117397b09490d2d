"""The body: which lines of a page are its text, in order."""

import pytest

from schemas import BlockKind
from tests.unit.extract.article.page_of import PARAGRAPHS, split


def blocks_of(inside, after=""):
    return [(block.kind, block.text) for block in split(inside, after=after).article.body]


def texts_of(inside, after=""):
    return [text for _, text in blocks_of(inside, after)]


QUOTE = "“We counted every plank of it twice,” said the harbour master, “and there were four thousand and eleven.”"
ITEM = "The ferry leaves at noon and comes back at four, on every day of the week but on Sundays."


@pytest.mark.parametrize(
    ("html", "kind", "text"),
    [
        (f"<blockquote><p>{QUOTE}</p></blockquote>", BlockKind.QUOTE, QUOTE),
        (f"<ul><li>{ITEM}</li></ul>", BlockKind.LIST_ITEM, ITEM),
        (f"<p>{ITEM}</p>", BlockKind.PARAGRAPH, ITEM),
        ("<h2>Why it took nine years</h2>", BlockKind.HEADING, "Why it took nine years"),
    ],
)
def test_blocks_have_their_kind(html, kind, text):
    """Paragraphs, headings, items of lists and quotes are told apart, where they stand."""
    blocks = blocks_of(f"<p>{PARAGRAPHS[0]} Twice.</p>{html}")

    assert (kind, text) in blocks
    assert len(PARAGRAPHS) + 2 == len(blocks)


@pytest.mark.parametrize(
    "frame",
    [
        f"<div class='comments'><article class='comment'><p>{ITEM} I like it.</p></article></div>",
        f"<div class='author-bio'><p>Ida Holm writes of the harbour. {ITEM}</p></div>",
        "<ul class='related-articles'><li><a href='/news/ferry-1'>The ferry of wood sails on Monday</a></li></ul>",
        "<div class='newsletter-signup'><p>Sign up for our newsletter and read it every morning.</p></div>",
        "<p class='share'>Share this article</p>",
    ],
)
def test_frame_after_the_text_is_out(frame):
    """Comments, author boxes, related stories, sign-ups and share lines are no body."""
    assert PARAGRAPHS == texts_of("", after=frame)


def test_the_headline_is_not_repeated():
    """A second heading of the same words is no block."""
    assert PARAGRAPHS == texts_of("<h2>New pier opens after nine years</h2>")


POINTER = "<p><b>Read more: <a href='/news/old-pier-is-sold-48213301'>{}</a></b></p>"


def test_a_line_that_repeats_a_teaser_is_out():
    """The heading of a live blog's entry is the teaser's, where the entry points to the story by the same words."""
    headline = "Old pier is sold to the museum for a single crown"
    listed, heading = f"<p>&gt; {headline}</p>", f"<h2>{headline}</h2>"

    assert PARAGRAPHS == texts_of(f"{listed}{heading}{POINTER.format(headline)}")
    assert [headline, *PARAGRAPHS] == texts_of(f"{heading}{POINTER.format('The museum has a pier of its own now')}")


def test_a_heading_over_nothing_is_out():
    """A heading at the very end announces what is not the article's."""
    assert BlockKind.HEADING not in [kind for kind, _ in blocks_of("", after="<h2>What to read next week</h2>")]


def test_a_paragraph_in_pieces_is_one_block():
    """Emphasis and links inside a line part nothing; white space is folded."""
    text = PARAGRAPHS[0]
    html = f"<p>{text[:40]}<b>{text[40:60]}</b>\n  <a href='/a'>{text[60:90]}</a>{text[90:]} Truly.</p>"

    assert " ".join(f"{text[:60]} {text[60:]} Truly.".split()) == texts_of(html)[0]
