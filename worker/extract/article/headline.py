"""The headline: what the publisher calls the story, without site name, section or kicker.

Nearly every page has it in some source (98.5 % of the dev pages), and no source has it always: the first heading
may be the site's name or carry a kicker, OpenGraph and title element carry suffixes. So sources are compared:
what one adds to another is cut. Where they tell of different things on a news page, OpenGraph's is the
publisher's own choice and wins (right on 20 of 25 such pages); elsewhere it is the printed heading.
"""

import re
from collections.abc import Iterable

from worker.extract.article.signals import bare
from worker.extract.document import Document
from worker.extract.metadata import Metadata, plain

MAX_CHARACTERS = 400
"""Characters of the longest headline: what is longer is a text in a heading's clothes."""

MIN_WORDS = 3
"""Words from which a claim is a headline by itself; shorter ones are as often names of a section."""

MIN_NAME = 4
"""Letters of a site's name from which it is looked for inside a part of a title."""

_PARTED = re.compile(r"\s+[|·•»›—–*\-/:]+\s+|\s*[|｜»›]\s*|：|\s::\s")
_EDGES = " \t|·•»›—–-/:：_"
_DOMAIN_ENDS = re.compile(r"[^a-z0-9]")


def headline(document: Document, metadata: Metadata, site: str) -> tuple[str, str] | None:
    """Return the headline and its source; None where the page has none.

    Args:
        document: The page.
        metadata: What its head claims.
        site: Its registered domain: known suffixes are cut.
    """
    names = site_names(metadata, site)
    claimed = _without_site(metadata.meta("og:title", "twitter:title"), names)
    told = plain(metadata.article.get("headline")) or plain(metadata.article.get("name"))
    titled = _without_site(metadata.title, names)
    printed = [text for text in _headings(document) if bare(text) not in names]
    is_news = bool(metadata.article) or metadata.meta("og:type") == "article"
    if claimed and (found := _by_claim(claimed, printed, told, is_news)):
        return found
    if told and (found := _by_claim(told, printed, None, is_news)):
        return found[0], "jsonld" if found[1] == "opengraph" else found[1]
    for text in printed:
        if titled and (_covers(text, titled) or _covers(titled, text)):
            return text, "markup"
    if titled and len(titled.split()) >= MIN_WORDS:
        return titled, "meta"
    best = next(iter(printed), None) or claimed or told or titled
    return (best, "markup" if best in printed else "meta") if best else None


def _by_claim(claimed: str, printed: list[str], told: str | None, is_news: bool) -> tuple[str, str] | None:  # noqa: FBT001
    """Return the headline that a claim and the page's headings agree on; None where the claim says nothing."""
    letters = bare(claimed)
    for text in printed:
        own = bare(text)
        if own == letters:
            return text, "markup"
        if letters in own and len(claimed.split()) >= MIN_WORDS:
            return claimed, "opengraph"
        if own in letters and len(text.split()) >= MIN_WORDS and not letters.endswith(own):
            return text, "markup"
    if told and bare(told) != letters and (twice := [text for text in printed if bare(text) == bare(told)]):
        return (twice[0], "markup") if len(twice[0]) > len(claimed) else (claimed, "opengraph")
    if (len(claimed.split()) >= MIN_WORDS or not claimed.isascii()) and (
        is_news or not printed or any(_covers(claimed, text) for text in printed)
    ):
        return claimed, "opengraph"
    return None


def _headings(document: Document) -> list[str]:
    texts = [document.text(each) for each in document.by_tag["h1"]]
    return [text for text in texts if text and len(text) <= MAX_CHARACTERS]


def site_names(metadata: Metadata, site: str) -> frozenset[str]:
    """Return the letters of what the site is called: by itself, by its publisher, by its domain."""
    publisher = metadata.follow(metadata.article.get("publisher"))
    names = {
        bare(each)
        for each in (
            metadata.meta("og:site_name"),
            metadata.meta("application-name"),
            plain(publisher.get("name")) if isinstance(publisher, dict) else None,
            site,
            site.partition(".")[0],
        )
        if each
    }
    return frozenset(names - {""})


def _without_site(text: str | None, names: Iterable[str]) -> str | None:
    """Return the text without parts at its ends that name the site; None for no text or nothing but the name."""
    if not text:
        return None
    text = " ".join(text.split())
    while True:
        cuts = list(_PARTED.finditer(text))
        if cuts and _names_site(text[cuts[-1].end() :], names):
            text = text[: cuts[-1].start()].rstrip()
        elif cuts and _names_site(text[: cuts[0].start()], names):
            text = text[cuts[0].end() :].lstrip()
        else:
            break
    return text if text and bare(text) not in names and len(text) <= MAX_CHARACTERS else None


def _names_site(part: str, names: Iterable[str]) -> bool:
    letters = bare(part)
    return bool(letters) and any(
        letters == name or (len(name) >= MIN_NAME and name in letters and len(letters) < 3 * len(name))
        for name in names
    )


def _covers(one: str, other: str) -> bool:
    """Tell whether most words of ``other`` stand in ``one``."""
    words = set(re.findall(r"\w+", other.casefold()))
    return bool(words) and len(words & set(re.findall(r"\w+", one.casefold()))) > len(words) / 2
