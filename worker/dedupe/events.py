"""The events that a page makes. **Pure**.

An event is the item as the page shows it and a few fields more. Its fields come from a record, so they are
valid and are not checked again.
"""

from typing import Literal

from schemas import Article, Provenance, SplitArticle, SplitPage, SplitTeaser, Teaser, trusted
from schemas.teaser import FoundOn


class Events:
    """Makes the events of one page; what they share is made once.

    Args:
        page: The page that shows the items.
    """

    __slots__ = ("_page", "_shared")

    def __init__(self, page: SplitPage) -> None:
        self._page = page
        self._shared: tuple[FoundOn, Provenance] | None = None

    def teaser(
        self, teaser: SplitTeaser, status: Literal["new", "enriched"], revision: int, changed: tuple[str, ...]
    ) -> Teaser:
        """Return the event of a teaser.

        Args:
            teaser: As the page shows it.
            status: What became of it.
            revision: Its revision from now on.
            changed: Fields to take from it where it is enriched.
        """
        found_on, provenance = self._shared or self._made()
        return trusted(
            Teaser,
            teaser.__dict__
            | {
                "ranks": (),
                "status": status,
                "revision": revision,
                "changed": changed,
                "found_on": found_on,
                "provenance": provenance,
            },
        )

    def article(
        self, article: SplitArticle, status: Literal["new", "revised"], revision: int, previous: str | None
    ) -> Article:
        """Return the event of the page's article.

        Args:
            article: As the page tells it.
            status: What became of it.
            revision: Its revision from now on.
            previous: Fingerprint of the revision before.
        """
        _, provenance = self._shared or self._made()
        return trusted(
            Article,
            article.__dict__
            | {
                "status": status,
                "revision": revision,
                "previous_fingerprint": previous,
                "provenance": provenance,
            },
        )

    def _made(self) -> tuple[FoundOn, Provenance]:
        page = self._page
        provenance = {
            "page_id": page.page_id,
            "url": page.url,
            "fetched_at": page.fetched_at,
            "extractor_version": page.extractor_version,
            "identity_version": page.identity_version,
            "lexicon_version": page.lexicon_version,
        }
        found_on = {"page_id": page.page_id, "url": page.url}
        self._shared = trusted(FoundOn, found_on), trusted(Provenance, provenance)
        return self._shared
