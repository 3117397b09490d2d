"""The heading over a block: the nearest line before it that is one.

Half of the blocks have a heading that the lexicon knows, a quarter has none at all; so the lexicon names blocks
that structure has found, and a heading element of any wording does where it stands close.
"""

from typing import NamedTuple

from worker.extract.document import Document
from worker.extract.lexicon import Heading, heading_kind
from worker.extract.teasers.cards import HEADINGS

MAX_LINES = 8
"""Lines looked at before a block; tabs and "see all" links stand between heading and items."""

MAX_HEADING = 80
"""Characters of the longest heading; the longest of the labelled ones has 62."""


class Over(NamedTuple):
    """What stands over a block."""

    text: str
    known: Heading | None
    element: int


def heading_before(document: Document, first: int, end: int) -> Over | None:
    """Return the nearest heading in the pieces ``first`` to ``end``, None without one."""
    pieces, owners, blocks, tags = document.pieces, document.owners, document.blocks, document.tags
    at = end - 1
    looked = 0
    fallback: Over | None = None
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
        looked += 1
        at -= 1
        if len(text) > MAX_HEADING:
            break
        known = heading_kind(text)
        if known is not None:
            return Over(text, known, block)
        if fallback is None and tags[block] in HEADINGS:
            fallback = Over(text, None, block)
            break
    return fallback
