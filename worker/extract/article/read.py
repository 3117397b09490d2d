"""The article: every field read, the whole put together."""

from typing import Any

from schemas import SplitArticle, trusted
from worker.extract.article.about import images, paywalled, section, site_name, topics
from worker.extract.article.authors import agency, authors
from worker.extract.article.body import body_blocks, body_lines, judge_lines
from worker.extract.article.captions import captions
from worker.extract.article.dates import modified, published
from worker.extract.article.headline import headline, site_names
from worker.extract.article.lead import has_lead
from worker.extract.article.pictures import pictures
from worker.extract.article.root import Root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document
from worker.extract.language import language_of
from worker.extract.metadata import Metadata
from worker.extract.printed import fingerprint, word_count
from worker.extract.teasers import FoundTeasers
from worker.identity import article_story, resolve, story_id

_UNTOLD = {name: field.default for name, field in SplitArticle.model_fields.items()}
"""All fields of an article in their order, with what stands in those of which a page tells nothing."""


def read_article(  # noqa: PLR0913, PLR0917  one page, as its parts were read
    document: Document,
    metadata: Metadata,
    around: Surroundings,
    root: Root,
    teasers: FoundTeasers,
    url: str | None,
    site: str,
) -> SplitArticle | None:
    """Return the article of the page, None where it has none."""
    title = headline(document, metadata, site)
    if title is None:
        return None
    base = resolve(metadata.base, url) if metadata.base else url
    canonical = metadata.canonical or metadata.meta("og:url")
    canonical_url = resolve(canonical, base) if canonical else None
    story = article_story(url, canonical_url, title[0], site)
    lines = body_lines(document, judge_lines(document, metadata, around, root), title[0], teasers)
    lead = lines.pop(0).text if has_lead(document, metadata, lines) else None
    blocks = body_blocks(document, lines)
    if story is None or not blocks:
        return None
    texts = [block.text for block in blocks]
    named = images(metadata, base)
    shown = pictures(document, root, teasers.elements, base, named[0] if named else ())
    first, last = published(document, metadata), modified(metadata)
    claims: dict[str, tuple[Any, str] | None] = {
        "url": (url, "envelope") if url else None,
        "canonical_url": (canonical_url, "markup" if metadata.canonical else "opengraph") if canonical_url else None,
        "site_name": site_name(metadata),
        "headline": title,
        "authors": authors(document, metadata, site_names(metadata, site)),
        "agency": agency(metadata),
        "lead": (lead, "markup") if lead else None,
        "body": (blocks, "markup"),
        "captions": (found, "markup") if (found := captions(document, root, teasers.elements)) else None,
        "modified_at": (last.at, last.source) if last else None,
        "language": _language(metadata, texts),
        "section": section(metadata),
        "topics": topics(metadata),
        "images": (shown, named[1] if named else "markup") if shown else None,
        "paywalled": paywalled(metadata),
        "published_at": (first.at, first.source) if first else None,
    }
    fields = _UNTOLD | {
        "article_id": story_id(story),
        "site": site,
        "published_precision": first.precision if first else None,
        "word_count": word_count([lead or "", *texts]),
        "sources": (sources := {}),
    }
    for name, claim in claims.items():
        if claim:
            fields[name], sources[name] = claim
    fields["fingerprint"] = fingerprint(title[0], fields["authors"], fields["agency"], lead, texts)
    return trusted(SplitArticle, fields)


def _language(metadata: Metadata, texts: list[str]) -> tuple[str, str] | None:
    """Return the language that the page declares, else the one its text is in, with its source."""
    declared = (metadata.language or "").strip().lower().replace("_", "-").partition("-")[0]
    if len(declared) in (2, 3) and declared.isalpha():
        return declared, "markup"
    guessed = language_of(" ".join(texts[:20]))
    return (guessed, "text") if guessed else None
