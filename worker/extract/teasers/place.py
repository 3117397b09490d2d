"""Where a card stands to the paragraphs of the article: between them it is inline, below them it is not."""

from bisect import bisect_left
from itertools import pairwise, takewhile
from operator import not_

from schemas import TeaserKind
from worker.extract.document import Document
from worker.extract.teasers.blocks import StoryBlock
from worker.extract.teasers.cards import LONG_PIECE
from worker.extract.teasers.looking import Looked
from worker.extract.teasers.names import BITS
from worker.extract.teasers.signals import AMONG_PROSE, SIGNALS

MOST_INLINE = 3
"""Items that stand together at most where they count as inline; of the labelled ones three do."""

_PLACE = SIGNALS.index("place")
_TALK = BITS["talk"]


def is_among_prose(document: Document, looked: Looked, at: int, article: range) -> bool:
    """Tell whether a card stands between paragraphs of the article, alone or with few others.

    Args:
        document: The page.
        looked: Its cards.
        at: Number of the card.
        article: Numbers of the elements that the article stands in.
    """
    return (
        looked.cards[at].top in article
        and looked.rows[at][_PLACE] == AMONG_PROSE
        and _is_among_few(document, looked, at)
        and not _closes(document, looked, looked.blocks[looked.block_of[at]], article)
    )


def _is_among_few(document: Document, looked: Looked, at: int) -> bool:
    """Tell whether few cards of the block stand together with this one, no prose between them."""
    members, lengths = looked.blocks[looked.block_of[at]].members, document.lengths
    tops = [looked.cards[each].top for each in members]
    place = bisect_left(members, at)
    first = max(place - MOST_INLINE, 0)
    apart = [
        lengths[document.text_starts[after]] - lengths[document.text_ends[before]] >= LONG_PIECE
        for before, after in pairwise(tops[first : place + MOST_INLINE + 1])
    ]
    before, after = apart[: place - first], apart[place - first :]
    together = 1 + len([*takewhile(not_, reversed(before))]) + len([*takewhile(not_, after)])
    return together <= MOST_INLINE


def _closes(document: Document, looked: Looked, block: StoryBlock, article: range) -> bool:
    """Tell whether the block is a list of related stories below the last paragraph: then readers' comments follow.

    The heading must say so: of boxes without one that stand last, the labelled ones are inline.
    """
    if len(block.members) == 1 or block.over is None or block.over.kind is not TeaserKind.RELATED:
        return False
    linked = document.link_lengths
    end = document.text_ends[looked.cards[block.members[-1]].top]
    return all(
        _is_talk(document, looked, document.owners[piece], article)
        for piece in range(end, document.text_ends[article.start])
        if len(document.pieces[piece]) >= LONG_PIECE and linked[piece] == linked[piece + 1]
    )


def _is_talk(document: Document, looked: Looked, element: int, article: range) -> bool:
    """Tell whether an element of the article stands among the comments."""
    while element > article.start:
        if looked.names.of(element) & _TALK:
            return True
        element = document.parents[element]
    return False
