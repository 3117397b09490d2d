"""What templates call the parts of a page."""

import pytest

from worker.extract.article.surroundings import PARTS, Surroundings
from worker.extract.document import Document


def around(html, tag="p"):
    document = Document(html)
    return document, Surroundings(document, {"story": 1.5, "promo": -2.0}).of(document.by_tag[tag][0])


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("<div class='comment-list'><div class='item'><p>x</p></div></div>", "comment"),
        ("<div id='relatedStories'><p>x</p></div>", "related"),
        ("<div class='comments'><div class='author-bio'><p>x</p></div></div>", "author"),
    ],
)
def test_the_nearest_part_counts(html, word):
    """A line is in the part that the nearest named element is."""
    _, found = around(html)

    assert PARTS[word] == found.part


def test_a_part_tells_which_element_it_is():
    """The element is named too, so that what the whole article stands in can be left aside."""
    document, found = around("<section class='newsletter'><div><p>x</p></div></section>")

    assert (PARTS["newsletter"], document.by_tag["section"][0]) == (found.part, found.part_element)


def test_an_article_s_own_topics_make_it_no_part():
    """Templates put them in its class; a box of such particulars is a part."""
    assert (0, PARTS["tag"]) == tuple(
        around(f"<{tag} class='post-1 category-ships tag-ferry'><p>x</p></{tag}>")[1].part for tag in ("article", "div")
    )


def test_words_only_count_whole():
    """A name that merely holds a word is another name."""
    _, found = around("<div class='authority commentated'><p>x</p></div>")

    assert (0, -1) == (found.part, found.part_element)


def test_names_add_up_over_the_elements_around():
    """Each word weighs where it stands; the element's own part is told apart."""
    _, found = around("<div class='story'><p class='promo'>x</p></div>")

    assert (-0.5, -2.0) == (found.names, found.own)


def test_words_add_up_in_any_order():
    """The words of a name are a set, whose order is another in every process: the sum is the same."""
    light = dict.fromkeys(["pier", "ferry", "harbour", "quay", "boat", "sea"], 1.0)
    weights = light | dict.fromkeys(["ocean", "storm"], 1e16) | dict.fromkeys(["calm", "ebb"], -1e16)
    document = Document(f"<p class='{' '.join(weights)}'>x</p>")

    assert 6.0 == Surroundings(document, weights).of(document.by_tag["p"][0]).own
