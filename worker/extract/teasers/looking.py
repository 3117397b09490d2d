"""From a page to the cards on it and what each looks like: what finding and learning share."""

from dataclasses import dataclass

from worker.extract.document import Document
from worker.extract.teasers.blocks import StoryBlock, blocks_of
from worker.extract.teasers.cards import Card, cards_of, long_pieces_of
from worker.extract.teasers.links import story_links
from worker.extract.teasers.names import BLOCK_BITS, Names
from worker.extract.teasers.signals import CardSignals
from worker.extract.teasers.targets import Page


@dataclass(frozen=True, slots=True)
class Looked:
    """The cards of a page."""

    cards: list[Card]
    blocks: list[StoryBlock]
    block_of: list[int]
    """Number of the block of each card."""

    forms: list[tuple[str, int, str]]
    """What cards made from one template have in common."""

    rows: list[list[int]]
    names: Names


def look(document: Document, page: Page) -> Looked:
    """Return all cards that may show a story."""
    links = story_links(document, page)
    long_pieces = long_pieces_of(document)
    cards = cards_of(document, links, long_pieces)
    blocks = blocks_of(document, cards)
    names = Names(document)
    block_of = [0] * len(cards)
    for number, block in enumerate(blocks):
        for at in block.members:
            block_of[at] = number
    tags, parents = document.tags, document.parents
    forms = [(tags[card.top], names.of(card.top) & BLOCK_BITS, tags[parents[card.top]]) for card in cards]
    rows = CardSignals(document, page, links, cards, blocks, names, long_pieces).rows()
    return Looked(cards, blocks, block_of, forms, rows, names)
