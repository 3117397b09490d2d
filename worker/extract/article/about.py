"""What the head tells of the article beside its text: topics, section, pictures, paywall."""

from collections.abc import Iterator

from schemas import Image
from worker.extract.metadata import Json, Metadata, plain
from worker.identity import resolve

MAX_TOPICS = 50
"""Topics kept: more are a search engine's bait."""

MAX_IMAGES = 20

_FREE = {"true": False, "false": True}
_TIERS = {"free": False, "locked": True}
"""What Facebook's ``article:content_tier`` says of a paywall; ``metered`` depends on the reader."""


def topics(metadata: Metadata) -> tuple[tuple[str, ...], str] | None:
    """Return topics in the publisher's order with their source; None where it gives none."""
    sources = (
        (_texts(metadata.article.get("keywords")), metadata.article_source),
        (iter(metadata.metas.get("article:tag", ())), "opengraph"),
        (iter(metadata.metas.get("news_keywords", ())), "meta"),
        (iter(metadata.metas.get("keywords", ())), "meta"),
    )
    for texts, source in sources:
        found = [
            topic for text in texts for part in text.replace(";", ",").split(",") if (topic := " ".join(part.split()))
        ]
        if found:
            return tuple(dict.fromkeys(found))[:MAX_TOPICS], source
    return None


def section(metadata: Metadata) -> tuple[str, str] | None:
    """Return the publisher's section as it names it, with its source; None where it doesn't."""
    if told := next(_texts(metadata.article.get("articleSection")), None):
        return told, metadata.article_source
    told = metadata.meta("article:section")
    return (told, "opengraph") if told else None


def site_name(metadata: Metadata) -> tuple[str, str] | None:
    """Return what the publisher calls its site, with its source; None where it doesn't say."""
    if told := metadata.meta("og:site_name"):
        return told, "opengraph"
    publisher = metadata.follow(metadata.article.get("publisher"))
    told = plain(publisher.get("name")) if isinstance(publisher, dict) else None
    return (told, metadata.article_source) if told else None


def images(metadata: Metadata, base: str | None) -> tuple[tuple[Image, ...], str] | None:
    """Return the pictures that the head names, the main one first, with the source of that; None without any."""
    told = [(url, "opengraph") for url in metadata.metas.get("og:image", ())]
    if metadata.article_source == "jsonld" or not told:  # in microdata it is the same picture in another size
        told += [(url, metadata.article_source) for url in _addresses(metadata, metadata.article.get("image"))]
    found: dict[str, str] = {}
    for each, source in told:
        if url := resolve(each, base):
            found.setdefault(url, source)
    return (tuple([Image(url=url) for url in list(found)[:MAX_IMAGES]]), next(iter(found.values()))) if found else None


def paywalled(metadata: Metadata) -> tuple[bool, str] | None:
    """Tell whether the head says that a part is withheld, with the source; None where it says nothing."""
    told = metadata.article.get("isAccessibleForFree")
    known = _FREE.get(str(told).rpartition("/")[2].lower()) if isinstance(told, str | bool) else None
    if known is not None:
        return known, metadata.article_source
    known = _TIERS.get((metadata.meta("article:content_tier") or "").lower())
    return None if known is None else (known, "meta")


def _texts(value: Json) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if text := plain(each):
            yield text


def _addresses(metadata: Metadata, value: Json) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        told = metadata.follow(each)
        told = told.get("url") if isinstance(told, dict) else told
        if isinstance(told, str):
            yield told
