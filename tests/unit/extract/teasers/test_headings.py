"""Which line before a block is the heading over it."""

from html import escape

import pytest

from worker.extract.document import Document
from worker.extract.lexicon import WORDINGS, heading_kind
from worker.extract.teasers.headings import Over, heading_before

LINES = sorted(
    {
        line
        for language in WORDINGS.languages
        for wordings in language.headings.values()
        for name, lines in wordings.items()
        for line in lines
        if name != "prefix"
    }
)


def over(html: str) -> Over | None:
    """Return the heading over what follows a part of a page."""
    document = Document(html)
    return heading_before(document, 0, len(document.pieces))


@pytest.mark.parametrize("shown", [str, str.upper, "» {}:".format, " {}\n".format])
def test_every_wording_of_the_lexicon_is_known_over_a_block(shown):
    """However a heading is written, what is found is what the lexicon says of it."""
    found = [over(f"<div>{escape(shown(line))}</div>") for line in LINES]

    assert [heading_kind(shown(line)) for line in LINES] == [each and each.known for each in found]


def test_a_heading_of_other_words_counts_by_its_element():
    """Words that the lexicon does not know stand over a block in a heading, and nowhere else."""
    in_heading, in_line = over("<h3>Around the harbour</h3>"), over("<div>Around the harbour</div>")

    assert in_heading is not None
    assert ("Around the harbour", None) == (in_heading.text, in_heading.known)
    assert in_line is None


def test_a_link_beside_a_heading_leaves_it_the_heading():
    """Of "Latest" and "See more" beside it the first is over the block; alone the link is."""
    beside, alone = over("<h2>Latest</h2><div><a href='/l'>See more</a></div>"), over("<a href='/l'>Most read</a>")

    assert beside is not None
    assert "Latest" == beside.text
    assert alone is not None
    assert "Most read" == alone.text


def test_a_line_longer_than_any_heading_ends_the_search():
    """What stands before a paragraph is over that, not over the block behind it; white space makes no line longer."""
    heading = "<h2>Latest</h2>"

    assert over(f"{heading}<p>{'The old crane is moved. ' * 4}</p>") is None
    assert over(f"{heading}<p>The old{' ' * 90}crane</p>") is not None
