"""The article of a page: what is printed, and nothing that is guessed.

Names are schema.org's NewsArticle and the newsroom's.
"""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.base import Record
from schemas.provenance import Provenance


class BlockKind(StrEnum):
    """What a block of the body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"


class Block(Record):
    """One block of the body, in reading order."""

    kind: BlockKind
    """Paragraph, heading, list_item or quote. More may come: readers need a default branch."""

    text: str
    """Its text, NFC, white space folded; never markup, never empty."""


class Image(Record):
    """A picture of the article."""

    url: str
    """Absolute http(s) address, never a placeholder."""

    caption: str | None = None
    """Text under the picture without the credit; null where there is none."""

    credit: str | None = None
    """Who made it, as printed; null where the page doesn't say."""

    alt: str | None = None
    """The picture's alternative text; null where there is none."""


class SplitArticle(Record):
    """The article as one page shows it, before it is compared with what was seen before."""

    article_id: str
    """Id of the story told: 32 hex digits. Equal to the ``story_id`` of teasers that point to it."""

    url: str | None = None
    """Address the page was fetched from; null for a page without one."""

    canonical_url: str | None = None
    """The address that the publisher gives the page, absolute; null where it gives none.

    Source: ``link rel=canonical``, then ``og:url``. One of another site is reported here but gives no id.
    """

    site: str
    """Registered domain of the page (``example.co.uk``), or ``text:<source>`` without an address."""

    site_name: str | None = None
    """The publisher's name for its site; null where it doesn't say.

    Source: ``og:site_name``, publisher in JSON-LD or microdata.
    """

    headline: str
    """The headline as printed, without site name or section suffix."""

    authors: tuple[str, ...] = ()
    """Names as printed, people before organisations; empty where the page names nobody.

    Source: JSON-LD ``author``, meta, microdata, the text's byline. The publisher alone is no author.
    """

    agency: str | None = None
    """News agency or agencies credited, joined by ", "; null without a credit. A mention in prose is none."""

    lead: str | None = None
    """The paragraph that sums the story up, where it is set apart from the body; null where it isn't."""

    body: tuple[Block, ...] = ()
    """The text in reading order: no captions, no teasers, no frame; the lead is not repeated."""

    captions: tuple[str, ...] = ()
    """Texts under the pictures of the article, in page order."""

    published_at: AwareDatetime | None = None
    """When the publisher says it was first published, UTC; see ``published_precision``.

    null where the page gives no date: a guess is not a date.
    Source: JSON-LD ``datePublished``, then ``article:published_time``, then microdata, then the text.
    """

    published_precision: Literal["instant", "day"] | None = None
    """``instant`` where the page gives time and zone, ``day`` where only the day is known (then midnight UTC)."""

    modified_at: AwareDatetime | None = None
    """When the publisher says it was last changed, UTC; null where the page gives none."""

    language: str | None = None
    """Language of the text, ISO 639-1 (or 639-3 without one); null where it can't be told."""

    section: str | None = None
    """Section of the publisher, as printed; null where the page gives none."""

    topics: tuple[str, ...] = ()
    """Topics or keywords that the publisher gives, in its order."""

    images: tuple[Image, ...] = ()
    """Pictures of the article, the main one first."""

    paywalled: bool | None = None
    """Whether the page withholds a part of the text; null where nothing says so.

    Source: ``isAccessibleForFree`` in JSON-LD or microdata, meta, paywall notices.
    """

    word_count: int = Field(ge=0)
    """Words of lead and body; for scripts without spaces their letters."""

    fingerprint: str
    """Digest of what a reader sees (headline, authors, agency, lead, body): 32 hex digits."""

    found_teasers: tuple[str, ...] = ()
    """The ``teaser_id`` of each teaser on the page, in page order."""

    sources: dict[str, str] = Field(default_factory=dict)
    """For each filled field where it came from: jsonld, opengraph, meta, microdata, markup, text, envelope."""


class Article(SplitArticle):
    """One event about an article: it is new, or what a reader sees of it changed.

    Topic: ``articles.v1``. Key: ``article_id``. Every event is whole and replaces what came before.
    """

    status: Literal["new", "revised"]
    """``new`` (revision 1, also after expiry) or ``revised``. More values may come."""

    revision: int = Field(ge=1)
    """1 for a new article, one more at each revision."""

    previous_fingerprint: str | None = None
    """``fingerprint`` of the revision before; null for a new article."""

    provenance: Provenance
    """The page it was read from, and the versions that read it."""
