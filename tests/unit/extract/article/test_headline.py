import pytest

from worker.extract.article.headline import headline
from worker.extract.document import Document
from worker.extract.metadata import read_metadata


def headline_of(html):
    document = Document(html)
    found = headline(document, read_metadata(document), "harbourpost.example")
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


def test_a_page_without_headline_has_none():
    """Prose alone gives no headline."""
    assert headline_of("<p>It left at noon.</p>") is None
