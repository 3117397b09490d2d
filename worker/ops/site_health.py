"""Extraction health of one site: a running baseline of what its pages give, and how far they are from it. Pure.

The failure that news ingestion really has: a publisher redesigns, and bodies go empty without an error.
Each signal keeps a slow mean and a quick one, by pages and not by time, so that a night without news
changes nothing. Its drift is how far the quick mean is off the slow one, in the bad direction: 0 as
usual, 1 nothing left.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from schemas.split_page import SplitPage

QUICK_PAGES = 60
"""Half-life of the quick mean, in pages. Measured by `python -m benchmarks.site_health` on the 19 publishers of the
corpora with four pages and more (deviation inside a publisher, of logarithms: words 0.75, teasers 0.84). Over
380,000 pages drawn from them no signal wanders further than 0.19, and where each page comes three times in a row no
further than 0.42. With half the half-life, three in a row take teasers to 0.75; with twice of it, one redesign in
five that leaves a first paragraph is not seen within 400 pages."""

SLOW_PAGES = 1_000
"""Half-life of the slow mean, in pages: a week of a middle-sized site."""

SLOWER_WHEN_OFF = 8
"""While a signal is off, the slow mean learns so much more slowly: else the redesign becomes the usual."""

SILENT_PAGES = 200
"""Pages before the first verdict: three half-lives of the quick mean."""

NOTHING_LEFT = math.log(16)
"""A length that fell to a sixteenth counts as gone: drift 1. One that was shorter is gone when it is 0."""

OFF = 0.5
"""Drift from which a signal is off: a field that half of its pages lost, a length that fell to a quarter. On the
same publishers a slow day of 300 pages (half as long, a third of the bylines and of the teasers missing) stays at
0.36 and below. A redesign is seen after so many pages, in the median and for 95 of 100: empty bodies 26 and 29, on
half of the pages 63 and 90, a first paragraph alone 76 and 115, no article 70 and 142, a field 70, the teasers 70
and 76 (in 7 of 255 plays not at all, where a page has hardly more than three).
What it does not stand: ten alike pages in a row, again and again, set one off in 15 of 76 streams of 5,000 pages."""

LEAST_SHARE = 0.7
"""A field is watched where so many pages have it: of a rarer one a run without it is chance."""

LEAST_TEASERS = math.log1p(3)
"""Teasers a page from which their going is watched, as a logarithm: three."""

FIELDS = ("headline", "authors", "lead", "published_at", "images")
"""Fields of an article that are watched; the body has a signal of its own."""

_STORY = re.compile(r"\d{5,}|[^\W\d_]+(?:[-_][^\W_]+){2,}|\d{4}/\d{1,2}/")
"""What the path of a story has and that of a section lacks: a long number, a slug of three words, or a date. So do
258 of the 265 addresses of stories in the corpora of news (aeb, fundus, fundus_eval)."""


_SLOW_WEIGHT, _QUICK_WEIGHT = (1.0 - math.pow(0.5, 1.0 / pages) for pages in (SLOW_PAGES, QUICK_PAGES))


class Signal(StrEnum):
    """What is watched of a site."""

    ARTICLE = "article"
    """Share of story addresses with an article."""

    BODY = "body"
    """Length of the body."""

    FIELDS = "fields"
    """The watched field that is missing most beyond its usual."""

    TEASERS = "teasers"
    """Teasers on the pages of stories."""

    REJECTED = "rejected"
    """Share of pages and items that nothing could be made of."""


class Track(NamedTuple):
    """A slow and a quick mean of one number a page."""

    pages: int = 0
    slow: float = 0.0
    quick: float = 0.0

    def seen(self, value: float, *, is_off: bool) -> Track:
        """Return the means with one more page."""
        pages = self.pages + 1
        first = 1.0 / pages  # the plain mean of the first ones
        slow_weight = max(first, _SLOW_WEIGHT) / (SLOWER_WHEN_OFF if is_off else 1)
        return Track(
            pages,
            self.slow + slow_weight * (value - self.slow),
            self.quick + max(first, _QUICK_WEIGHT) * (value - self.quick),
        )

    @property
    def loss(self) -> float:
        """How much of the usual is gone: 0 to 1; 0 where there are too few pages to tell."""
        if self.pages < SILENT_PAGES or self.slow <= 0:
            return 0.0
        return min(1.0, max(0.0, 1.0 - self.quick / self.slow))

    @property
    def fall(self) -> float:
        """How far a logarithm of a length fell: 0 to 1."""
        if self.pages < SILENT_PAGES or self.slow <= 0:
            return 0.0
        return min(1.0, max(0.0, (self.slow - self.quick) / self.scale))

    @property
    def scale(self) -> float:
        """What a fall to nothing is, of a logarithm of a length."""
        return min(NOTHING_LEFT, self.slow)

    @property
    def rise(self) -> float:
        """How much more there is than usual, of a share: 0 to 1."""
        return 0.0 if self.pages < SILENT_PAGES else min(1.0, max(0.0, self.quick - self.slow))


UNSEEN = Track()
"""Of a site that nothing is known of."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What one page says about its site's health."""

    article: bool | None
    """Whether a story address has an article; None for the address of anything else."""

    words: int | None
    """Words of the article; None without one."""

    fields: Mapping[str, bool]
    """Whether each watched field is filled; empty without an article."""

    teasers: int | None
    """Teasers on the page of a story; None for any other page."""

    rejected: float
    """Share of its items that nothing could be made of; 1 for a rejected page."""


REJECTED_PAGE = Signs(None, None, {}, None, 1.0)
"""What a page says that `dedupe` rejected."""


def signs(page: SplitPage) -> Signs:
    """Return what a page says. Pure."""
    article, is_story = page.article, is_story_address(page.url)
    fields = {} if article is None else {name: bool(getattr(article, name)) for name in FIELDS}
    found = page.counts.found
    return Signs(
        article=(article is not None) if is_story else None,
        words=None if article is None else article.word_count,
        fields=fields,
        teasers=len(page.teasers) if is_story else None,
        rejected=page.counts.rejected / found if found else 0.0,
    )


def is_story_address(url: str | None) -> bool:
    """Tell whether an address looks like that of one story, not of a section. Pure, total."""
    if url is None:
        return False
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return _STORY.search(path) is not None


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """The baselines of one site."""

    article: Track = UNSEEN
    body: Track = UNSEEN
    fields: Mapping[str, Track] = field(default_factory=dict)
    teasers: Track = UNSEEN
    rejected: Track = UNSEEN

    def seen(self, page: Signs) -> SiteHealth:
        """Return the baselines with one more page. Pure."""
        off = {signal for signal, drift in self.drift().items() if drift >= OFF}
        article, body, fields, teasers = self.article, self.body, self.fields, self.teasers
        if page.article is not None:
            article = article.seen(float(page.article), is_off=Signal.ARTICLE in off)
        if page.words is not None:
            body = body.seen(math.log1p(page.words), is_off=Signal.BODY in off)
        if page.teasers is not None:
            teasers = teasers.seen(math.log1p(page.teasers), is_off=Signal.TEASERS in off)
        if page.fields:
            fields = {
                name: track.seen(float(is_there), is_off=_field_loss(track) >= OFF)
                for name, is_there in page.fields.items()
                for track in (fields.get(name, UNSEEN),)
            }
        rejected = self.rejected.seen(page.rejected, is_off=Signal.REJECTED in off)
        return SiteHealth(article, body, fields, teasers, rejected)

    def drift(self) -> Mapping[Signal, float]:
        """Return how far each signal is from its usual: 0 as usual, 1 nothing left. Pure."""
        return {
            Signal.ARTICLE: self.article.loss if self.article.slow >= LEAST_SHARE else 0.0,
            Signal.BODY: self.body.fall,
            Signal.FIELDS: max((_field_loss(track) for track in self.fields.values()), default=0.0),
            Signal.TEASERS: self.teasers.fall if self.teasers.slow >= LEAST_TEASERS else 0.0,
            Signal.REJECTED: self.rejected.rise,
        }

    def worst_field(self) -> str | None:
        """Return the field that is missing most beyond its usual; None where none is."""
        losses = {name: _field_loss(track) for name, track in self.fields.items()}
        worst = max(losses, key=losses.__getitem__, default=None)
        return worst if worst is not None and losses[worst] > 0 else None


def speaks_against(signal: Signal, page: Signs, health: SiteHealth) -> bool:
    """Tell whether a page is an example of what is off. Pure."""
    match signal:
        case Signal.ARTICLE:
            return page.article is False
        case Signal.BODY:
            return page.words is not None and _is_short(page.words, health.body)
        case Signal.FIELDS:
            worst = health.worst_field()
            return worst is not None and page.fields.get(worst) is False
        case Signal.TEASERS:
            return page.teasers is not None and _is_short(page.teasers, health.teasers)
        case Signal.REJECTED:
            return page.rejected > health.rejected.slow


def _is_short(length: int, track: Track) -> bool:
    return math.log1p(length) < track.slow - OFF * track.scale


def _field_loss(track: Track) -> float:
    return track.loss if track.slow >= LEAST_SHARE else 0.0
