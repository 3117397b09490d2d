"""What an address says."""

import pytest

from tests.unit.extract.teasers.page_of import page
from worker.extract.teasers.shapes import shape_of


@pytest.mark.parametrize(
    "href",
    [
        "tide-table-moves-to-the-new-pier-48213377",
        "tide-table-moves-to-the-new-pier-48213377?share=1",
        "/amp/tide-table-moves-to-the-new-pier-48213377",
        "/photos/gallery-48213377",
        "https://m.harbour.example/news/tide-table-moves-to-the-new-pier-48213377/",
    ],
)
def test_another_form_of_the_page_is_the_page(href):
    """Its path with a query, its slug or its number elsewhere on its site are the page itself."""
    own = page()

    assert own.is_own(own.target(href).key)


@pytest.mark.parametrize("href", ["/news/old-crane-is-moved-48213303", "https://bay.example/48213377", "/news"])
def test_another_story_is_not_the_page(href):
    """Other numbers, other sites and sections are other pages."""
    own = page()

    assert not own.is_own(own.target(href).key)


@pytest.mark.parametrize("href", ["#top", " javascript:void(0)", "mailto:a@harbour.example", "TEL:1", ""])
def test_links_to_no_page_are_known_by_their_beginning(href):
    """Fragments, scripts, mail and telephone lead to no page."""
    assert page().target(href) is None


def test_a_shape_tells_slug_number_date_and_ending():
    """Words, digits, date and file ending of a path are counted."""
    shape = shape_of("harbour.example/2024/05/14/old-crane-is-moved-48213303.html")

    assert (4, 8, True, "html", False) == (shape.slug_words, shape.run, shape.dated, shape.ending, shape.query)


@pytest.mark.parametrize("key", ["", "/", "a", "a/?", "a/%", "a//b..c/.html?x", "a/\u0669\u0660"])
def test_any_key_has_a_shape(key):
    """Odd keys have a shape too."""
    assert shape_of(key).slug_words >= 0
