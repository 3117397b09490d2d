"""What the head tells of the article beside its text, and where from."""

import json

import pytest

from schemas import Image
from tests.unit.extract.article.page_of import split
from worker.extract.article.about import images, paywalled, section, site_name, topics
from worker.extract.document import Document
from worker.extract.metadata import read_metadata


def head(json_ld=None, **metas):
    article = {"@type": "NewsArticle", "headline": "A pier opens", **(json_ld or {})}
    told = f'<script type="application/ld+json">{json.dumps(article)}</script>'
    elements = [f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in metas.items()]
    return read_metadata(Document("".join([told if json_ld else "", *elements])))


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (head({"keywords": "pier, ferry,  pier"}, news_keywords="harbour"), (("pier", "ferry"), "jsonld")),
        (head(article__tag="pier"), (("pier",), "opengraph")),
        (head(news_keywords="pier;ferry"), (("pier", "ferry"), "meta")),
        (head(keywords=" , "), None),
    ],
)
def test_topics_are_the_publisher_s_in_its_order(metadata, expected):
    """The most trusted source that has any gives them, repeats left out."""
    assert expected == topics(metadata)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (head({"articleSection": ["Harbour", "Town"]}, article__section="News"), ("Harbour", "jsonld")),
        (head(article__section="News"), ("News", "opengraph")),
        (head(), None),
    ],
)
def test_the_section_is_the_first_that_is_named(metadata, expected):
    """JSON-LD's before OpenGraph's, the first of several."""
    assert expected == section(metadata)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (head({"publisher": {"name": "Post Ltd"}}, og__site_name="Harbour Post"), ("Harbour Post", "opengraph")),
        (head({"publisher": {"name": "Post Ltd"}}), ("Post Ltd", "jsonld")),
        (head({"publisher": "Post Ltd"}), None),
    ],
)
def test_the_site_s_name_is_its_own_before_its_publisher_s(metadata, expected):
    """The publisher's name stands in where the site doesn't say its own."""
    assert expected == site_name(metadata)


def test_pictures_are_absolute_and_each_one_once():
    """The main picture is OpenGraph's; addresses are resolved against the page's."""
    metadata = head({"image": ["/pier.jpg", {"url": "/ferry.jpg"}]}, og__image="/pier.jpg")

    pictures = (Image(url="https://harbourpost.example/pier.jpg"), Image(url="https://harbourpost.example/ferry.jpg"))
    assert (pictures, "opengraph") == images(metadata, "https://harbourpost.example/news/")


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (head({"isAccessibleForFree": False}), (True, "jsonld")),
        (head({"isAccessibleForFree": "http://schema.org/True"}), (False, "jsonld")),
        (head(article__content_tier="locked"), (True, "meta")),
        (head(article__content_tier="free"), (False, "meta")),
        (head(article__content_tier="metered"), None),
        (head({"isAccessibleForFree": "perhaps"}), None),
    ],
)
def test_a_paywall_is_told_and_never_guessed(metadata, expected):
    """JSON-LD and the tier of the head say it; what depends on the reader says nothing."""
    assert expected == paywalled(metadata)


def test_what_microdata_says_is_named_so():
    """Topics, section, the publisher and the paywall come from its item as they do from JSON-LD's object."""
    item = (
        "<div itemscope itemtype=https://schema.org/Article><h1 itemprop=headline>New pier opens</h1>"
        "<p itemprop=articleSection>Harbour</p><p itemprop=keywords>pier, ferry</p><img itemprop=image src=/pier.jpg>"
        "<meta itemprop=isAccessibleForFree content=false>"
        "<div itemprop=publisher itemscope><b itemprop=name>Harbour Post</b></div></div>"
    )
    metadata = read_metadata(Document(item))

    assert (("pier", "ferry"), "microdata") == topics(metadata)
    assert ("Harbour", "microdata") == section(metadata)
    assert ("Harbour Post", "microdata") == site_name(metadata)
    assert (True, "microdata") == paywalled(metadata)
    assert ((Image(url="https://harbourpost.example/pier.jpg"),), "microdata") == images(
        metadata, "https://harbourpost.example/"
    )


def test_pictures_in_microdata_stand_in_where_the_head_names_none():
    """Beside OpenGraph's they are the same picture in the size that the template shows."""
    item = (
        "<div itemscope itemtype=Article><h1 itemprop=headline>Pier</h1><img itemprop=image src=/pier-small.jpg></div>"
    )
    found = images(
        read_metadata(Document(f'<meta property="og:image" content="/pier.jpg">{item}')), "https://a.example/"
    )

    assert ((Image(url="https://a.example/pier.jpg"),), "opengraph") == found


def test_every_filled_field_has_its_source():
    """Whatever the article says of itself, it says where from; what is empty has no source."""
    metas = '<meta property="og:site_name" content="Harbour Post"><link rel="canonical" href="/news/48213377">'
    article = split("<figure><img src='a.jpg'><figcaption>The pier</figcaption></figure>", metas).article

    told = {"url": "envelope", "canonical_url": "markup", "site_name": "opengraph", "headline": "markup"} | {
        "body": "markup",
        "captions": "markup",
        "images": "markup",
        "language": "markup",
    }
    assert told == article.sources
