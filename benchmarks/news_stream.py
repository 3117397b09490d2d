"""A stream of split pages whose truth is known, since it is written before the pages are.

Sites publish stories; their pages show the stories of the last days, with noise that is no news: tracking
parameters, other hosts' first labels, other blocks. Some items are richer, some contradict, some come back
after they ended. Articles are crawled again, revised, and delivered late. Rates are settings.
"""

import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from schemas import Counts, Reason, SplitArticle, SplitPage, SplitTeaser, TeaserKind, trusted
from worker.identity import page_id, story_id, story_key, teaser_id

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
NOISE = ("", "?utm_source=feed&utm_medium=rss", "#comments", "/amp", "?fbclid=abc")
HOSTS = ("https://{site}", "https://www.{site}", "http://m.{site}", "https://amp.{site}")


@dataclass(frozen=True, slots=True)
class Rates:
    """How much of what there is; shares are of items or pages."""

    pages: int = 1_000_000
    teasers: int = 20
    """Items a page."""
    sites: int = 200
    days: float = 30.0
    """Event time from first to last page."""
    new: float = 0.06
    """Items that no page showed before."""
    richer: float = 0.02
    """Items that fill a field, where the story has none yet."""
    contradicting: float = 0.002
    """Items with another headline at the same rank."""
    sponsored: float = 0.01
    revived: float = 0.0005
    """Items of stories that ended and come back."""
    article: float = 0.5
    """Pages that tell a story; the rest are lists."""
    revised: float = 0.1
    """Article pages with another text than the one before."""
    late: float = 0.02
    """Pages fetched up to an hour before they are received."""
    bad_clock: float = 0.0002
    """Pages whose fetch time lies a year ahead."""
    again: float = 0.005
    """Pages delivered twice."""
    life_days: float = 3.0
    """How long a story is shown; below TTL and cap, so that no repeat lies at an edge."""
    gone_days: float = 9.0
    """How long a story is away before it comes back: longer than the TTL."""


@dataclass(slots=True)
class Story:
    """What was shown of a story so far."""

    site: str
    number: int
    born: datetime
    is_rich: bool = False
    revision: int = 1
    items: dict[tuple[str, int], SplitTeaser] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """What was told of an article so far."""

    number: int
    born: datetime
    text: int = 0
    texts: int = 0
    newest: datetime = BEGIN


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what becomes of its items."""

    page: SplitPage
    reasons: tuple[Reason, ...]


class NewsStream:
    """Makes the pages in the order in which they are received. The same seed gives the same pages."""

    def __init__(self, rates: Rates, seed: int = 1) -> None:
        self.rates = rates
        self.truth: Counter[Reason] = Counter()
        self.contradicted: set[str] = set()
        """Teasers of which two headlines were shown at the same rank."""
        self._random = random.Random(seed)
        self._live: list[deque[Story]] = [deque() for _ in range(rates.sites)]
        self._gone: list[deque[Story]] = [deque() for _ in range(rates.sites)]
        self._told: list[deque[Told]] = [deque() for _ in range(rates.sites)]
        self._stories = 0

    def __iter__(self) -> Iterator[Page]:
        """Yield every page with its truth."""
        step = timedelta(days=self.rates.days) / self.rates.pages
        last: Page | None = None
        for number in range(self.rates.pages):
            if last is not None and self._random.random() < self.rates.again:
                made = Page(last.page, (Reason.PAGE_AGAIN,) * len(last.reasons))
            else:
                made = last = self._page(number, BEGIN + step * number)
            self.truth.update(made.reasons)
            yield made

    def _page(self, number: int, received: datetime) -> Page:
        chance = self._random.random
        where = int(chance() ** 2 * self.rates.sites)
        fetched = received
        if chance() < self.rates.late:
            fetched = received - timedelta(seconds=chance() * 3600)
        elif chance() < self.rates.bad_clock:
            fetched = received + timedelta(days=365)
        seen = min(fetched, received)
        self._retire(where, received)
        reasons: list[Reason] = []
        told = self._article(where, seen, reasons) if chance() < self.rates.article else None
        items = self._items(where, received, reasons)
        site = f"site{where}.example"
        url = f"https://{site}/page/{number}"
        page = SplitPage.model_construct(
            page_id=page_id(url, fetched, b""),
            url=url,
            site=site,
            fetched_at=fetched,
            received_at=received,
            article=told,
            teasers=tuple(items),
            counts=Counts.model_construct(found=len(reasons), merged_in_page=0, dropped=0, rejected=0),
            settled=(),
            flags=(),
            extractor_version="1",
            identity_version="1",
            lexicon_version=None,
        )
        return Page(page, tuple(reasons))

    def _retire(self, where: int, now: datetime) -> None:
        """Take stories off the pages that were shown long enough."""
        live, gone = self._live[where], self._gone[where]
        while live and now - live[0].born > timedelta(days=self.rates.life_days):
            story = live.popleft()
            story.items.clear()
            gone.append(story)

    def _items(self, where: int, now: datetime, reasons: list[Reason]) -> list[SplitTeaser]:
        """Return the page's items, each of another story, and append what becomes of them."""
        live, chance, rates = self._live[where], self._random.random, self.rates
        shown: set[int] = set()
        items: list[SplitTeaser] = []
        while len(items) < rates.teasers:
            story, reason = self._chosen(where, now)
            if story.number in shown:
                continue
            shown.add(story.number)
            form = "plain"
            if chance() < rates.sponsored:
                form, decided = "sponsored", Reason.SPONSORED
                if reason is Reason.NEW:  # a dropped kind leaves no entry: the story is not known by it
                    live.pop()
            elif reason is Reason.NEW:
                decided = reason
            elif not story.is_rich and chance() < rates.richer:
                form, decided = "rich", Reason.ENRICHED
                story.is_rich, story.revision = True, story.revision + 1
            elif chance() < rates.contradicting:
                form, decided = "other", Reason.HEADLINE_CONFLICT
            else:
                form, decided = ("rich" if story.is_rich and chance() < 1 / 2 else "plain"), Reason.REPEAT_URL
            items.append(self._item(story, form))
            reasons.append(decided)
        return items

    def _chosen(self, where: int, now: datetime) -> tuple[Story, Reason]:
        """Return a story to show and whether it is new."""
        live, gone, chance = self._live[where], self._gone[where], self._random.random
        away = timedelta(days=self.rates.gone_days + self.rates.life_days)
        if gone and chance() < self.rates.revived and now - gone[0].born > away:
            known = gone.popleft()
            story = Story(known.site, known.number, now)
        elif len(live) >= 2 * self.rates.teasers and chance() >= self.rates.new:
            return live[int(chance() * len(live))], Reason.REPEAT_URL
        else:
            self._stories += 1
            story = Story(f"site{where}.example", self._stories, now)
        live.append(story)
        return story, Reason.NEW

    def _item(self, story: Story, form: str) -> SplitTeaser:
        """Return the story in one of its forms, with noise that changes nothing."""
        noise = self._random.randrange(len(NOISE)) if len(story.items) < 2 * len(NOISE) else 0
        made = story.items.get((form, noise))
        if made is None:
            made = story.items[form, noise] = _teaser(story, form, noise)
        if form == "other":
            self.contradicted.add(made.teaser_id)
        return made

    def _article(self, where: int, seen: datetime, reasons: list[Reason]) -> SplitArticle:
        """Return an article of the site, and append what becomes of it."""
        told, chance = self._told[where], self._random.random
        life = timedelta(days=self.rates.life_days)
        while told and seen - told[0].born > life:
            told.popleft()
        if len(told) < 10 or chance() < 1 / 3:  # noqa: PLR2004  so many are worth crawling again
            self._stories += 1
            story = Told(self._stories, seen, newest=seen)
            told.append(story)
            reasons.append(Reason.NEW)
            return _article(where, story.number, 0)
        story = told[int(chance() * len(told))]
        text = story.text
        if chance() < self.rates.revised:
            # Back to the first text now and then: A, B, A.
            text = 0 if story.text and chance() < 1 / 4 else story.texts + 1
        if text == story.text:
            reasons.append(Reason.RECRAWL_SAME)
        elif seen <= story.newest:
            reasons.append(Reason.OLDER)
        else:
            reasons.append(Reason.REVISED)
            story.text, story.texts = text, max(story.texts, text)
        story.newest = max(story.newest, seen)
        return _article(where, story.number, text)


def _teaser(story: Story, form: str, noise: int) -> SplitTeaser:
    """Return a teaser by the way of all links: its ids come from the address as the page has it."""
    host = HOSTS[(story.number + noise) % len(HOSTS)].format(site=story.site)
    url = f"{host}/news/story-{story.number}{NOISE[noise]}"
    headline = f"What happened in place {story.number} on that day"
    key = story_key(url, headline, story.site)
    assert key is not None
    story_ = story_id(key)
    lead = f"So many people saw it happen that number {story.number} is known far and wide." if form == "rich" else None
    fields = {
        "teaser_id": teaser_id(story.site, story_),
        "story_id": story_,
        "kind": TeaserKind.SPONSORED if form == "sponsored" else (TeaserKind.RELATED, TeaserKind.LATEST)[noise % 2],
        "heading": ("Related", "Latest")[noise % 2],
        "position": noise + 1,
        "headline": headline if form != "other" else f"Another headline of place {story.number}",
        "kicker": None,
        "lead": lead,
        "authors": (),
        "agency": None,
        "url": url,
        "image": f"https://{story.site}/picture/{story.number}.jpg",
        "published_text": "2 hours ago" if noise else None,
        "published_at": None,
        "ranks": (7, 0, 7 if lead else 0, 0, 0, 7, 0),
    }
    return trusted(SplitTeaser, fields)


def _article(where: int, number: int, text: int) -> SplitArticle:
    return SplitArticle.model_construct(
        article_id=story_id(f"site{where}.example/page/{number}"),
        site=f"site{where}.example",
        headline=f"Article {number}",
        authors=(),
        body=(),
        word_count=0,
        fingerprint=blake2b(f"{number}/{text}".encode(), digest_size=16).hexdigest(),
        found_teasers=(),
    )
