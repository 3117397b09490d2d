"""A page as a whole: what it is refused for, what of it is kept, and what its parts know of each other."""

import pytest

from schemas import RawPage, TeaserKind
from tests.unit.extract.article.page_of import PARAGRAPHS, URL, split
from worker.extract import Limits, split_page
from worker.extract.errors import NoContent, NoIdentity

OTHER = "/news/ferry-goes-twice-48213999"
LISTED = "".join(
    f"<li><h3><a href='/news/{name}-4821300{number}'>The {name} of the harbour is painted anew</a></h3></li>"
    for number, name in enumerate(("pier", "crane", "lighthouse"))
)
FLAT_ITEM = ("Ferry goes {} a day from May", "|", "From May on the ferry crosses the bay {} a day.")


def html_page(body, **told):
    """Return the split of a page of HTML with that body, at ``URL`` unless told otherwise."""
    return split_page(RawPage(body=f"<html><body>{body}</body></html>", **({"url": URL} | told)))


def plain_page(*lines, limits=None, **told):
    """Return the split of a page of plain lines."""
    page = RawPage(body="\n\n".join(lines), content_type="text/plain", **told)
    return split_page(page) if limits is None else split_page(page, limits)


def list_with(address):
    """Return a list below the article whose last item points to the address."""
    last = f"<li><h3><a href='{address}'>Nine years for a pier</a></h3></li>"
    return f"<aside><h2>More news</h2><ul>{LISTED}{last}</ul></aside>"


def test_an_article_knows_the_teasers_around_it():
    """By their ids, in the order of the page; the totals count it and them."""
    page = split("", after=f"<aside><h2>More news</h2><ul>{LISTED}</ul></aside>")

    assert [each.teaser_id for each in page.teasers] == list(page.article.found_teasers)
    assert (3, 4) == (len(page.teasers), page.counts.found)


def test_records_have_all_their_fields_in_the_order_of_the_contract():
    """They are made without being checked against it, and their bytes follow the order in which fields were given."""
    figure = "<figure><img src='/pier.jpg' alt='A pier'><figcaption>The pier at low tide.</figcaption></figure>"
    page = split(figure, after=f"<aside><h2>More news</h2><ul>{LISTED}</ul></aside>")

    for record in (page, page.counts, page.article, page.article.images[0], page.teasers[0]):
        assert list(type(record).model_fields) == list(record.__dict__)


def test_a_list_page_has_no_article():
    """Nothing on it is related to a story by its place alone."""
    page = html_page(f"<main><ul>{LISTED}</ul></main>")

    assert page.article is None
    assert [TeaserKind.OTHER] * 3 == [each.kind for each in page.teasers]


def test_on_a_list_page_a_heading_still_says_what_its_items_are():
    """What a publisher calls the most read is that wherever it stands."""
    page = html_page(f"<main><h2>Most read</h2><ul>{LISTED}</ul></main>")

    assert [TeaserKind.POPULAR] * 3 == [each.kind for each in page.teasers]


@pytest.mark.parametrize("body", ["<p>Nothing.</p>", "<script>start()</script>", "<div></div>"])
def test_html_without_article_and_teaser_is_refused(body):
    """There is nothing to pass on."""
    with pytest.raises(NoContent):
        html_page(body)


def test_plain_lines_without_article_and_teaser_are_refused():
    """There is nothing to pass on."""
    with pytest.raises(NoContent):
        plain_page("Nothing.")


def test_an_article_that_nothing_names_is_refused():
    """Its headline is too short to know it by, and it has no address; with one it is an article."""
    lines = ("Ferries", "Ada Moor |", *PARAGRAPHS)

    with pytest.raises(NoIdentity):
        plain_page(*lines)
    assert "Ferries" == plain_page(*lines, url=URL).article.headline


@pytest.mark.parametrize("scheme", ["javascript:start()", "file:///tmp/page.html", "mailto:ada@example.com"])
def test_only_an_address_of_the_web_is_the_page_s(scheme):
    """Others are none, and the page is still read."""
    page = html_page(f"<main><ul>{LISTED.replace('/news', 'https://harbourpost.example/news')}</ul></main>", url=scheme)

    assert (None, 3) == (page.url, len(page.teasers))


@pytest.mark.parametrize("head", ["<link rel='canonical' href='{}'>", "<meta property='og:url' content='{}'>"])
@pytest.mark.parametrize(("site", "count"), [("harbourpost.example", 3), ("lighthousenews.example", 4)])
def test_an_address_that_the_page_gives_itself_is_its_own(head, site, count):
    """A pointer there is no teaser; on another site it is one: who takes a story over may point to it."""
    told = f"https://{site}{OTHER}"
    page = split("", head=head.format(told), after=list_with(told))

    assert count == len(page.teasers)


def test_a_pointer_to_where_the_page_was_fetched_is_no_teaser():
    """Whatever canonical address it gives."""
    page = split("", head=f"<link rel='canonical' href='{OTHER}'>", after=list_with(URL))

    assert 3 == len(page.teasers)


def test_flags_of_the_text_and_of_the_items_are_both_told():
    """A page of plain lines with an unreadable letter, and with more items than are kept."""
    lines = [line.format(times) for times in ("once", "twice", "thrice\ud800") for line in FLAT_ITEM]
    page = plain_page(*lines, limits=Limits(max_items=2), source="harbourpost.example")

    assert ("charset_replaced", "teasers_cut") == page.flags
