"""Repeats inside a page become one teaser, in a way that does not depend on the order in which they were found.

A third of all items on news pages are repeats: a picture and a headline with one address, desktop and mobile
copies, a tab with the same list. Each field keeps the greatest value of one total order: filled before empty,
linked card before text group before orphan, complete before cut, then what stands earlier on the page.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Any

from schemas import Counts, Decision, Reason, Settled, SplitTeaser, TeaserKind
from worker.extract.lexicon import boilerplate_class, heading_kind
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.identity import fold, story_id, story_key, teaser_id

SHOWN_CHARACTERS = 200
"""Characters of a headline kept of an item that is not passed on: enough to know it again."""

_ELLIPSES = ("…", "...", "[…]", "[...]")
_KINDS = {kind: place for place, kind in enumerate(TeaserKind)}


class Form(IntEnum):
    """How an item stands on the page, the poorer before the richer; the figure is part of the ranks."""

    ORPHAN = 1
    """A lone line that repeats a headline or lead of the page."""

    TEXT_GROUP = 2
    """Lines of a flattened page."""

    LINKED_CARD = 3
    """An item with a link."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One item as it stands on the page, before repeats are merged."""

    form: Form
    """How it stands there."""

    place: int
    """Where it stands: any number that grows along the page and is no other item's."""

    headline: str | None = None
    """Its headline; None where it shows none, or only a label that is none ("read more")."""

    kicker: str | None = None
    """The short line over the headline."""

    lead: str | None = None
    """The text under the headline."""

    authors: tuple[str, ...] = ()
    """Names of its byline."""

    agency: str | None = None
    """Agency of its byline."""

    url: str | None = None
    """Absolute http(s) address that it points to."""

    image: str | None = None
    """Absolute http(s) address of its picture."""

    published_text: str | None = None
    """The date or age shown."""

    published_at: datetime | None = None
    """The same as an aware time in UTC, where the markup says it exactly."""

    kind: TeaserKind = TeaserKind.OTHER
    """Kind of its block."""

    heading: str | None = None
    """Heading of its block."""

    where: str | None = None
    """Element path or source lines, for who asks why."""

    cut: frozenset[str] = frozenset()
    """Fields known to be cut short. Texts that end in an ellipsis need not be named."""

    settled_as: Reason | None = None
    """Set where the finder has decided that it is no teaser: it is counted for that and goes no further."""

    otherwise: Reason = Reason.UNASSIGNED
    """What becomes of an orphan that repeats nothing."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a page's items come to."""

    teasers: tuple[SplitTeaser, ...] = ()
    """One a story, in the order of first sight."""

    settled: tuple[Settled, ...] = ()
    """Every item that is not passed on, with its reason."""

    flags: tuple[str, ...] = ()
    """``teasers_cut`` where there were more than are kept; ``lead_conflict`` where repeats disagree."""

    found: int = 0
    """Items that were looked at."""

    def flagged(self, flags: tuple[str, ...]) -> "Merged":
        """Return the same with further flags."""
        return replace(self, flags=tuple(dict.fromkeys((*flags, *self.flags))))

    def with_settled(self, item: Settled) -> "Merged":
        """Return the same with one more item that is not passed on, such as an article without identity."""
        return replace(self, settled=(item, *self.settled), found=self.found + 1)

    def counts(self, *, articles: int) -> Counts:
        """Return the totals of a page with so many articles, 0 or 1."""
        by_decision = Counter(item.reason.decision for item in self.settled)
        return Counts(
            found=self.found + articles,
            merged_in_page=by_decision[Decision.MERGED_IN_PAGE],
            dropped=by_decision[Decision.DROPPED],
            rejected=by_decision[Decision.REJECTED],
        )


@dataclass(slots=True)
class _Group:
    """The items of one story, by place."""

    key: str
    items: list[FoundItem] = field(default_factory=list)
    settled: list[tuple[FoundItem, Reason]] = field(default_factory=list)


def merge(
    items: Iterable[FoundItem], *, site: str, own_keys: frozenset[str], limits: Limits = DEFAULT_LIMITS
) -> Merged:
    """Return one teaser a story, and what became of all other items. Pure; the order of ``items`` is of no account.

    Args:
        items: What was found on the page.
        site: Site of the page.
        own_keys: Story keys of the page itself; items that point there are dropped.
        limits: How many teasers are kept.
    """
    ordered = sorted(items, key=lambda item: item.place)
    groups, settled = _grouped(ordered, site, own_keys)
    settled += _adopt(groups, [item for item in ordered if item.form is Form.ORPHAN and item.settled_as is None])
    stories = sorted(groups.values(), key=lambda group: group.items[0].place)
    kept, over = stories[: limits.max_teasers], stories[limits.max_teasers :]
    teasers = [_teaser(group, place, site) for place, group in enumerate(kept, start=1)]
    for group, teaser in zip(kept, teasers, strict=True):
        settled += [
            (item.place, _settled(item, reason, teaser.teaser_id))
            for item, reason in (*((item, Reason.REPEAT_IN_PAGE) for item in group.items[1:]), *group.settled)
        ]
    conflict = any(_leads_differ(group.items) for group in kept)
    return Merged(
        teasers=tuple(teasers),
        settled=tuple(entry for _, entry in sorted(settled, key=lambda pair: pair[0])),
        flags=("teasers_cut",) * bool(over) + ("lead_conflict",) * conflict,
        found=len(ordered) - sum(len(group.items) + len(group.settled) for group in over),
    )


_Places = list[tuple[int, Settled]]


def _grouped(ordered: Sequence[FoundItem], site: str, own_keys: frozenset[str]) -> tuple[dict[str, _Group], _Places]:
    """Put the items into their stories; items without address join the one story of their headline."""
    groups: dict[str, _Group] = {}
    settled: _Places = []
    keys: dict[str, str | None] = {}
    loose: list[FoundItem] = []
    for item in ordered:
        if item.settled_as is not None:
            settled.append((item.place, _settled(item, item.settled_as)))
        elif item.form is Form.ORPHAN:
            continue
        elif item.url is None:
            loose.append(item)
        else:
            if item.url not in keys:
                keys[item.url] = story_key(item.url, None, site)
            _put(item, keys[item.url] or _headline_key(item, site), groups, settled, own_keys)
    by_headline = _by_folded(groups, lambda item: item.headline) if loose else {}
    for item in loose:
        key = by_headline.get(fold(item.headline or "")) or _headline_key(item, site)
        _put(item, key, groups, settled, own_keys)
    for group in groups.values():
        group.items.sort(key=lambda item: item.place)
    return groups, settled


def _put(
    item: FoundItem, key: str | None, groups: dict[str, _Group], settled: _Places, own_keys: frozenset[str]
) -> None:
    """Put one item into the group of its key, or settle it."""
    if key is None:
        settled.append((item.place, _settled(item, Reason.NO_IDENTITY)))
    elif key in own_keys:
        settled.append((item.place, _settled(item, Reason.SELF_LINK)))
    elif key in groups:
        groups[key].items.append(item)
    else:
        groups[key] = _Group(key, [item])


def _headline_key(item: FoundItem, site: str) -> str | None:
    """Return the key of an item without a usable address; a label of the frame or a heading names no story."""
    if item.headline is None or boilerplate_class(item.headline) or heading_kind(item.headline):
        return None
    return story_key(None, item.headline, site)


def _by_folded(groups: dict[str, _Group], text: Callable[[FoundItem], str | None]) -> dict[str, str]:
    """Return the key of the story by its folded text, where only one story of the page has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, group in groups.items():
        for item in group.items:
            if folded := fold(text(item) or ""):
                found[folded].add(key)
    return {folded: next(iter(keys)) for folded, keys in found.items() if len(keys) == 1}


def _adopt(groups: dict[str, _Group], orphans: Sequence[FoundItem]) -> _Places:
    """Give each orphan to the story that it repeats; return the settled others."""
    if not orphans:
        return []
    settled: _Places = []
    by_headline, by_lead = _by_folded(groups, lambda item: item.headline), _by_folded(groups, lambda item: item.lead)
    for item in orphans:
        if (key := by_headline.get(fold(item.headline or ""))) is not None:
            groups[key].settled.append((item, Reason.ORPHAN_HEADLINE))
        elif (key := by_lead.get(fold(item.lead or ""))) is not None:
            groups[key].settled.append((item, Reason.ORPHAN_LEAD))
        else:
            settled.append((item.place, _settled(item, item.otherwise)))
    return settled


def _settled(item: FoundItem, reason: Reason, teaser: str | None = None) -> Settled:
    """Return what is kept of an item that is not passed on."""
    shown = item.headline or item.lead
    return Settled(reason, shown[:SHOWN_CHARACTERS] if shown else None, item.url, item.where, teaser)


def _teaser(group: _Group, position: int, site: str) -> SplitTeaser:
    """Return the one teaser that the items of a story come to."""
    items = group.items
    story = story_id(group.key)
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


def _leads_differ(items: Sequence[FoundItem]) -> bool:
    """Tell whether two leads of the story say different things, beyond one being the head of the other."""
    heads = {_head(item.lead) for item in items if item.lead} if len(items) > 1 else set()
    if len(heads) <= 1:
        return False
    longest = max(heads, key=len)
    return any(not longest.startswith(head) for head in heads)
