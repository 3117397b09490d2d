"""Ids from content: never from a clock, an offset or chance, so that a replay makes the same. **Pure**.

Each is blake2b of 16 bytes over a tag and the parts, joined by U+001F: 32 hex digits.
"""

from datetime import UTC, datetime
from hashlib import blake2b

from worker.identity.addresses import address_key, is_front_page
from worker.identity.folding import fold, is_identifying
from worker.identity.sites import site_of

ID_BYTES = 16
"""Of an id, and of a key in the state: two of 10 billion ids are equal with a chance of 1 in 7e18."""

_JOINER = "\x1f"

_STORY, _TEASER, _EVENT = [
    blake2b(f"{tag}{_JOINER}".encode(), digest_size=ID_BYTES) for tag in ("story", "teaser", "event")
]
"""Begun with the tags: going on from a copy takes half the time."""


def story_key(url: str | None, headline: str | None, site: str) -> str | None:
    """Return what names the story: its address, else site and folded headline, else None.

    Args:
        url: Absolute address of the story; None where the page gives none.
        headline: Its headline as shown, no label ("read more"): those are the caller's to know.
        site: Site of the page that shows it; it counts only without an address.
    """
    if url is not None and (key := address_key(url)) is not None:
        return key
    folded = fold(headline) if headline else ""
    return f"{site}{_JOINER}{folded}" if is_identifying(folded) else None


def article_story(url: str | None, canonical_url: str | None, headline: str | None, site: str) -> str | None:
    """Return the key of the story that a page tells: its canonical address counts only on its own site.

    A canonical address that is a front page, on another page than that, is a template's mistake.

    Args:
        url: Address the page was fetched from; None for a page without one.
        canonical_url: The address that the publisher gives the page; None where it gives none.
        headline: The article's headline.
        site: Site of the page.
    """
    if canonical_url is not None and url is not None and site_of(canonical_url, "") == site:
        key = address_key(canonical_url)
        if key is not None and (not is_front_page(canonical_url) or key == address_key(url)):
            return key
    return story_key(url, headline, site)


def story_id(key: str) -> str:
    """Return the id of the story that ``key`` of ``story_key`` names; an article's ``article_id``."""
    return _digest(_STORY, key)


def teaser_id(site: str, story: str) -> str:
    """Return the id of a site's pointer to the story with the id ``story``."""
    return _digest(_TEASER, site, story)


def page_id(url: str | None, fetched_at: datetime | None, body: bytes) -> str:
    """Return the id of one delivery of a page.

    Args:
        url: Address it was fetched from; None without one.
        fetched_at: When it was fetched, aware, as received; None where the crawler doesn't say.
        body: Its bytes, as fetched.
    """
    at = "" if fetched_at is None else fetched_at.astimezone(UTC).isoformat()
    head = _JOINER.join(("page", url or "", at, "")).encode("utf-8", "surrogatepass")
    digest = blake2b(head, digest_size=ID_BYTES)
    digest.update(body)
    return digest.hexdigest()


def event_id(record_type: str, record_id: str, page: str) -> str:
    """Return the id of the event that the page with the id ``page`` makes of a record: at most one.

    Args:
        record_type: ``article`` or ``teaser``.
        record_id: ``article_id`` or ``teaser_id``.
        page: A ``page_id``.
    """
    return _digest(_EVENT, record_type, record_id, page)


def _digest(begun: blake2b, *parts: str) -> str:
    digest = begun.copy()
    # A lone surrogate can't come from an address or from decoded bytes, but the text is a stranger's.
    digest.update(_JOINER.join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
