"""The heading over a block: the nearest line before it that is one.

Half of the blocks have a heading that the lexicon knows, a quarter has none at all; so the lexicon names blocks
that structure has found, and a heading element of any wording does where it stands close.
"""

from collections.abc import Iterator
from typing import NamedTuple

from schemas import TeaserKind
from worker.extract.document import Document
from worker.extract.lexicon import Heading, heading_kind, rolling_kind
from worker.extract.teasers.cards import HEADINGS

MAX_LINES = 8
"""Lines looked at before a block; tabs and "see all" links stand between heading and items."""

MAX_HEADING = 80
"""Characters of the longest heading; the longest of the labelled ones has 62."""

MAX_INSIDE = 3
"""Elements around a tab's label that hold nothing else."""

MAX_ROW = 240
"""Characters of all labels of a row, white space between them included."""


class Over(NamedTuple):
    """What stands over a block."""

    text: str
    known: Heading | None
    element: int

    @property
    def kind(self) -> TeaserKind | None:
        """What kind of block the heading names; None where its words say none."""
        return rolling_kind(self.text) if self.known is None else self.known.kind


def heading_before(document: Document, first: int, end: int) -> Over | None:
    """Return the nearest heading in the pieces ``first`` to ``end``, None without one.

    A known wording that is a link may stand beside the heading ("See more"): then the heading above it counts.
    """
    pieces, owners, blocks, tags = document.pieces, document.owners, document.blocks, document.tags
    at = end - 1
    looked = 0
    beside: Over | None = None
    while at >= first and looked < MAX_LINES:
        piece = pieces[at]
        if piece.isspace():
            at -= 1
            continue
        block = blocks[owners[at]]
        start = max(document.text_starts[block], first)
        stop = at + 1
        while at > start and pieces[at] not in ("\n", "\v"):
            at -= 1
        text = " ".join("".join(pieces[at:stop]).split())
        is_link = document.link_lengths[stop] > document.link_lengths[stop - 1]
        looked += 1
        at -= 1
        if len(text) > MAX_HEADING:
            break
        known = heading_kind(text)
        if tags[block] in HEADINGS or (known is not None and not is_link):
            return Over(text, known, block) if known is not None or beside is None else beside
        if known is not None and beside is None:
            beside = Over(text, known, block)
    return beside


def row_of(document: Document, over: Over) -> list[Over]:
    """Return the labels that stand in a row with this heading, itself among them: those of tabs.

    Empty where it stands alone, or no other of them is a known heading, or one is a link ("See more").
    """
    if over.known is None:
        return []
    element = over.element
    for _ in range(MAX_INSIDE):
        element = document.parents[element]
        if element < 0 or document.text_length(element) > MAX_ROW or document.link_text_length(element):
            return []
        if len(document.text(element)) > len(over.text):
            texts = [(each, document.text(each)) for each in _children(document, element)]
            row = [Over(text, heading_kind(text), each) for each, text in texts if text]
            return row if len({each.text for each in row if each.known is not None}) > 1 else []
    return []


def _children(document: Document, element: int) -> Iterator[int]:
    child = element + 1
    while child < document.ends[element]:
        yield child
        child = document.ends[child]
