"""Why a page reads as it does can be told, of the same values that the split has."""

import pytest

from schemas import RawPage
from tests.unit.extract.article.page_of import PARAGRAPHS, URL
from worker.extract import split_page
from worker.extract.explain import Explanation, explain_page

HEAD = (
    '<meta property="og:title" content="New pier: what it costs">'
    '<meta property="article:published_time" content="2026-03-02">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "New pier opens after nine years",'
    ' "author": {"name": "Ida Holm"}, "datePublished": "2026-03-01T10:00:00Z"}</script>'
)
RELATED = "".join(
    f'<li><a href="/news/other-{at}">A ferry of wood sails again after {at} years</a></li>' for at in "3456"
)


def explained() -> tuple[RawPage, Explanation]:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = (
        f"<html lang='en'><head>{HEAD}</head><body><main><article><h1>New pier opens after nine years</h1>"
        f"<p class='byline'>By Per Lund</p>{body}</article><ul class='related'>{RELATED}</ul></main></body></html>"
    )
    page = RawPage(url=URL, content_type="text/html", body=html)
    return page, explain_page(page, split_page(page).article)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("authors", [("jsonld", "Ida Holm", True), ("markup", "Per Lund", False), ("text", "Per Lund", False)]),
        (
            "published_at",
            [("jsonld", "2026-03-01T10:00:00+00:00", True), ("meta", "2026-03-02T00:00:00+00:00", False)],
        ),
    ],
)
def test_each_source_is_told_and_the_winner_marked(field, expected):
    """Every source that says something of a field stands there, in order of trust; one has won."""
    _, found = explained()

    assert expected == [(claim.source, claim.value, claim.won) for claim in found.claims if claim.field == field]


def test_the_headline_s_losers_are_told():
    """What OpenGraph would have said is there beside the heading that won."""
    _, found = explained()

    told = {claim.source: (claim.value, claim.won) for claim in found.claims if claim.field == "headline"}

    assert {
        "markup": ("New pier opens after nine years", True),
        "jsonld": ("New pier opens after nine years", False),
        "opengraph": ("New pier: what it costs", False),
    } == told


def test_lines_that_are_in_are_the_article_s():
    """The lines told to be in are lead and body of the split, in their order."""
    page, found = explained()

    article = split_page(page).article

    assert [*([article.lead] if article.lead else []), *[block.text for block in article.body]] == [
        line.text for line in found.lines if line.is_in
    ]


def test_a_score_is_the_sum_of_what_is_told():
    """Signals and neighbours make the score, but for the constant of all lines and signals too weak to tell."""
    _, found = explained()

    spread = [line.score - line.neighbours - sum(part.weight for part in line.weights) for line in found.lines]

    assert max(spread) - min(spread) < 1.5


def test_plain_lines_have_nothing_to_tell():
    """A flattened page has no elements and no signals."""
    page = RawPage(url=URL, content_type="text/plain", body="A headline\nBy Ida Holm |\nSome text of the page.\n")

    assert Explanation() == explain_page(page, None)
