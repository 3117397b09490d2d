"""The events that a page makes. **Pure**.

Deciding says which items of a page are told; whoever sends them makes the records. An event is the item as the
page shows it and a few fields more. Its fields come from a record, so they are valid and are not checked again.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from schemas import Article, Provenance, SplitArticle, SplitPage, SplitTeaser, Teaser, trusted
from schemas.teaser import FoundOn


class ToldArticle(NamedTuple):
    """The article of a page, where it makes an event."""

    item: SplitArticle
    status: Literal["new", "revised"]
    revision: int
    """Its revision from now on."""

    previous: str | None
    """Fingerprint of the revision before."""

    @property
    def id(self) -> str:
        """Return the ``article_id``."""
        return self.item.article_id


class ToldTeaser(NamedTuple):
    """A teaser of a page that makes an event."""

    item: SplitTeaser
    status: Literal["new", "enriched"]
    revision: int
    """Its revision from now on."""

    changed: tuple[str, ...]
    """Fields to take from it where it is enriched."""

    @property
    def id(self) -> str:
        """Return the ``teaser_id``."""
        return self.item.teaser_id


Told: TypeAlias = ToldArticle | ToldTeaser


def events(page: SplitPage, told: Sequence[Told]) -> Iterator[Article | Teaser]:
    """Yield the event of each item that is told; what they share is made once.

    Args:
        page: The page that shows the items.
        told: Some of its items, and what is told of them.
    """
    if not told:
        return
    provenance = trusted(
        Provenance,
        {
            "page_id": page.page_id,
            "url": page.url,
            "fetched_at": page.fetched_at,
            "extractor_version": page.extractor_version,
            "identity_version": page.identity_version,
            "lexicon_version": page.lexicon_version,
        },
    )
    found_on = trusted(FoundOn, {"page_id": page.page_id, "url": page.url})
    for one in told:
        if isinstance(one, ToldTeaser):
            yield _teaser(one, found_on, provenance)
        else:
            yield _article(one, provenance)


def _teaser(told: ToldTeaser, found_on: FoundOn, provenance: Provenance) -> Teaser:
    item, status, revision, changed = told
    fields = {
        "ranks": (),
        "status": status,
        "revision": revision,
        "changed": changed,
        "found_on": found_on,
        "provenance": provenance,
    }
    return trusted(Teaser, item.__dict__ | fields)


def _article(told: ToldArticle, provenance: Provenance) -> Article:
    item, status, revision, previous = told
    fields = {
        "status": status,
        "revision": revision,
        "previous_fingerprint": previous,
        "provenance": provenance,
    }
    return trusted(Article, item.__dict__ | fields)
