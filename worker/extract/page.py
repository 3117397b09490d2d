"""One raw page to its article and its teasers: the order of things."""

from schemas import Counts, RawPage, SplitPage
from worker import __version__
from worker.extract.article import read_article
from worker.extract.article.root import article_root
from worker.extract.article.scorecard import scorecard
from worker.extract.article.surroundings import Surroundings
from worker.extract.complexity import refuse_complex
from worker.extract.decode import decode_page, is_flattened
from worker.extract.document import Document
from worker.extract.errors import NoContent
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
    if is_flattened(page, read.text):
        raise NoContent("flattened pages are not read yet")
    refuse_complex(read.utf8)
    site = site_of(page.url, page.source)
    url = page.url if page.url is not None and host_of(page.url) is not None else None  # script, file, mailto: none
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
