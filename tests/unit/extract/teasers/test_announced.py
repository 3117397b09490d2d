"""A label before a link makes an inline teaser, and nothing else in the prose does."""

import pytest

from tests.unit.extract.article.page_of import PARAGRAPHS, split

LINK = '<a href="/news/old-crane-is-moved-across-the-bay-48213303">Old crane is moved across the bay</a>'


def within(line: str) -> list[tuple[str, str]]:
    """Return kind and headline of what is found in a body with the line in its middle."""
    page = split("".join(f"<p>{text}</p>" for text in PARAGRAPHS) + line)
    return [(teaser.kind.value, teaser.headline) for teaser in page.teasers]


@pytest.mark.parametrize("line", [f"<p><b>Read also:</b> {LINK}</p>", f"<div>▶ Lesen Sie auch: {LINK}</div>"])
def test_a_label_and_a_link_are_an_inline_teaser(line):
    """What the lexicon knows as a pointer, in any language, announces the link; the label is no headline."""
    assert [("inline", "Old crane is moved across the bay")] == within(line)


@pytest.mark.parametrize(
    "line",
    [
        f"<p>The master told us that {LINK} was the best news of a long and rather wet week.</p>",
        f"<p>Read also {LINK} with some care, he said, since it was written in a hurry on the pier.</p>",
    ],
)
def test_a_link_in_a_sentence_is_a_phrase(line):
    """A sentence that goes on after the link announces nothing, even if it begins with the words of a label."""
    assert [] == within(line)
