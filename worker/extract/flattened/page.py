"""A flattened page to the article and the merged teasers of the contract."""

from schemas import Reason, Settled, SplitArticle
from worker.extract.flattened.article import FlatArticle
from worker.extract.flattened.read import read_flattened
from worker.extract.language import language_of
from worker.extract.limits import Limits
from worker.extract.merge import Merged, merge
from worker.extract.printed import fingerprint, word_count
from worker.identity import story_id, story_key

_TEXT = "text"
"""Source of every field: there is no markup to take one from."""


def split_flattened(text: str, url: str | None, site: str, limits: Limits) -> tuple[SplitArticle | None, Merged]:
    """Return the article, None for a list page, and the teasers with what became of all items. Pure.

    Args:
        text: The page, plain lines.
        url: Its address; None without one.
        site: Its site.
        limits: How much of it is read.
    """
    page = read_flattened(text, limits)
    own = story_key(url, page.article.headline, site) if page.article else None
    headline_key = story_key(None, page.article.headline, site) if page.article else None
    merged = merge(page.items, site=site, own_keys=frozenset(filter(None, (own, headline_key))), limits=limits)
    merged = merged.flagged(page.flags)
    if page.article is None:
        return None, merged
    if own is None:
        return None, merged.with_settled(Settled(Reason.NO_IDENTITY, page.article.headline))
    return _article(page.article, own, url, site, merged), merged


def _article(found: FlatArticle, story: str, url: str | None, site: str, merged: Merged) -> SplitArticle:
    """Return the article of the contract."""
    texts = [block.text for block in found.body]
    by = found.byline
    filled = {"headline": True, "authors": by.authors, "agency": by.agency, "lead": found.lead, "body": texts}
    return SplitArticle(
        article_id=story_id(story),
        url=url,
        site=site,
        headline=found.headline,
        authors=by.authors,
        agency=by.agency,
        lead=found.lead,
        body=found.body,
        captions=found.captions,
        paywalled=found.paywalled,
        language=language_of("\n".join([found.lead or "", *texts])),
        word_count=word_count([found.lead or "", *texts]),
        fingerprint=fingerprint(found.headline, by.authors, by.agency, found.lead, texts),
        found_teasers=tuple(teaser.teaser_id for teaser in merged.teasers),
        sources={name: _TEXT for name, value in filled.items() if value},
    )
