"""What a page says about itself: JSON-LD, or microdata in its place, OpenGraph and other meta elements, links.

Everything is read once into plain look-ups; which source is believed is the affair of each field.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, TypeVar

import orjson

from worker.extract.document import Document
from worker.extract.microdata import Microdata, read_microdata
from worker.extract.vocabulary import is_article

MAX_JSONLD_BYTES = 2_000_000
"""Script texts read of a page, all together; the largest of the corpora has 700,000."""

MAX_JSONLD_NODES = 20_000
"""Objects looked at; a live blog of 2,000 posts has as many."""

_CONTROLS = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")

T = TypeVar("T")

Json = Any
"""A value as orjson gives it: pages put anything anywhere, so each reader checks what it gets."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The claims of one page's head."""

    article: Mapping[str, Json] = field(default_factory=dict)
    """The JSON-LD object of the article, or what microdata says in its shape; empty where there is neither."""

    article_source: str = "jsonld"
    """What says it: jsonld or microdata."""

    objects: Sequence[Mapping[str, Json]] = ()
    """All JSON-LD objects with a type, in page order."""

    by_id: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """JSON-LD objects by their ``@id``: others refer to them by it."""

    metas: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Contents of meta elements by ``property``, ``name`` or ``itemprop``, in lower case; empty ones left out."""

    canonical: str | None = None
    """The ``href`` of ``link rel=canonical``, as written."""

    language: str | None = None
    """The ``lang`` of the html element, as written."""

    title: str | None = None
    """Text of the title element."""

    base: str | None = None
    """The ``href`` of the base element, as written."""

    def meta(self, *names: str) -> str | None:
        """Return the first content of the first of these names that has one."""
        for name in names:
            if values := self.metas.get(name):
                return values[0]
        return None

    def by_trust(self, article: T, metas: T) -> tuple[T, T]:
        """Return what the article's object and what meta elements say of a field, the more trusted first.

        JSON-LD is written for machines. Microdata is what the template prints: names in capitals, days without an
        hour, local times that claim to be UTC.
        """
        return (article, metas) if self.article_source == "jsonld" else (metas, article)

    def follow(self, value: Json) -> Json:
        """Return the object that a bare reference means, anything else as it is."""
        if isinstance(value, dict) and len(value) == 1 and isinstance(reference := value.get("@id"), str):
            return self.by_id.get(reference, value)
        return value


def read_metadata(document: Document) -> Metadata:
    """Return what the head of the page claims. **Total**."""
    objects = list(_json_ld(document))
    by_id = {key: each for each in reversed(objects) if isinstance(key := each.get("@id"), str) and len(each) > 1}
    article = _article(objects)
    microdata = Microdata({}) if article else read_microdata(document)
    return Metadata(
        article=article or microdata.article,
        article_source="jsonld" if article else "microdata",
        objects=[each for each in objects if "@type" in each],
        by_id=by_id,
        metas=_metas(document, microdata.others),
        canonical=_canonical(document),
        language=_language(document),
        title=next((text for each in document.by_tag["title"] if (text := document.text(each))), None),
        base=next((href for each in document.by_tag["base"] if (href := document.attributes(each).get("href"))), None),
    )


def plain(value: Json) -> str | None:
    """Return a JSON-LD text as plain text: markup and entities resolved, white space folded; None for no text."""
    if not isinstance(value, str):
        return None
    text = value
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = re.sub(r"<[^<>]{1,500}>", " ", text)
    text = " ".join(text.split())
    return text or None


def _metas(document: Document, others: Collection[int]) -> dict[str, list[str]]:
    """Return the contents of the meta elements by name, those in the microdata of other articles left out."""
    found: dict[str, list[str]] = {}
    for each in document.by_tag["meta"]:
        attributes = document.attributes(each)
        content = attributes.get("content")
        if not content or content.isspace() or each in others:
            continue
        for key in ("property", "name", "itemprop"):
            if name := attributes.get(key):
                found.setdefault(name.strip().lower(), []).append(content.strip())
    return found


def _canonical(document: Document) -> str | None:
    for each in document.by_tag["link"]:
        attributes = document.attributes(each)
        if (attributes.get("rel") or "").strip().lower() == "canonical" and (href := attributes.get("href")):
            return href
    return None


def _language(document: Document) -> str | None:
    for each in document.by_tag["html"]:
        attributes = document.attributes(each)
        return attributes.get("lang") or attributes.get("xml:lang")
    return None


def _json_ld(document: Document) -> Iterator[Mapping[str, Json]]:
    """Yield every object of the page's JSON-LD, outer before inner."""
    room = MAX_JSONLD_BYTES
    nodes = MAX_JSONLD_NODES
    for each in document.by_tag["script"]:
        kind = document.attributes(each).get("type")
        if not kind or "ld+json" not in kind.lower():
            continue
        text = document.script(each)
        room -= len(text)
        if room < 0:
            return
        pending = [parsed(text)]
        while pending and nodes:
            value = pending.pop()
            nodes -= 1
            if isinstance(value, list):
                pending.extend(reversed(value))
            elif isinstance(value, dict):
                yield value
                pending.extend(item for item in reversed(value.values()) if isinstance(item, dict | list))


def parsed(text: str) -> Json:
    """Return the JSON of a script, None where it can't be mended.

    Mended are what publishers' templates get wrong: control characters inside texts, commas before a closing
    bracket, comment marks around the whole. A lone surrogate makes the whole script unusable.
    """
    try:
        return orjson.loads(text)
    except ValueError:
        pass  # malformed, or with a lone surrogate
    mended = _TRAILING_COMMA.sub("", _CONTROLS.sub(" ", _COMMENT.sub("", text).strip().rstrip(";")))
    try:
        return orjson.loads(mended)
    except ValueError:
        return None  # beyond mending: the page's other sources stand in


def _types(value: Mapping[str, Json]) -> list[str]:
    found = value.get("@type")
    return [name for name in (found if isinstance(found, list) else [found]) if isinstance(name, str)]


def _article(objects: Sequence[Mapping[str, Json]]) -> Mapping[str, Json]:
    """Return the object that is the page's article: the one that says most about itself."""
    best: Mapping[str, Json] = {}
    most = 0
    for each in objects:
        if is_article(_types(each)):
            says = sum(
                key in each for key in ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage")
            )
            if says > most:
                best, most = each, says
    return best
