"""Pages of an invented press, as many as are asked for: crawled again, pointing at each other, or broken. Pure."""

import json
import random
from datetime import datetime
from enum import Enum, auto

SITES = tuple(f"www.{name}.example" for name in ("tarn", "fell", "beck", "scar", "ghyll", "mere", "holm", "wath"))
POOL = 40
"""Stories that a site points to at a time."""

LINKS = 8
"""Stories that a page points to."""

HEAVY_BEFORE = 200
"""Pages that pile up before the endless one."""

HEAVY_LINES = 1_500
"""Paragraphs of a page that takes long."""

SENTENCES = (
    "The harbour master counted {n} boats before the fog came in.",
    "Nobody on the council could say where the {n} missing benches went.",
    "A new bridge is to carry bicycles and, on Sundays, a market of {n} stalls.",
    "The library keeps {n} maps of places that no longer exist.",
    "After {n} years the clock strikes thirteen again, and the town is glad.",
    "The orchestra rehearses among {n} loaves, because the bakery has the better acoustics.",
)


class Look(Enum):
    """How the pages of a publisher look."""

    USUAL = auto()
    FRESH_LINKS = auto()
    """They point at stories that nobody pointed at before."""
    FRESH_LINES = auto()
    """That, and as many short lines of their text are new."""
    BARE = auto()
    """As a redesign leaves them: no author, no date, no structured data."""
    HOLLOW = auto()
    """As another redesign leaves them: a script brings the text."""
    SHORT = auto()
    """As on a slow day: half as long, agency copy for a third."""


def article(number: int, at: datetime, *, look: Look = Look.USUAL) -> bytes:
    """Return one page as a JSON envelope.

    Args:
        number: The same number, the same page.
        at: When it is fetched.
        look: What is unusual about it.
    """
    chance = random.Random(number)
    site = SITES[number % len(SITES)]
    url = f"https://{site}/news/town-counts-its-bridges-{number}"
    is_fresh = look in (Look.FRESH_LINKS, Look.FRESH_LINES)
    links = "".join(_card(site, number, n, chance, fresh=is_fresh) for n in range(LINKS))
    by_agency = look is Look.SHORT and number % 3 == 0
    head = "" if look is Look.BARE else _metadata(url, number, by_agency=by_agency)
    byline = "" if by_agency or look is Look.BARE else f'<p class="byline">By Ada Fell-{number % 90}</p>'
    paragraphs = {Look.HOLLOW: 0, Look.SHORT: 4}.get(look, 8)
    body = "".join(f"<p>{' '.join(_sentence(chance) for _ in range(4))}</p>" for _ in range(paragraphs))
    if look is Look.FRESH_LINES:
        body += f"<ul>{''.join(f'<li>{_headline(number * LINKS + n)}</li>' for n in range(LINKS))}</ul>"
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_headline(number)}</title>{head}</head>'
        f"<body><main><article><h1>{_headline(number)}</h1>{byline}{body}</article></main>"
        f"<aside><h2>More stories</h2><ul>{links}</ul></aside></body></html>"
    )
    return _envelope(url, html, at)


def broken(number: int, at: datetime) -> bytes:  # noqa: ARG001 - one signature for all makers
    """Return what is no envelope at all."""
    return b'{"url": "https://www.tarn.example/broken-%d", "body": ' % number


def empty(number: int, at: datetime) -> bytes:
    """Return a page with nothing to read: a consent wall."""
    site = SITES[number % len(SITES)]
    return _envelope(f"https://{site}/wall/{number}", "<!doctype html><html><body></body></html>", at)


def oversized(number: int, at: datetime) -> bytes:
    """Return a page above the limit of 100 kB that the scenes set."""
    return _envelope(f"https://{SITES[0]}/huge/{number}", "<!doctype html><p>" + "word " * 25_000, at)


def heavy(number: int, at: datetime) -> bytes:
    """Return a page that takes tens of milliseconds, and little to make."""
    site = SITES[number % len(SITES)]
    text = " ".join(each.format(n=number) for each in SENTENCES)
    rows = "".join([f"<p>{line}. {text}</p>" for line in range(HEAVY_LINES)])
    return _envelope(f"https://{site}/heavy/{number}", f"<!doctype html><title>{_headline(number)}</title>{rows}", at)


def endless(number: int, at: datetime) -> bytes:
    """Return a page from which the core of `tests.integration.hanging` does not come back, after many heavy ones."""
    if number < HEAVY_BEFORE:
        return heavy(number, at)
    return _envelope(f"https://{SITES[0]}/hang", "<!doctype html><h1>Town</h1>", at)


def _card(site: str, number: int, place: int, chance: random.Random, *, fresh: bool) -> str:
    story = f"{number}-{place}" if fresh else str(chance.randrange(POOL))
    return (
        f'<li><a href="https://{site}/pointed/{story}"><h3>{_headline(_number(story))} and what came of it {story}</h3>'
        f"</a></li>"
    )


def _number(text: str) -> int:
    """Return a number that stays the same from run to run."""
    return int.from_bytes(text.encode()[-6:], "big")


def _headline(number: int) -> str:
    return f"Town {number % 977} counts its {number % 89 + 2} bridges and finds one more than before ({number})"


def _sentence(chance: random.Random) -> str:
    return chance.choice(SENTENCES).format(n=chance.randrange(2, 9000))


def _metadata(url: str, number: int, *, by_agency: bool) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": _headline(number),
        "datePublished": f"2026-11-{number % 24 + 1:02}T08:{number % 60:02}:00Z",
        **({} if by_agency else {"author": {"@type": "Person", "name": f"Ada Fell-{number % 90}"}}),
        "description": "What the town found when it counted.",
        "mainEntityOfPage": url,
    }
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def _envelope(url: str, html: str, at: datetime) -> bytes:
    return json.dumps(
        {
            "url": url,
            "fetched_at": at.isoformat(),
            "content_type": "text/html; charset=utf-8",
            "body": html,
            "source": "live",
        }
    ).encode()
