"""One raw page to its article and its teasers: the order of things."""

from collections.abc import Sequence
from dataclasses import replace

from schemas import RawPage, Reason, SplitArticle, SplitPage, TeaserKind, trusted
from worker import __version__
from worker.extract.article import read_article
from worker.extract.article.root import article_root
from worker.extract.article.scorecard import scorecard
from worker.extract.article.surroundings import Surroundings
from worker.extract.complexity import refuse_complex
from worker.extract.decode import PageText, decode_page, is_flattened
from worker.extract.document import Document
from worker.extract.errors import NoContent, NoIdentity
from worker.extract.flattened import split_flattened
from worker.extract.items import FoundItem
from worker.extract.lexicon import LEXICON_VERSION, heading_kind
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.extract.merge import Merged, merge
from worker.extract.metadata import Metadata, read_metadata
from worker.extract.teasers import Page as TeaserPage
from worker.extract.teasers import find_teasers
from worker.identity import IDENTITY_VERSION, address_key, page_id, resolve, site_of, story_key
from worker.identity.addresses import host_of


def split_page(page: RawPage, limits: Limits = DEFAULT_LIMITS) -> SplitPage:
    """Return the article and the teasers of ``page``. Pure: the same page gives the same split.

    Raises:
        PageError: The page can't be split; its class and ``reason`` say why.
    """
    read = decode_page(page, limits)
    site = site_of(page.url, page.source)
    url = page.url if page.url is not None and host_of(page.url) is not None else None  # script, file, mailto: none
    parts = _parts_of_lines if is_flattened(page, read) else _parts_of_html
    article, merged = parts(read, url, site, limits)
    fields = {
        "page_id": page_id(page.url, page.fetched_at, read.body),
        "url": url,
        "site": site,
        "fetched_at": page.fetched_at,
        "received_at": None,
        "article": article,
        "teasers": merged.teasers,
        "marks": None,
        "counts": merged.counts(articles=int(article is not None)),
        "settled": merged.settled,
        "flags": (*read.flags, *merged.flags),
        "extractor_version": __version__,
        "identity_version": IDENTITY_VERSION,
        "lexicon_version": LEXICON_VERSION,
    }
    return trusted(SplitPage, fields)


def _parts_of_html(read: PageText, url: str | None, site: str, limits: Limits) -> tuple[SplitArticle | None, Merged]:
    """Return the article of a page of HTML, None for a list page, and what its items come to."""
    refuse_complex(read.utf8, limits)
    document = Document(read.markup)
    metadata = read_metadata(document)
    around = Surroundings(document, scorecard().names)
    root = article_root(document, around)
    base = resolve(metadata.base, url) if metadata.base else url
    own = _own_addresses(metadata, url, base, site)
    inside = range(root.element, root.end) if root else range(0)
    found = find_teasers(document, TeaserPage(base, own, url), base, inside)
    article = read_article(document, metadata, around, root, found, url, site) if root else None
    own_keys = frozenset([key for each in own if (key := story_key(f"https://{each}", None, site)) is not None])
    items = found.items if article is not None else _of_list_page(found.items)
    merged = merge(items, site=site, own_keys=own_keys, limits=limits)
    if article is None:
        if not merged.teasers:
            raise NoContent
        return None, merged
    ids = tuple([each.teaser_id for each in merged.teasers])
    return trusted(SplitArticle, article.__dict__ | {"found_teasers": ids}), merged


def _parts_of_lines(read: PageText, url: str | None, site: str, limits: Limits) -> tuple[SplitArticle | None, Merged]:
    """Return the same of a page of plain lines."""
    article, merged = split_flattened(read.text, url, site, limits)
    if article is None and not merged.teasers:
        raise NoIdentity if any(item.reason is Reason.NO_IDENTITY for item in merged.settled) else NoContent
    return article, merged


def _of_list_page(items: Sequence[FoundItem]) -> list[FoundItem]:
    """Return the items of a list page: without an article nothing stands inside one, or is related by its place."""
    by_place = (TeaserKind.INLINE, TeaserKind.RELATED)
    return [
        replace(each, kind=TeaserKind.OTHER)
        if each.kind in by_place and heading_kind(each.heading or "") is None
        else each
        for each in items
    ]


def _own_addresses(metadata: Metadata, url: str | None, base: str | None, site: str) -> frozenset[str]:
    """Return the keys of the page's own addresses; a canonical address of another site is none."""
    told = [url, *[resolve(each, base) for each in (metadata.canonical, metadata.meta("og:url")) if each]]
    return frozenset([key for each in told if each and site_of(each, "") == site and (key := address_key(each))])
