"""Blocks: cards that stand side by side, and the heading over them.

A card ends where the next story's link is, so what is directly around it holds several: cards with one element
around them are a block, whatever the template calls it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from worker.extract.document import Document
from worker.extract.teasers.cards import Card
from worker.extract.teasers.headings import Over, heading_before


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
    for at, card in enumerate(cards):
        around = document.parents[card.top]
        block = found[around]
        if not block.members:
            block.element = around
            block.over = heading_before(document, read_to, document.text_starts[card.top])
        block.members.append(at)
        read_to = max(read_to, document.text_ends[card.top])
    return list(found.values())
