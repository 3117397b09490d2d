"""What a card says."""

import pytest

from tests.unit.extract.teasers.page_of import page
from worker.extract.document import Document
from worker.extract.teasers.cards import Card
from worker.extract.teasers.fields import Fields, fields_of
from worker.extract.teasers.names import Names

HEADLINE = "Old crane is moved across the bay"


def fields(html: str) -> Fields:
    """Return the fields of the first ``article`` of a page, all its links being to one story."""
    document = Document(html)
    top = document.by_tag["article"][0]
    target = page().target("/news/old-crane-is-moved-across-the-bay-48213303")
    return fields_of(document, Card(target, top, list(document.by_tag["a"])), Names(document))


@pytest.mark.parametrize(
    "html",
    [
        f"<article><h3><a href='/a'>{HEADLINE}</a></h3><a href='/a'>Read more</a></article>",
        f"<article><a href='/a'><img src='/a.jpg'></a><a href='/a'>{HEADLINE}</a></article>",
        f"<article><a href='/a'><span class='kicker'>Harbour and shipping</span> {HEADLINE}</a></article>",
        f"<article><a href='/a'><h3><span class='label'>Harbour</span> {HEADLINE}</h3><p>Below.</p></a></article>",
        f"<article><a href='/a'><div class='topic'>Harbour</div><div class='title'>{HEADLINE}</div></a></article>",
        f"<article><a href='/a' title='{HEADLINE}'><img src='/a.jpg'></a></article>",
        f"<article><a href='/a'><img src='/a.jpg' alt='{HEADLINE}'></a></article>",
    ],
)
def test_the_headline_is_what_the_card_shows_as_one(html):
    """A headline is found in or around the link, without kicker and labels; attributes serve where there is no text."""
    assert HEADLINE == fields(html).headline


def test_lead_byline_and_date_are_told_apart():
    """Text under the headline is the lead; names and dates go to fields of their own."""
    lead = "The crane has stood on the north pier since the harbour was built, and now it looks south."
    read = fields(
        f"<article><h3><a href='/a'>{HEADLINE}</a></h3><p>{lead}</p><span class='author'>By Ada Pier</span>"
        "<time datetime='2024-05-14T06:30:00+02:00'>14 May 2024</time></article>"
    )

    assert (lead, ("Ada Pier",), "14 May 2024") == (read.lead, read.authors, read.published_text)
    assert "2024-05-14T04:30:00+00:00" == read.published_at.isoformat()


def test_a_label_is_no_headline():
    """A card that shows only "Read more" has none."""
    assert fields("<article><a href='/a'>Read more</a></article>").headline is None


@pytest.mark.parametrize(
    "byline",
    [
        "<p class='author'><a href='/x'>Ada Pier</a></p>",
        "<span>By</span> <span class='author-name'>Ada Pier</span>",
        "<span><a href='/author/ada-pier'>Ada Pier</a></span>",
    ],
)
def test_a_byline_is_known_by_its_element_the_one_around_it_or_its_link(byline):
    """A name without "By" is the author's where the template or the address behind it says so."""
    assert ("Ada Pier",) == fields(f"<article><h3><a href='/a'>{HEADLINE}</a></h3>{byline}</article>").authors


@pytest.mark.parametrize(
    ("text", "is_lead"),
    [
        ("It took the whole night", True),
        ("渡る人が取っ手を回すと、橋がともる。", True),
        ("Ada Pier", False),
        ("Bay Harbour Shipping Company", False),
        ("(opens in a new window)", False),
    ],
)
def test_a_short_text_after_the_headline_is_a_lead_unless_a_name_or_a_remark(text, is_lead):
    """Leads may be as short as a headline; names are capitals throughout, remarks stand in brackets."""
    read = fields(f"<article><h3><a href='/a'>{HEADLINE}</a></h3><p>{text}</p></article>")

    assert (text if is_lead else None) == read.lead


def test_a_heading_that_leads_elsewhere_is_not_the_headline():
    """Of the headings in a card those that are linked to its story count, however long others are."""
    document = Document(
        f"<article><h3><a href='/a'>{HEADLINE}</a></h3><h3>A longer heading of a story without a link</h3></article>"
    )
    target = page().target("/news/old-crane-is-moved-across-the-bay-48213303")
    card = Card(target, document.by_tag["article"][0], list(document.by_tag["a"]))

    assert HEADLINE == fields_of(document, card, Names(document)).headline
