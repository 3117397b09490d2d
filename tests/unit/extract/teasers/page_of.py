"""Small invented pages, looked at and read."""

from worker.extract.document import Document
from worker.extract.items import FoundItem
from worker.extract.teasers import FoundTeasers, Page, find_teasers
from worker.identity import address_key

URL = "https://www.harbour.example/news/tide-table-moves-to-the-new-pier-48213377"


def page(url: str = URL) -> Page:
    """Return the own addresses of a page."""
    key = address_key(url)
    return Page(url, frozenset([key] if key else []), url)


def found(html: str) -> FoundTeasers:
    """Return what is found on a page of the invented publisher."""
    return find_teasers(Document(html), page(), URL)


def items(html: str) -> tuple[FoundItem, ...]:
    """Return the items found."""
    return found(html).items


PROSE = "".join(
    f"<p>The {word} ferry left the old pier in the early morning, and the harbour master said that the tide was higher "
    f"than at any time since the winter, so that the {word} pier had to be closed for some hours to all traffic.</p>"
    for word in ("first", "second", "third", "fourth")
)

STORIES = [
    ("Lighthouse keepers vote on a new lamp", "lighthouse-keepers-vote-on-a-new-lamp-48213301"),
    ("Fishing fleet comes home before the storm", "fishing-fleet-comes-home-before-the-storm-48213302"),
    ("Old crane is moved across the bay", "old-crane-is-moved-across-the-bay-48213303"),
    ("Harbour school opens its doors to sailors", "harbour-school-opens-its-doors-to-sailors-48213304"),
]


def cards(stories: list[tuple[str, str]] = STORIES, extra: str = "") -> str:
    """Return a card a story: a picture link and a headline link."""
    return "".join(
        f'<article class="card"><a href="/news/{slug}"><img src="/img/{slug}.jpg" alt=""></a>'
        f'<h3><a href="/news/{slug}">{headline}</a></h3>{extra}</article>'
        for headline, slug in stories
    )


def article(rest: str) -> str:
    """Return a page with a menu, an article, and ``rest`` after it."""
    return (
        '<html><body><nav class="menu"><ul><li><a href="/news">News</a></li>'
        '<li><a href="/sport">Sport</a></li></ul></nav>'
        f"<main><h1>Tide table moves to the new pier</h1>{PROSE}</main>{rest}"
        '<footer class="footer"><a href="/privacy">Privacy policy of this newspaper</a>'
        '<a href="https://twitter.com/harbour">Follow us</a></footer></body></html>'
    )
