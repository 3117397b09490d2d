"""What belongs to the article as a whole."""

from tests.unit.extract.article.page_of import split

CARDS = "".join(
    f"<article class='card'><a href='/news/{slug}'><h3>{headline}</h3></a></article>"
    for headline, slug in (
        ("Lighthouse keepers vote on a new lamp", "lighthouse-keepers-vote-on-a-new-lamp-48213301"),
        ("Fishing fleet comes home before the storm", "fishing-fleet-comes-home-before-the-storm-48213302"),
        ("Old crane is moved across the bay", "old-crane-is-moved-across-the-bay-48213303"),
    )
)


def test_an_article_names_the_teasers_of_its_page():
    """The ids of the teasers stand in the article, in page order."""
    page = split("", after=f"<section class='related'><h2>Related stories</h2>{CARDS}</section>")

    assert 3 == len(page.teasers)
    assert tuple(teaser.teaser_id for teaser in page.teasers) == page.article.found_teasers


def test_an_agency_in_the_head_is_credited_and_is_no_author():
    """What JSON-LD calls the author and is an agency fills the agency."""
    told = '{"@type":"NewsArticle","author":[{"name":"Ida Holm"},{"name":"dpa"}]}'
    head = f'<script type="application/ld+json">{told}</script>'

    article = split("", head).article

    assert (("Ida Holm",), "dpa") == (article.authors, article.agency)


def test_the_fingerprint_sees_what_a_reader_sees():
    """Another lead is another article to a reader; another class is not."""
    one, other = (
        "<p class='lead'>The pier is open at last, the mayor said.</p>",
        "<p class='lead'>The pier stays shut, the mayor said.</p>",
    )

    prints = {split(text).article.fingerprint for text in (one, other, one.replace("'lead'", "'lead big'"))}

    assert 2 == len(prints)
