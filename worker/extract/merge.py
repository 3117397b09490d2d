"""Repeats inside a page become one teaser, in a way that does not depend on the order in which they were found.

A third of all items on news pages are repeats: a picture and a headline with one address, desktop and mobile
copies, a tab with the same list. Here items find their story; what the story then says is told in ``fullest``.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from schemas import Counts, Decision, Reason, Settled, SplitTeaser
from worker.extract.fullest import leads_differ, teaser_of
from worker.extract.items import Form, FoundItem
from worker.extract.lexicon import boilerplate_class, heading_kind
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.identity import fold, story_key

SHOWN_CHARACTERS = 200
"""Characters of a headline kept of an item that is not passed on: enough to know it again."""


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
    teasers = [teaser_of(group.key, group.items, place, site) for place, group in enumerate(kept, start=1)]
    for group, teaser in zip(kept, teasers, strict=True):
        settled += [
            (item.place, _settled(item, reason, teaser.teaser_id))
            for item, reason in (*((item, Reason.REPEAT_IN_PAGE) for item in group.items[1:]), *group.settled)
        ]
    conflict = any(leads_differ(group.items) for group in kept)
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
