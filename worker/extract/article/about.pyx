# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the head tells of the article beside its text: topics, section, pictures, paywall."""

from worker.extract.metadata cimport Metadata, plain
from worker.identity.addresses cimport resolve

from schemas import Image, trusted

MAX_TOPICS = 50
"""Topics kept: more are a search engine's bait."""

MAX_IMAGES = 20

_FREE = {"true": False, "false": True}
_TIERS = {"free": False, "locked": True}
"""What Facebook's ``article:content_tier`` says of a paywall; ``metered`` depends on the reader."""


def topics(Metadata metadata not None):
    """Return topics in the publisher's order with their source; None where it gives none."""
    metas = metadata.metas
    sources = (
        (texts_of(metadata.article.get("keywords")), metadata.article_source),
        (metas.get("article:tag"), "opengraph"),
        (metas.get("news_keywords"), "meta"),
        (metas.get("keywords"), "meta"),
    )
    for texts, source in sources:
        if texts and (found := topics_in(texts)):
            return found, source
    return None


cdef tuple topics_in(list texts):
    """Return the topics between the commas, repeats left out."""
    cdef str text, part, topic
    cdef dict found = {}
    for text in texts:
        for part in text.replace(";", ",").split(","):
            topic = " ".join(part.split())
            if topic:
                found[topic] = None
    return tuple(found)[:MAX_TOPICS]


def section(Metadata metadata not None):
    """Return the publisher's section as it names it, with its source; None where it doesn't."""
    for told in texts_of(metadata.article.get("articleSection")):
        return told, metadata.article_source
    told = metadata.first(("article:section",))
    return (told, "opengraph") if told else None


def site_name(Metadata metadata not None):
    """Return what the publisher calls its site, with its source; None where it doesn't say."""
    if told := metadata.first(("og:site_name",)):
        return told, "opengraph"
    publisher = metadata.follow(metadata.article.get("publisher"))
    told = plain(publisher.get("name")) if isinstance(publisher, dict) else None
    return (told, metadata.article_source) if told else None


def images(Metadata metadata not None, str base):
    """Return the pictures that the head names, the main one first, with the source of that; None without any."""
    told = [(url, "opengraph") for url in metadata.metas.get("og:image", ())]
    if metadata.article_source == "jsonld" or not told:  # in microdata it is the same picture in another size
        told += [(url, metadata.article_source) for url in addresses_of(metadata, metadata.article.get("image"))]
    found = {}
    for each, source in told:
        if url := resolve(each, base):
            found.setdefault(url, source)
    if not found:
        return None
    return tuple([picture(url) for url in list(found)[:MAX_IMAGES]]), next(iter(found.values()))


cdef object picture(str url):
    return trusted(Image, {"url": url, "caption": None, "credit": None, "alt": None})


def paywalled(Metadata metadata not None):
    """Tell whether the head says that a part is withheld, with the source; None where it says nothing."""
    told = metadata.article.get("isAccessibleForFree")
    known = _FREE.get(str(told).rpartition("/")[2].lower()) if isinstance(told, (str, bool)) else None
    if known is not None:
        return known, metadata.article_source
    known = _TIERS.get((metadata.first(("article:content_tier",)) or "").lower())
    return None if known is None else (known, "meta")


cdef list texts_of(value):
    """Return the texts of a value that may be one or several."""
    return [text for each in (value if isinstance(value, list) else [value]) if (text := plain(each))]


cdef list addresses_of(Metadata metadata, value):
    """Return the addresses of pictures, which may be objects with one."""
    cdef list found = []
    for each in value if isinstance(value, list) else [value]:
        told = metadata.follow(each)
        told = told.get("url") if isinstance(told, dict) else told
        if isinstance(told, str):
            found.append(told)
    return found
