"""Microdata: the item that is the page's article, and what its properties say."""

import pytest

from worker.extract.document import Document
from worker.extract.metadata import read_metadata
from worker.extract.microdata import MAX_CHARACTERS, read_microdata

ARTICLE = 'itemscope itemtype="https://schema.org/NewsArticle"'
PERSON = 'itemscope itemtype="https://schema.org/Person"'
CARD = (
    f'<div {ARTICLE}><h3 itemprop="headline">Crane sold</h3><meta itemprop="datePublished" content="2026-02-02"></div>'
)
PROSE = "The ferry left the harbour at noon, and nobody on the pier could say when it would be back."


def article_of(html):
    return dict(read_microdata(Document(html)).article)


def article_with(inside):
    """Return what an item that holds the page's heading says."""
    return article_of(f"<div {ARTICLE}><h1 itemprop=headline>New pier opens</h1>{inside}</div>")


def test_an_article_is_told_as_json_ld_would_tell_it():
    """Items are objects, what may stand several times is a list, all else is the first text."""
    found = article_of(f"""
        <article {ARTICLE}>
          <h2 itemprop="headline">New pier opens</h2>
          <p itemprop="description">After nine years.</p>
          <p itemprop="author" {PERSON}>By <a itemprop="url" href="/ida"><b itemprop="name">Ida Holm</b></a></p>
          <span itemprop="author">Per Lund</span>
          <time itemprop="datePublished" datetime="2026-03-01T10:00:00Z">this morning</time>
          <span itemprop="articleSection">Harbour</span>
          <figure itemprop="image" itemscope><img itemprop="url" src="pier.jpg"></figure>
          <div itemprop="publisher" itemscope><meta itemprop="name" content="Harbour Post"></div>
          <meta itemprop="isAccessibleForFree" content="False">
          <div itemprop="articleBody"><p>{PROSE}</p></div>
        </article>""")

    assert {
        "headline": "New pier opens",
        "description": "After nine years.",
        "author": [{"name": "Ida Holm", "url": "/ida"}, "Per Lund"],
        "datePublished": ["2026-03-01T10:00:00Z"],
        "articleSection": ["Harbour"],
        "image": [{"url": "pier.jpg"}],
        "publisher": {"name": "Harbour Post"},
        "isAccessibleForFree": "False",
    } == found


@pytest.mark.parametrize(
    ("element", "name", "value"),
    [
        ('<meta itemprop="datePublished" content="2026-03-01">', "datePublished", ["2026-03-01"]),
        ('<span itemprop="datePublished" content="2026-03-01">1 March</span>', "datePublished", ["2026-03-01"]),
        ('<time itemprop="datePublished" datetime="2026-03-01">1 March</time>', "datePublished", ["2026-03-01"]),
        ("<time itemprop=datePublished>2026-03-01</time>", "datePublished", ["2026-03-01"]),
        ('<abbr itemprop="datePublished" title="2026-03-01">1 March</abbr>', "datePublished", ["2026-03-01"]),
        ('<time itemprop="dateCreated datePublished" datetime="2026-03-01">', "datePublished", ["2026-03-01"]),
        ('<a itemprop="author" href="/ida">Ida Holm</a>', "author", ["Ida Holm"]),
        ('<img itemprop="image" src="pier.jpg">', "image", ["pier.jpg"]),
        ('<link itemprop="image" href="pier.jpg">', "image", ["pier.jpg"]),
        ('<ul itemprop="keywords"><li><a>pier</a><li><a>ferry</a></ul>', "keywords", ["pier", "ferry"]),
        ('<p itemprop="keywords">pier, ferry</p>', "keywords", ["pier, ferry"]),
    ],
)
def test_a_value_is_where_its_element_keeps_it(element, name, value):
    """What is for machines before the text; the text of a link, unless an address is asked for."""
    assert value == article_with(element)[name]


@pytest.mark.parametrize(
    "element",
    [
        "<p itemprop=description> </p>",
        "<div itemprop=image>The pier</div>",
        f"<div itemprop=description>{'x' * (MAX_CHARACTERS + 1)}</div>",
        "<div itemprop=comment itemscope><p itemprop=author>Mina</p></div>",
        "<div itemscope><p itemprop=author>Mina</p></div>",
        CARD,
    ],
)
def test_what_is_none_of_the_article_s_says_nothing(element):
    """Empty values, texts where addresses belong, whole bodies, and all that stands in an inner item."""
    assert {"headline": "New pier opens"} == article_with(element)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"{CARD}<div {ARTICLE}><h1 itemprop=headline>New pier</h1></div>{CARD}", "New pier"),
        (f"{CARD}<div {ARTICLE}><h2 itemprop=headline>New pier</h2><p itemprop=articleBody>{PROSE}</div>", "New pier"),
        (f"<div {ARTICLE}><h2 itemprop=headline>New pier</h2><p>{PROSE}</p></div>", "New pier"),
        (f"<div {ARTICLE}><meta itemprop=headline content='New pier'></div><p>{PROSE}</p>", "New pier"),
        (f"<body {ARTICLE}><div {ARTICLE}><h2 itemprop=headline>New pier</h2>{PROSE}</div></body>", "New pier"),
        (f"{CARD}<p>{PROSE}</p>", None),
        (f"<h1>Harbour</h1>{CARD}{CARD}", None),
        (f"{CARD}<h1 itemprop=headline>New pier</h1><p itemprop=author>Ida Holm</p>", None),
    ],
)
def test_the_page_s_article_is_the_one_item_that_can_be_it(html, expected):
    """It holds the heading, or the body, or stands alone with the prose; cards are none, and where in doubt none is."""
    assert expected == article_of(html).get("headline")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2 itemprop=headline>New pier</h2><p itemprop=author>Ida Holm</p>", "New pier"),
        ("<h1 itemprop=headline>New pier</h1><p itemprop=author>Ida Holm</p>", "New pier"),
        ("<h1>Harbour</h1><h2 itemprop=headline>New pier</h2><p itemprop=author>Ida Holm</p>", None),
        ("<h2 itemprop=headline>New pier</h2><h2 itemprop=headline>Crane sold</h2><p itemprop=author>Ida", None),
        ("<h2 itemprop=headline>New pier</h2>", None),
        (
            "<div itemscope itemtype='https://schema.org/Product'><h2 itemprop=headline>Pier</h2><p itemprop=author>I",
            None,
        ),
    ],
)
def test_properties_in_no_item_are_the_page_s_if_they_tell_of_one_article(html, expected):
    """Templates forget the item; of a list, or beside another heading, they would say anything."""
    assert expected == article_of(html).get("headline")


def test_json_ld_is_believed_alone():
    """Where JSON-LD has an article, microdata isn't read."""
    told = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "New pier opens"}</script>'
    metadata = read_metadata(Document(f"{told}<div {ARTICLE}><h1 itemprop=headline>Pier</h1></div>"))

    assert ({"@type": "NewsArticle", "headline": "New pier opens"}, "jsonld") == (
        metadata.article,
        metadata.article_source,
    )


def test_metas_of_cards_are_not_the_page_s():
    """A date in the item of another story is no date of this one; one in no item or in another kind of item is."""
    page = (
        f"{CARD}<body itemscope itemtype='https://schema.org/WebPage'><meta itemprop=dateModified content=2026-03-01>"
    )
    metadata = read_metadata(Document(page))

    assert (None, "2026-03-01") == (metadata.meta("datepublished"), metadata.meta("datemodified"))
