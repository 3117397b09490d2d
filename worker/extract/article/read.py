"""The article: every field read, the whole put together."""

from collections.abc import Collection
from hashlib import blake2b

from schemas import SplitArticle
from worker.extract.article.authors import authors
from worker.extract.article.body import body_blocks, judge_lines
from worker.extract.article.dates import modified, published
from worker.extract.article.headline import headline
from worker.extract.article.root import Root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document
from worker.extract.metadata import Metadata
from worker.identity import article_story, resolve, story_id


def read_article(
    document: Document,
    metadata: Metadata,
    around: Surroundings,
    root: Root,
    taken: Collection[int],
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
    blocks = body_blocks(document, judge_lines(document, metadata, around, root), title[0], taken)
    if story is None or not blocks:
        return None
    by = authors(metadata)
    first, last = published(metadata), modified(metadata)
    digest = blake2b(
        "\x1f".join([title[0], *(by[0] if by else ()), *(b.text for b in blocks)]).encode(), digest_size=16
    )
    return SplitArticle(
        article_id=story_id(story),
        url=url,
        canonical_url=canonical_url,
        site=site,
        headline=title[0],
        authors=by[0] if by else (),
        body=blocks,
        published_at=first.at if first else None,
        published_precision=first.precision if first else None,
        modified_at=last.at if last else None,
        word_count=sum(len(b.text.split()) for b in blocks),
        fingerprint=digest.hexdigest(),
    )
