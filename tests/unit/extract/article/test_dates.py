from datetime import UTC, datetime

import pytest

from worker.extract.article.dates import moment, published, written_day
from worker.extract.document import Document
from worker.extract.metadata import read_metadata


def published_of(html):
    document = Document(html)
    return published(document, read_metadata(document))


def test_a_time_with_zone_is_an_instant():
    """A time with its zone is given in UTC."""
    assert (datetime(2025, 3, 1, 6, 30, tzinfo=UTC), "instant") == moment("2025-03-01T08:30:00+02:00")


def test_a_time_without_zone_is_a_day():
    """Without a zone only the day is known."""
    assert (datetime(2025, 3, 1, tzinfo=UTC), "day") == moment("2025-03-01T08:30:00")


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01", "0001-01-01T00:00:00+14:00", 17, None])
def test_what_is_no_date_is_none(text):
    """Words, impossible days, dates before the web and other values are no dates."""
    assert moment(text) is None


@pytest.mark.parametrize(
    "text",
    ["Stand: 4.3.2025", "4 March 2025", "March 4, 2025", "4. März 2025", "4 de marzo de 2025", "2025年3月4日"],
)
def test_a_written_day_is_read(text):
    """Days are read in figures and in the names of months."""
    assert datetime(2025, 3, 4, tzinfo=UTC) == written_day(text, None)


def test_a_day_that_does_not_exist_is_none():
    """The 31st of June is no day."""
    assert written_day("31.6.2025", None) is None


def test_json_ld_is_first():
    """JSON-LD's date wins over the meta element's."""
    found = published_of(
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2025-03-01T08:00:00Z"}</script>'
        '<meta property="article:published_time" content="2025-03-05T08:00:00Z">'
    )

    assert (datetime(2025, 3, 1, 8, tzinfo=UTC), "instant", "jsonld") == found


MICRODATA = '<div itemscope itemtype="https://schema.org/Article"><h1>New pier opens</h1>{}</div>'


def test_microdata_is_after_meta_elements_and_before_what_is_printed():
    """Local times that claim to be UTC stand in it; it still says which of the page's dates is the article's."""
    dated = MICRODATA.format("<time datetime=2025-03-09>9 March</time><b itemprop=datePublished content=2025-03-01>")
    meta = '<meta property="article:published_time" content="2025-03-01T08:00:00Z">'

    assert (datetime(2025, 3, 1, tzinfo=UTC), "day", "microdata") == published_of(dated)
    assert (datetime(2025, 3, 1, 8, tzinfo=UTC), "instant", "meta") == published_of(dated + meta)


def test_the_exact_one_of_several_dates_counts():
    """A day for readers, then the same with its hour for machines."""
    dated = "<time itemprop=datePublished datetime=2025-03-01></time><b itemprop=datePublished content={}></b>"
    found = published_of(MICRODATA.format(dated.format("2025-03-01T08:00:00Z")))

    assert (datetime(2025, 3, 1, 8, tzinfo=UTC), "instant", "microdata") == found


def test_a_page_without_a_date_has_none():
    """Nothing is guessed."""
    assert published_of("<h1>Ferry</h1><p>It left in 2025.</p>") is None
