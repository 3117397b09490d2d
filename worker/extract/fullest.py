"""What the items of one story come to: of each field the greatest value of one total order.

Filled before empty, linked card before text group before orphan, complete before cut, then what stands earlier on
the page. Of two leads with one head the longer says more.
"""

from collections.abc import Sequence
from typing import Any

from schemas import SplitTeaser, TeaserKind
from worker.extract.items import FoundItem
from worker.identity import fold, story_id, teaser_id

_ELLIPSES = ("…", "...", "[…]", "[...]")
_KINDS = {kind: place for place, kind in enumerate(TeaserKind)}


def teaser_of(key: str, items: Sequence[FoundItem], position: int, site: str) -> SplitTeaser:
    """Return the one teaser that the items of a story come to.

    Args:
        key: Key of the story.
        items: Its items in the order of the page.
        position: Number of the story on the page, from 1.
        site: Site of the page.
    """
    story = story_id(key)
    kind = min([item.kind for item in items], key=_KINDS.__getitem__)
    headline, headline_rank = _best(items, "headline")
    kicker, kicker_rank = _best(items, "kicker")
    lead, lead_rank = _best(items, "lead")
    authors, authors_rank = _best(items, "authors")
    agency, agency_rank = _best(items, "agency")
    image, image_rank = _best(items, "image")
    published_at, published_rank = _best(items, "published_at")
    return SplitTeaser(
        teaser_id=teaser_id(site, story),
        story_id=story,
        kind=kind,
        heading=next((item.heading for item in items if item.kind is kind and item.heading), None),
        position=position,
        headline=headline,
        kicker=kicker,
        lead=lead,
        authors=authors or (),
        agency=agency,
        url=_best(items, "url")[0],
        image=image,
        published_text=_best(items, "published_text")[0],
        published_at=published_at,
        ranks=(headline_rank, kicker_rank, lead_rank, authors_rank, agency_rank, image_rank, published_rank),
    )


def _best(items: Sequence[FoundItem], name: str) -> tuple[Any, int]:
    """Return the greatest value of a field and its rank; None and 0 where no item has it."""
    best, best_rank = None, 0
    for item in items:
        value = getattr(item, name)
        if not value:
            continue
        rank = _rank(item, name, value)
        if rank > best_rank:
            best, best_rank = value, rank
    if name == "lead" and best is not None and len(items) > 1:
        best = _longest(items, best)
    return best, best_rank


def _rank(item: FoundItem, name: str, value: object) -> int:
    """Return 2 x form, and 1 more for a value that is complete."""
    cut = name in item.cut or (isinstance(value, str) and value.endswith(_ELLIPSES))
    return 2 * item.form + (not cut)


def _longest(items: Sequence[FoundItem], lead: str) -> str:
    """Return the longest lead that goes on where ``lead`` ends: of two with one head the longer says more."""
    head = _head(lead)
    longest, length = lead, len(head)
    for item in items:
        if item.lead and item.lead != lead and len(other := _head(item.lead)) > length and other.startswith(head):
            longest, length = item.lead, len(other)
    return longest


def _head(lead: str) -> str:
    """Return the folded lead without the marks of a cut."""
    for mark in _ELLIPSES:
        lead = lead.removesuffix(mark)
    return fold(lead)


def leads_differ(items: Sequence[FoundItem]) -> bool:
    """Tell whether two leads of the story say different things, beyond one being the head of the other."""
    heads = {_head(item.lead) for item in items if item.lead} if len(items) > 1 else set()
    if len(heads) <= 1:
        return False
    longest = max(heads, key=len)
    return any(not longest.startswith(head) for head in heads)
