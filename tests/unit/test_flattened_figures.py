"""The figures of pages written as plain lines: an invented page with its truth, written and read back."""

import pytest

from benchmarks import flattened
from benchmarks.tally import Tally, f1_by, worst
from schemas import RawPage

BLOCKS = [
    {"heading": "Related news", "kind": "related", "items": [{"title": "A bridge is closed until Easter"}]},
    {"heading": "Most read", "kind": "popular", "items": [{"title": "The library moves to the old shed"}]},
    {"heading": "Sponsored", "kind": "sponsored", "items": [{"title": "Ten lamps for a brighter shed"}]},
]
PARAGRAPHS = [
    f"The first battery ship of the line took a hundred and eighty guests over the fjord on {day}, and the old one "
    f"stays in the harbour for two more winters, where it waits for ice and for those who count its planks."
    for day in ("Monday", "Tuesday", "Wednesday")
]
HEADLINE = "A ferry goes electric on the fjord"
HTML = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
SHEET = flattened.Sheet(
    name="ferry",
    language="en",
    html=RawPage(
        url="https://harbourpost.example/news/ferry-48213377",
        body=f"<html><body><article><h1>{HEADLINE}</h1>{HTML}</article></body></html>",
    ),
    headline=HEADLINE,
    authors=["Ann Lee"],
    paragraphs=PARAGRAPHS,
    blocks=BLOCKS,
)


@pytest.mark.parametrize("form", flattened.FORMS)
def test_a_page_that_is_read_back_whole_has_full_figures(form):
    """Whatever the form, nothing is missed and nothing false where all comes out as it was written."""
    found = flattened.figures(flattened.measured([SHEET]))[form]

    assert (1.0, 1.0, 1.0, 1.0) == tuple(found[name] for name in ("teasers_micro", "headline", "authors_exact", "body"))
    assert 0 == found["teasers_in_body"] == found["repeats_emitted"]


def test_what_is_missed_and_what_is_false_lowers_the_figure():
    """A story that is not on the page is false, one of the truth that does not come out is missed."""
    page = flattened.split_or_none(RawPage(body=flattened.FORMS["headings"](SHEET), content_type="text/plain"))
    stories = {"a bridge is closed until easter": {"related"}, "the mill is sold": {"latest"}}

    assert Tally(hits=1, false=2, missed=1) == flattened.teaser_tally(page, stories)
    assert {
        "latest": Tally(missed=1),
        "popular": Tally(false=1),
        "related": Tally(hits=1),
        "sponsored": Tally(false=1),
    } == flattened.kind_tallies(page, stories)


def test_a_group_has_the_figure_of_all_its_pages():
    """F1 of a language is that of all its pages counted as one, and a perfect page is none of the worst."""
    tallies = [("en", Tally(hits=3, missed=1)), ("en", Tally(false=1)), ("sv", Tally(hits=2))]

    assert {"en": 0.75, "sv": 1.0} == f1_by(tallies)
    assert [("low", 0.2), ("higher", 0.9)] == worst([("higher", 0.9), ("perfect", 1.0), ("low", 0.2)])
