"""What the head tells of the article beside its text: topics, section, pictures, paywall."""

from collections.abc import Iterator

from schemas import Image
from worker.extract.metadata import Json, Metadata, plain
from worker.identity import resolve

MAX_TOPICS = 50
"""Topics kept: more are a search engine's bait."""

MAX_IMAGES = 20


def topics(metadata: Metadata) -> tuple[tuple[str, ...], str] | None:
    """Return topics in the publisher's order with their source; None where it gives none."""
    sources = (
        (_texts(metadata.article.get("keywords")), "jsonld"),
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


def section(metadata: Metadata) -> str | None:
    """Return the publisher's section as it names it; None where it doesn't."""
    return next(_texts(metadata.article.get("articleSection")), None) or metadata.meta("article:section")


def images(metadata: Metadata, base: str | None) -> tuple[Image, ...]:
    """Return the pictures that the head names, the main one first."""
    told = [*metadata.metas.get("og:image", ()), *_addresses(metadata, metadata.article.get("image"))]
    found = dict.fromkeys(url for each in told if (url := resolve(each, base)))
    return tuple(Image(url=url) for url in list(found)[:MAX_IMAGES])


def paywalled(metadata: Metadata) -> bool | None:
    """Tell whether JSON-LD says that a part is withheld; None where it says nothing."""
    told = metadata.article.get("isAccessibleForFree")
    known = {"true": False, "false": True}
    return known.get(str(told).rpartition("/")[2].lower()) if isinstance(told, str | bool) else None


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
