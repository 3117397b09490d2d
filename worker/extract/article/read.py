"""The article: every field read, the whole put together."""

from schemas import SplitArticle
from worker.extract.article.about import images, paywalled, section, topics
from worker.extract.article.authors import agency, authors
from worker.extract.article.body import body_blocks, body_lines, judge_lines
from worker.extract.article.captions import captions
from worker.extract.article.dates import modified, published
from worker.extract.article.headline import headline, site_names
from worker.extract.article.lead import has_lead
from worker.extract.article.root import Root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document
from worker.extract.language import language_of
from worker.extract.metadata import Metadata
from worker.extract.printed import fingerprint, word_count
from worker.identity import article_story, resolve, story_id


def read_article(  # noqa: PLR0913, PLR0917  one page, as its parts were read
    document: Document,
    metadata: Metadata,
    around: Surroundings,
    root: Root,
    taken: frozenset[int],
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
    lines = body_lines(document, judge_lines(document, metadata, around, root), title[0], taken)
    lead = lines.pop(0).text if has_lead(document, metadata, lines) else None
    blocks = body_blocks(document, lines)
    if story is None or not blocks:
        return None
    by = authors(document, metadata, site_names(metadata, site))
    first, last, about = published(document, metadata), modified(metadata), topics(metadata)
    texts = [block.text for block in blocks]
    credited = agency(metadata)
    names = by[0] if by else ()
    claims = {"headline": title, "authors": by, "topics": about}
    return SplitArticle(
        article_id=story_id(story),
        url=url,
        canonical_url=canonical_url,
        site=site,
        site_name=metadata.meta("og:site_name"),
        headline=title[0],
        authors=names,
        agency=credited,
        lead=lead,
        body=blocks,
        captions=captions(document, root, taken),
        published_at=first.at if first else None,
        published_precision=first.precision if first else None,
        modified_at=last.at if last else None,
        language=_language(metadata, texts),
        section=section(metadata),
        topics=about[0] if about else (),
        images=images(metadata, base),
        paywalled=paywalled(metadata),
        word_count=word_count([lead or "", *texts]),
        fingerprint=fingerprint(title[0], names, credited, lead, texts),
        sources={name: claim[1] for name, claim in claims.items() if claim}
        | ({"published_at": first.source} if first else {})
        | ({"modified_at": last.source} if last else {}),
    )


def _language(metadata: Metadata, texts: list[str]) -> str | None:
    """Return the language that the page declares, else the one its text is in."""
    declared = (metadata.language or "").strip().lower().replace("_", "-").partition("-")[0]
    return declared if len(declared) in (2, 3) and declared.isalpha() else language_of(" ".join(texts[:20]))
