"""Blocks: cards that stand side by side, and the heading over them.

A card ends where the next story's link is, so what is directly around it holds several: cards with one element
around them are a block, whatever the template calls it.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas import TeaserKind
from worker.extract.document import Document
from worker.extract.teasers.cards import Card
from worker.extract.teasers.headings import Over, heading_before, row_of

_IN_TABS = (TeaserKind.LATEST, TeaserKind.POPULAR)
"""Kinds of blocks that are shown in tabs: of an hour and of a week, read and shared."""

MOST_RECENT = 4
"""Such blocks that are looked at: links that are no stories make blocks between two tabs."""

MAX_APART = 4
"""Elements between two tabs and what holds both."""

_HOLD_MORE = frozenset(["body", "main", "section", "aside", "article"])
"""Elements that are boxes of their own: two of them are no tabs."""


@dataclass(slots=True)
class StoryBlock:
    """Cards that stand side by side."""

    element: int
    """The element around them."""

    members: list[int] = field(default_factory=list)
    """Numbers of its cards."""

    over: Over | None = None
    """The heading over it."""


def blocks_of(document: Document, cards: Sequence[Card]) -> list[StoryBlock]:
    """Return the blocks that the cards make, in the order of their first cards."""
    found: dict[int, StoryBlock] = defaultdict(lambda: StoryBlock(-1))
    read_to = 0
    recent: deque[tuple[int, list[Over]]] = deque(maxlen=MOST_RECENT)  # elements; the headings of the tabs after each
    for at, card in enumerate(cards):
        around = document.parents[card.top]
        block = found[around]
        if not block.members:
            block.element = around
            over = heading_before(document, read_to, document.text_starts[card.top])
            if over is None:  # a later tab, or the rest of a box that began with one large card, perhaps
                tabs = next((tabs for each, tabs in recent if _goes_on(document, each, tabs[0], around)), [])
            else:
                tabs = row_of(document, over) or [over]
            if tabs:
                block.over, *later = tabs
                if later or block.over.kind in _IN_TABS:
                    recent.appendleft((around, later or tabs))
        block.members.append(at)
        read_to = max(read_to, document.text_ends[card.top])
    return list(found.values())


def _goes_on(document: Document, before: int, over: Over, element: int) -> bool:
    """Tell whether what stood over the element ``before`` stands over this one: beside it, or in the heading's box."""
    box = document.parents[over.element]
    in_box = document.tags[box] not in _HOLD_MORE and box < element < document.ends[box]
    return in_box or _is_beside(document, before, element)


def _is_beside(document: Document, one: int, other: int) -> bool:
    """Tell whether two elements are tabs of one box: below one that holds both, as deep and in the same tags."""
    tags, parents = document.tags, document.parents
    for _ in range(MAX_APART):
        if tags[one] != tags[other] or tags[one] in _HOLD_MORE:
            return False
        one, other = parents[one], parents[other]
        if one == other or one < 0 or other < 0:
            return one == other
    return False
