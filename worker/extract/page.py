"""One raw page to its article and its teasers: the order of things."""

from schemas import Counts, RawPage, Reason, SplitPage
from worker import __version__
from worker.extract.article import read_article
from worker.extract.article.root import article_root
from worker.extract.article.scorecard import scorecard
from worker.extract.article.surroundings import Surroundings
from worker.extract.complexity import refuse_complex
from worker.extract.decode import PageText, decode_page, is_flattened
from worker.extract.document import Document
from worker.extract.errors import NoContent, NoIdentity
from worker.extract.flattened_page import split_flattened
from worker.extract.lexicon import LEXICON_VERSION
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.extract.metadata import read_metadata
from worker.identity import IDENTITY_VERSION, page_id, site_of
from worker.identity.addresses import host_of


def split_page(page: RawPage, limits: Limits = DEFAULT_LIMITS) -> SplitPage:
    """Return the article and the teasers of ``page``. Pure: the same page gives the same split.

    Raises:
        PageError: The page can't be split; its class and ``reason`` say why.
    """
    read = decode_page(page, limits)
    site = site_of(page.url, page.source)
    url = page.url if page.url is not None and host_of(page.url) is not None else None  # script, file, mailto: none
    if is_flattened(page, read.text):
        return _flattened(page, read, url, site, limits)
    refuse_complex(read.utf8, limits)
    document = Document(read.markup)
    metadata = read_metadata(document)
    around = Surroundings(document, scorecard().names)
    root = article_root(document, around)
    article = read_article(document, metadata, around, root, (), url, site) if root else None
    if article is None:
        raise NoContent
    return SplitPage(
        page_id=page_id(page.url, page.fetched_at, read.body),
        url=url,
        site=site,
        fetched_at=page.fetched_at,
        article=article,
        counts=Counts(found=1),
        flags=read.flags,
        extractor_version=__version__,
        identity_version=IDENTITY_VERSION,
    )


def _flattened(page: RawPage, read: PageText, url: str | None, site: str, limits: Limits) -> SplitPage:
    """Return the split of a page of plain lines."""
    article, merged = split_flattened(read.text, url, site, limits)
    if article is None and not merged.teasers:
        raise NoIdentity if any(item.reason is Reason.NO_IDENTITY for item in merged.settled) else NoContent
    return SplitPage(
        page_id=page_id(page.url, page.fetched_at, read.body),
        url=url,
        site=site,
        fetched_at=page.fetched_at,
        article=article,
        teasers=merged.teasers,
        counts=merged.counts(articles=int(article is not None)),
        settled=merged.settled,
        flags=(*read.flags, *merged.flags),
        extractor_version=__version__,
        identity_version=IDENTITY_VERSION,
        lexicon_version=LEXICON_VERSION,
    )
