"""Where the article stands: the smallest element that holds nearly all of the page's prose.

Prose is weighed by the names around it, so that comments and teasers count for little. Going down from the top
as long as one child has nearly all, rather than looking for the heaviest parent, keeps a body whole that is
split over sibling containers: of the paragraphs in fundus pages 97.5 % are inside, against 92 %.
"""

from bisect import bisect_left
from itertools import accumulate
from math import exp
from typing import NamedTuple

from worker.extract.article.surroundings import FRAMES, Surroundings
from worker.extract.document import Document

MIN_PIECE = 40
"""Characters from which a text outside of links counts as prose."""

MAX_COUNTED = 600
"""Characters of one text that count: one long text is no article."""

ROOT_SHARE = 0.75
"""Share of the prose that the root holds. With .7 it lost a part of 4 pages in 265, with .8 it took in more frame."""

FRAMED = frozenset([FRAMES.index(tag) + 1 for tag in ("aside", "footer", "form")])
FRAME_WEIGHT = 0.2
"""What prose in an aside, a footer or a form counts for."""


class Root(NamedTuple):
    """An element as a range."""

    element: int
    """Its number."""

    end: int
    """One past its last descendant."""


def article_root(document: Document, around: Surroundings) -> Root | None:
    """Return the element that holds the article; None for a page without prose."""
    found = _prose(document, around)
    if not found:
        return None
    elements = [element for element, _ in found]
    sums = list(accumulate([weight for _, weight in found], initial=0.0))
    # Elements have their numbers in document order, so the prose inside one is the difference of two sums.
    # An element with over half of the prose holds the middle of it: only what is around that is to be looked at.
    candidate = elements[max(bisect_left(sums, sums[-1] / 2) - 1, 0)]
    while candidate > 0:
        end = document.ends[candidate]
        inside = sums[bisect_left(elements, end)] - sums[bisect_left(elements, candidate)]
        if inside >= ROOT_SHARE * sums[-1]:
            break
        candidate = document.parents[candidate]
    return Root(max(candidate, 0), document.ends[max(candidate, 0)])


def _prose(document: Document, around: Surroundings) -> list[tuple[int, float]]:
    """Return the elements that hold long pieces of text, each with its weight, in document order."""
    pieces, owners, blocks, linked = document.pieces, document.owners, document.blocks, document.link_lengths
    found: list[tuple[int, float]] = []
    for at in document.long_pieces:
        if len(pieces[at]) < MIN_PIECE or linked[at + 1] > linked[at]:
            continue
        block = blocks[owners[at]]
        near = around.of(block)
        if not near.closed:
            weight = min(len(pieces[at]), MAX_COUNTED) / (1 + exp(-(near.names + 1)))
            found.append((block, weight * FRAME_WEIGHT if near.frame in FRAMED else weight))
    found.sort()
    return found
