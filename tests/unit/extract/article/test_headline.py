import pytest

from worker.extract.article.headline import headline
from worker.extract.document import Document
from worker.extract.metadata import read_metadata


def told_by(html):
    document = Document(html)
    return headline(document, read_metadata(document), "harbourpost.example")


def headline_of(html):
    found = told_by(html)
    return found[0] if found else None


@pytest.mark.parametrize("suffix", [" | Harbour Post", " - Harbour Post", " – harbourpost.example"])
def test_the_site_s_name_is_cut(suffix):
    """A title ends before the name of the site."""
    page = f'<meta property="og:site_name" content="Harbour Post"><title>The ferry sails again{suffix}</title>'

    assert "The ferry sails again" == headline_of(page)


def test_a_kicker_in_the_heading_is_cut():
    """What the heading has more than OpenGraph's title is a kicker."""
    page = '<meta property="og:title" content="The ferry sails again"><h1>Harbour: The ferry sails again</h1>'

    assert "The ferry sails again" == headline_of(page)


def test_a_heading_that_is_the_site_is_none():
    """A first heading that only names the site is no headline."""
    page = '<meta property="og:site_name" content="Harbour Post"><h1>Harbour Post</h1><h1>The ferry sails again</h1>'

    assert "The ferry sails again" == headline_of(page)


@pytest.mark.parametrize(
    "title", ["The ferry sails again – Notes from the pier", "Notes from the pier » Boats » The ferry sails again"]
)
def test_of_headings_in_the_title_the_last_is_the_headline(title):
    """A blog's name is a heading before that of the entry, on whichever side of the title it stands."""
    headings = "<h1>Notes from the pier</h1><h1>Boats</h1><h1>The ferry sails again</h1><h1>Leave a reply</h1>"

    assert "The ferry sails again" == headline_of(f"<title>{title}</title>{headings}")


def test_a_part_of_a_heading_in_the_title_is_not_the_headline():
    """A section of the entry may repeat a word of its name."""
    page = "<title>Pier:Ferry – Notes from the pier</title><h1>Pier:Ferry</h1><h1>Ferry</h1>"

    assert "Pier:Ferry" == headline_of(page)


def test_a_page_without_headline_has_none():
    """Prose alone gives no headline."""
    assert headline_of("<p>It left at noon.</p>") is None


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ('<meta property="og:title" content="Ferries">', "opengraph"),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferries"}</script>', "jsonld"),
        (
            "<div itemscope itemtype=Article><h2 itemprop=headline>Ferries</h2><p itemprop=articleBody></div>",
            "microdata",
        ),
        ("<title>Ferries</title>", "meta"),
    ],
)
def test_a_lone_claim_is_named_as_what_it_is(html, source):
    """Where only one source says anything, however little, the headline is its."""
    assert ("Ferries", source) == told_by(html)


def page_with(heading, opengraph, json_ld=None, title=None):
    told = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{json_ld}"}}</script>'
    return (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{opengraph}">'
        f"{told if json_ld else ''}<title>{title or opengraph}</title><h1>{heading}</h1>"
    )


def test_a_heading_that_json_ld_agrees_with_is_the_headline():
    """OpenGraph's other wording, though the title element has it too, is one for search engines."""
    page = page_with("No ferry before noon", "Storm: the harbour is closed", json_ld="No ferry before noon")

    assert "No ferry before noon" == headline_of(page)


def test_a_kicker_in_the_claim_is_cut():
    """What OpenGraph has before the printed heading is a kicker."""
    assert "The ferry sails again" == headline_of(page_with("The ferry sails again", "Harbour: The ferry sails again"))


def test_a_kicker_that_all_claims_have_belongs_to_the_headline():
    """What JSON-LD counts into the headline stays, though it is printed apart."""
    whole = "Harbour: The ferry sails again"

    assert whole == headline_of(page_with("The ferry sails again", whole, json_ld=whole))


def test_what_two_kickers_stand_before_is_the_headline():
    """Where heading and claim begin differently and end alike, they end with the headline."""
    page = page_with("Storm in the north - The ferry sails again", "News from the harbour: The ferry sails again")

    assert "The ferry sails again" == headline_of(page)


def test_two_claims_stand_against_a_heading_of_something_else():
    """Where JSON-LD and the title element agree and nothing else does, theirs is the headline."""
    page = page_with("Live: all at a glance", "The storm, day by day", json_ld="Storm news", title="Storm news")

    assert "Storm news" == headline_of(page)


def test_a_heading_without_letters_is_none():
    """A heading of nothing but dots says nothing."""
    assert "The ferry sails again" == headline_of(page_with("...", "The ferry sails again"))


def test_microdata_names_the_heading_among_lesser_ones():
    """Without a first heading, and with a title element of another wording, the item's headline is the page's."""
    item = (
        "<div itemscope itemtype=Article><h2 itemprop=headline>The ferry sails again</h2><p itemprop=articleBody></div>"
    )

    assert ("The ferry sails again", "microdata") == told_by(f"<title>Ferries and more | Harbour Post</title>{item}")


def test_a_heading_does_not_agree_with_itself():
    """Microdata on the heading is no second source beside it, as JSON-LD is: OpenGraph's other wording still wins."""
    item = "<div itemscope itemtype=Article><h1 itemprop=headline>No ferry before noon</h1></div>"
    page = '<meta property="og:title" content="Storm: the harbour is closed">'

    assert ("Storm: the harbour is closed", "opengraph") == told_by(page + item)
