# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Repeats inside a page become one teaser, in a way that does not depend on the order in which they were found.

A third of all items on news pages are repeats: a picture and a headline with one address, desktop and mobile
copies, a tab with the same list. Here items find their story; what the story then says is told in ``fullest``.
"""

from worker.extract.items cimport FoundItem
from worker.extract.lexicon.lookups cimport boilerplate_class, heading_kind
from worker.identity.folding cimport fold

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter

from schemas import Counts, Decision, Reason, Settled, SplitTeaser, trusted
from worker.extract.fullest import leads_differ, teaser_of
from worker.extract.items import Form
from worker.extract.limits import DEFAULT_LIMITS
from worker.identity import story_key

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
        by_decision = Counter([item.reason.decision for item in self.settled])
        totals = {
            "found": self.found + articles,
            "emitted": None,
            "merged_in_page": by_decision[Decision.MERGED_IN_PAGE],
            "dropped": by_decision[Decision.DROPPED],
            "rejected": by_decision[Decision.REJECTED],
        }
        return trusted(Counts, totals)


cdef object ORPHAN = Form.ORPHAN
cdef object PLACE = attrgetter("place")
cdef object HEADLINE = attrgetter("headline")
cdef object LEAD = attrgetter("lead")


cdef class Group:
    """The items of one story, by place, and those that join it without a word of their own."""

    cdef readonly str key
    cdef readonly list items
    cdef readonly list settled  # pairs of an item and the reason

    def __cinit__(self, str key, FoundItem item):
        self.key, self.items, self.settled = key, [item], []

    @property
    def place(self):
        """Where its first item stands."""
        return (<FoundItem>self.items[0]).place


def merge(items, *, str site not None, frozenset own_keys not None, limits=DEFAULT_LIMITS):
    """Return one teaser a story, and what became of all other items. Pure; the order of ``items`` is of no account.

    Args:
        items: The ``FoundItem``s of the page.
        site: Site of the page.
        own_keys: Story keys of the page itself; items that point there are dropped.
        limits: How many teasers are kept.
    """
    cdef Group group
    cdef FoundItem item
    cdef dict groups = {}
    cdef list ordered = sorted(items, key=PLACE), settled = [], teasers = []
    put_all(ordered, site, own_keys, groups, settled)
    adopt(groups, [item for item in ordered if item.form is ORPHAN and item.settled_as is None], settled)
    stories = sorted(groups.values(), key=PLACE)
    kept, over = stories[: limits.max_teasers], stories[limits.max_teasers :]
    for position, group in enumerate(kept, start=1):
        teaser = teaser_of(group.key, group.items, position, site)
        teasers.append(teaser)
        repeats = [(item, Reason.REPEAT_IN_PAGE) for item in group.items[1:]]
        for item, reason in (*repeats, *group.settled):
            settled.append((item.place, settled_item(item, reason, teaser.teaser_id)))
    conflict = any([leads_differ(group.items) for group in kept])
    return Merged(
        teasers=tuple(teasers),
        settled=tuple([entry for _, entry in sorted(settled, key=itemgetter(0))]),
        flags=("teasers_cut",) * bool(over) + ("lead_conflict",) * conflict,
        found=len(ordered) - sum([len(group.items) + len(group.settled) for group in over]),
    )


cdef int put_all(list ordered, str site, frozenset own_keys, dict groups, list settled) except -1:
    """Put the items into their stories; items without address join the one story of their headline.

    What is settled goes to ``settled``, with its place.
    """
    cdef dict keys = {}
    cdef list loose = []
    cdef Group group
    cdef FoundItem item
    for item in ordered:
        if item.settled_as is not None:
            settled.append((item.place, settled_item(item, item.settled_as)))
        elif item.form is ORPHAN:
            continue
        elif item.url is None:
            loose.append(item)
        else:
            if item.url not in keys:
                keys[item.url] = story_key(item.url, None, site)
            put(item, keys[item.url] or headline_key(item, site), own_keys, groups, settled)
    if not loose:
        return 0
    by_headline = by_folded(groups, HEADLINE)
    for item in loose:
        key = by_headline.get(fold(item.headline or "")) or headline_key(item, site)
        put(item, key, own_keys, groups, settled)
    for group in groups.values():
        group.items.sort(key=PLACE)
    return 0


cdef int put(FoundItem item, str key, frozenset own_keys, dict groups, list settled) except -1:
    """Put one item into the group of its key, or settle it."""
    if key is None:
        settled.append((item.place, settled_item(item, Reason.NO_IDENTITY)))
    elif key in own_keys:
        settled.append((item.place, settled_item(item, Reason.SELF_LINK)))
    elif key in groups:
        (<Group>groups[key]).items.append(item)
    else:
        groups[key] = Group(key, item)
    return 0


cdef str headline_key(FoundItem item, str site):
    """Return the key of an item without a usable address; a label of the frame or a heading names no story."""
    if item.headline is None or boilerplate_class(item.headline) or heading_kind(item.headline):
        return None
    return story_key(None, item.headline, site)


cdef dict by_folded(dict groups, text):
    """Return the key of the story by its folded text, where only one story of the page has it."""
    cdef Group group
    found = defaultdict(set)
    for group in groups.values():
        for item in group.items:
            folded = fold(text(item) or "")
            if folded:
                found[folded].add(group.key)
    return {folded: next(iter(keys)) for folded, keys in found.items() if len(keys) == 1}


cdef int adopt(dict groups, list orphans, list settled) except -1:
    """Give each orphan to the story that it repeats; settle the others."""
    if not orphans:
        return 0
    cdef FoundItem item
    by_headline, by_lead = by_folded(groups, HEADLINE), by_folded(groups, LEAD)
    for item in orphans:
        if (key := by_headline.get(fold(item.headline or ""))) is not None:
            (<Group>groups[key]).settled.append((item, Reason.ORPHAN_HEADLINE))
        elif (key := by_lead.get(fold(item.lead or ""))) is not None:
            (<Group>groups[key]).settled.append((item, Reason.ORPHAN_LEAD))
        else:
            settled.append((item.place, settled_item(item, item.otherwise)))
    return 0


cdef object settled_item(FoundItem item, reason, teaser=None):
    """Return what is kept of an item that is not passed on."""
    shown = item.headline or item.lead
    return Settled(reason, shown[:SHOWN_CHARACTERS] if shown else None, item.url, item.where, teaser)
