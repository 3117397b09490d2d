"""What templates call the parts of a page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.extract.article.surroundings import COMMENTS, HIDDEN, PARTICULARS, PARTS, Surroundings, name_words
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


def test_parts_that_are_told_apart_have_their_numbers():
    """Compiled modules know them by number."""
    assert (COMMENTS, PARTICULARS) == (PARTS["comments"], PARTS["tag"])


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("storyBody-wide", {"story", "body", "wide"}),
        ("HTMLText2Top", {"html", "text", "top"}),
        ("a ad AD Ads c-ADS", {"ads"}),
        ("größer", set()),
        ("", set()),
    ],
)
def test_words_of_names_are_parted_as_templates_write_them(names, words):
    """By capitals, digits and signs; what is shorter than three letters says nothing."""
    document = Document(f"<p class='{names}'>x</p>")

    assert words == name_words(document, document.by_tag["p"][0])


@pytest.mark.parametrize(
    "attributes",
    ["hidden", "hidden='until-found'", "style='color:red;display : none'", "style='visibility:\thidden'"],
)
def test_what_isn_t_shown_has_a_word_of_its_own(attributes):
    """By its attribute or by its style."""
    document = Document(f"<p {attributes} class=story>x</p><p style='overflow:hidden;float:none' class=story>y</p>")
    first, second = document.by_tag["p"]

    assert ({"story", HIDDEN}, {"story"}) == (name_words(document, first), name_words(document, second))


@given(st.text(alphabet=st.sampled_from("aAbBzZ1-_ é")))
def test_words_are_those_of_a_pattern(names):
    """Small letters with a capital before them or none, or capitals that no small letter follows."""
    pattern = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
    document = Document(f"<p id='{names}'>x</p>")

    assert {word.lower() for word in pattern.findall(names) if len(word) > 2} == name_words(
        document, document.by_tag["p"][0]
    )


def test_weights_of_another_model_are_others():
    """Two sets of weights may be asked in turn: what is remembered under one is none of the other's."""
    document = Document("<div class='story'><p class='story'>x</p></div>")
    heavy, light = Surroundings(document, {"story": 2.0}), Surroundings(document, {"story": 1.0})
    outer, inner = document.by_tag["div"][0], document.by_tag["p"][0]

    assert (2.0, 1.0) == (heavy.of(outer).names, light.of(outer).names)
    assert (4.0, 2.0) == (heavy.of(inner).names, light.of(inner).names)


def test_html_and_body_say_nothing():
    """Their names are the whole page's, whatever it shows."""
    document = Document("<body class='promo'><p class='story'>x</p>")

    assert 1.5 == Surroundings(document, {"promo": -2.0, "story": 1.5}).of(document.by_tag["p"][0]).names


def test_nothing_is_around_the_page():
    """A number below the first element's is that of none, as the root's parent has it."""
    found = Surroundings(Document("<p>x"), {})

    assert (0.0, 0, False, -1) == (
        found.of(-1).names,
        found.of(-1).frame,
        found.of(-1).closed,
        found.of(-1).part_element,
    )
    with pytest.raises(IndexError):
        found.of(4)
