"""The headline: what the publisher calls the story, without site name, section or kicker.

Nearly every page has it in some source (98.5 % of the dev pages), and no source has it always: the first heading
may be the site's name or carry a kicker, OpenGraph and title element carry suffixes. So sources are compared:
what one adds to another is cut. Where they tell of different things on a news page, a heading that JSON-LD
agrees with wins over a title that two elements of the head share (right on 18 of 21 such pages), else OpenGraph's
is the publisher's own choice and wins (right on 20 of 25); elsewhere it is the printed heading.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from worker.extract.article.line_texts import bare
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


class _Sources(NamedTuple):
    """What a page calls its story, by where it does."""

    printed: list[str]
    """Its first headings, without those that name the site."""

    claimed: str | None
    """The title in OpenGraph or for Twitter, without the site."""

    told: str | None
    """The headline in JSON-LD or microdata."""

    teller: str
    """Which of the two."""

    titled: str | None
    """The title element, without the site."""

    is_news: bool
    """Whether the head says that the page is an article."""


def headline(document: Document, metadata: Metadata, site: str) -> tuple[str, str] | None:
    """Return the headline and its source; None where the page has none.

    Args:
        document: The page.
        metadata: What its head claims.
        site: Its registered domain: known suffixes are cut.
    """
    sources = _sources(document, metadata, site)
    return _agreed(sources) or _alone(sources)


def headline_claims(document: Document, metadata: Metadata, site: str) -> list[tuple[str, str]]:
    """Return what each source calls the story, with the source; the title element's is ``meta``."""
    sources = _sources(document, metadata, site)
    claims = [(text, "markup") for text in sources.printed]
    named = ((sources.told, sources.teller), (sources.claimed, "opengraph"), (sources.titled, "meta"))
    return claims + [(text, source) for text, source in named if text]


def _sources(document: Document, metadata: Metadata, site: str) -> _Sources:
    """Return what the page calls its story, by where it does."""
    names = site_names(metadata, site)
    printed = [text for text in _headings(document) if bare(text) not in names]
    told = plain(metadata.article.get("headline")) or plain(metadata.article.get("name"))
    if metadata.article_source == "microdata" and told in printed:
        told = None  # the heading itself: it can't agree with itself
    return _Sources(
        printed=printed,
        claimed=_without_site(metadata.meta("og:title", "twitter:title"), names),
        told=told,
        teller=metadata.article_source,
        titled=_without_site(metadata.title, names),
        is_news=bool(metadata.article) or metadata.meta("og:type") == "article",
    )


def _agreed(sources: _Sources) -> tuple[str, str] | None:
    """Return the headline that a claim of the head and the page's headings agree on; None where none do."""
    if sources.claimed and (found := _by_claim(sources.claimed, sources)):
        return found
    if sources.told and (found := _by_claim(sources.told, sources._replace(told=None))):
        return found[0], sources.teller if found[1] == "opengraph" else found[1]
    if sources.titled is None:
        return None
    if parts := _parts_of(sources.titled, sources.printed):
        return parts[-1], "markup"  # where there are several, those before name the site and its sections
    return next(((text, "markup") for text in sources.printed if _alike(text, sources.titled)), None)


def _parts_of(title: str, printed: list[str]) -> list[str]:
    """Return the headings that are parts of a title, but for those that are parts of another one."""
    letters, by_letters = bare(title), {bare(text): text for text in printed}
    parts = [own for own in by_letters if own in letters]
    return [by_letters[own] for own in parts if not any(own != other and own in other for other in parts)]


def _alone(sources: _Sources) -> tuple[str, str] | None:
    """Return the best headline of a page whose sources have nothing in common; None where it has none."""
    if sources.titled and len(sources.titled.split()) >= MIN_WORDS:
        return sources.titled, "meta"
    if sources.printed:
        return sources.printed[0], "markup"
    claims = ((sources.claimed, "opengraph"), (sources.told, sources.teller), (sources.titled, "meta"))
    return next(((text, source) for text, source in claims if text), None)


def _by_claim(claimed: str, sources: _Sources) -> tuple[str, str] | None:
    """Return the headline that a claim and the page's headings agree on; None where the claim says nothing."""
    told, titled = bare(sources.told or ""), bare(sources.titled or "")
    for text in sources.printed:
        if found := _by_heading(text, claimed, told, titled):
            return found
    if sources.told and told == titled and told not in [bare(text) for text in sources.printed]:
        return sources.told, sources.teller
    if (len(claimed.split()) >= MIN_WORDS or not claimed.isascii()) and (
        sources.is_news or not sources.printed or any(_covers(claimed, text) for text in sources.printed)
    ):
        return claimed, "opengraph"
    return None


def _by_heading(text: str, claimed: str, told: str, titled: str) -> tuple[str, str] | None:
    """Return what a heading and a claim have in common; None where they tell of different things.

    Args:
        text: The heading.
        claimed: The claim.
        told: Letters of the headline in JSON-LD.
        titled: Letters of the title element.
    """
    letters, own = bare(claimed), bare(text)
    if own == letters:
        return text, "markup"
    if letters in own and len(claimed.split()) >= MIN_WORDS:
        return claimed, "opengraph"
    # What the claim has before the heading is a kicker, unless JSON-LD counts it in.
    if own in letters and len(text.split()) >= MIN_WORDS and not (letters.endswith(own) and letters == told):
        return text, "markup"
    if own == told and (letters == titled or len(text) > len(claimed)):
        return text, "markup"
    if letters != told and (part := _shared_end(claimed, own)):
        return part, "opengraph"
    return None


def _shared_end(claimed: str, own: str) -> str | None:
    """Return the part of a claim after its kicker, where the heading ends with it under another kicker."""
    part = claimed.partition(": ")[2]
    return part if len(part.split()) > MIN_WORDS and own.endswith(bare(part)) else None


def _headings(document: Document) -> list[str]:
    texts = [document.text(each) for each in document.by_tag["h1"]]
    return [text for text in texts if len(text) <= MAX_CHARACTERS and bare(text)]


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


def _alike(one: str, other: str) -> bool:
    """Tell whether most words of one of the texts stand in the other."""
    return _covers(one, other) or _covers(other, one)


def _covers(one: str, other: str) -> bool:
    """Tell whether most words of ``other`` stand in ``one``."""
    words = set(re.findall(r"\w+", other.casefold()))
    return bool(words) and len(words & set(re.findall(r"\w+", one.casefold()))) > len(words) / 2
