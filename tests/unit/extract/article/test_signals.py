"""What speaks for and against a line, as codes."""

import pytest

from worker.extract.article.candidates import candidates
from worker.extract.article.root import article_root
from worker.extract.article.signals import PARTS as SHARES_OF_PROSE
from worker.extract.article.signals import SIGNALS, STAMP_LINES, LineSignals
from worker.extract.article.surroundings import COMMENTS, PARTS, Surroundings
from worker.extract.document import Document

PROSE = "The ferry left the harbour at noon, and nobody on the pier could say when it would be back that day."
SHORT = "The pier stays open."
NONE, ALL = 0, len(SHARES_OF_PROSE)
"""Codes of a share of the prose."""


def codes_of(html, signal, *, told=(), article_body=""):
    """Return the codes of one signal, by the first word of each line."""
    document = Document(html)
    around = Surroundings(document, {})
    root = article_root(document, around)
    lines = candidates(document, around, root)
    rows = LineSignals(document, lines, root, around, told, article_body).rows()
    return {line.text.split()[0]: row[SIGNALS.index(signal)] for line, row in zip(lines, rows, strict=True)}


def in_boxes(name, *words):
    """Return a box of that name around a paragraph for each first word."""
    return "".join(f"<div class='{name}'><p>{word} {PROSE}</p></div>" for word in words)


def test_a_box_beside_the_prose_is_a_part():
    """Where the prose stands outside, a box is what its name says."""
    html = f"<main><p>One {PROSE}</p><p>Two {PROSE}</p><p>Three {PROSE}</p>{in_boxes('box', 'Four')}</main>"

    assert {"One": 0, "Two": 0, "Three": 0, "Four": PARTS["box"]} == codes_of(html, "part")


def test_a_name_that_most_prose_has_is_no_part():
    """A template that calls each paragraph a box says nothing by it; another name still counts."""
    html = f"<main>{in_boxes('box', 'One', 'Two', 'Three', 'Four')}{in_boxes('newsletter', 'Five')}</main>"

    assert {"One": 0, "Two": 0, "Three": 0, "Four": 0, "Five": PARTS["newsletter"]} == codes_of(html, "part")


def test_comments_are_a_part_however_much_of_the_prose_they_are():
    """They are often longer than what they are about."""
    long = " ".join([PROSE] * 5)
    html = f"<main><p>One {PROSE}</p>{in_boxes('comment', f'Two {long}', f'Three {long}')}</main>"

    assert {"One": 0, **dict.fromkeys(("Two", "Three"), COMMENTS)} == codes_of(html, "part")


def test_what_a_page_says_twice_is_no_prose_of_the_article():
    """A ticker above and below an article does not outweigh it."""
    ticker = "".join(f"<li>{word} {PROSE}</li>" for word in ("Two", "Three", "Four"))
    html = f"<main><ul>{ticker}</ul><section><p>One {PROSE}</p></section><ul>{ticker}</ul></main>"

    assert {"One": ALL, **dict.fromkeys(("Two", "Three", "Four"), NONE)} == codes_of(html, "container")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Share", 1),
        ("Read more", 4),
        ("Related articles", 2),
        ("On 9 November 2026 the ferry stayed away, and so did everybody who had come to see it.", 0),
    ],
)
def test_short_lines_are_looked_up(line, code):
    """A known label, or a heading of other stories; a long line is not looked up."""
    found = codes_of(f"<main><p>One {PROSE}</p><p>{line}</p><p>Two {PROSE}</p></main>", "wording")

    assert code == found[line.split()[0]]


@pytest.mark.parametrize(
    ("line", "code"), [("9 November 2026, 09:00 · 3 min read", 6), ("9 November 2026 · Harbour", 0)]
)
def test_a_date_below_the_headline_is_the_page_s_own(line, code):
    """Further down a short date is as likely to be text, and so is one beside other words."""
    above, below = f"<h1>A long day</h1><p>{line}</p><p>One {PROSE}</p>", f"<p>Two {PROSE}</p>" * STAMP_LINES

    assert (code, 0) == (
        codes_of(f"<main>{above}{below}</main>", "wording")["9"],
        codes_of(f"<main><h1>A long day</h1>{below}<p>{line}</p></main>", "wording")["9"],
    )


def test_what_the_head_says_is_repeated():
    """A line that is the description, and one that stands twice."""
    html = f"<main><p>{SHORT}</p><p>One {PROSE}</p><p>Two {PROSE}</p><p>Two {PROSE}</p></main>"

    assert {"The": 2, "One": 0, "Two": 1} == codes_of(html, "repeated", told={SHORT})


def test_the_metadata_names_lines_of_the_body():
    """By their first letters, whatever stands between them; short lines say nothing."""
    html = f"<main><p>{SHORT}</p><p>One {PROSE}</p><p>Two {PROSE}</p></main>"
    body = "one" + "".join(letter for letter in PROSE.lower() if letter.isalpha())

    assert {"The": 0, "One": 1, "Two": 2} == codes_of(html, "body_text", article_body=body)
