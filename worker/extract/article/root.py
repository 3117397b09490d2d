"""Where the article stands: the smallest element that holds nearly all of the page's prose.

Prose is weighed by the names around it, so that comments and teasers count for little. Going down from the top
as long as one child has nearly all, rather than looking for the heaviest parent, keeps a body whole that is
split over sibling containers: of the paragraphs in fundus pages 97.5 % are inside, against 92 %. Where a thread of
comments has nearly all, it counts for nothing: it is about something else on the page.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import exp
from typing import NamedTuple

from worker.extract.article.surroundings import COMMENTS, FRAMES, Surroundings
from worker.extract.document import Document

MIN_PIECE = 40
"""Characters from which a text outside of links counts as prose."""

MAX_COUNTED = 600
"""Characters of one text that count: one long text is no article."""

ROOT_SHARE = 0.75
"""Share of the prose that the root holds. With .7 it lost a part of 4 pages in 265, with .8 it took in more frame."""

MIN_THREAD = 3
"""Comments with prose from which they are a thread: templates call a body a comment, too, but not three of them."""

FRAMED = frozenset([FRAMES.index(tag) + 1 for tag in ("aside", "footer", "form")])
FRAME_WEIGHT = 0.2
"""What prose in an aside, a footer or a form counts for."""


class Root(NamedTuple):
    """An element as a range."""

    element: int
    """Its number."""

    end: int
    """One past its last descendant."""

    has_thread: bool
    """Whether the page has a thread of comments, which is no part of the article."""

    def is_in(self, document: Document, element: int) -> bool:
        """Tell whether it is the element or stands in it."""
        return element <= self.element < document.ends[element]


class _Prose(NamedTuple):
    """A long piece of text."""

    element: int
    weight: float
    comment: int
    """The comment that it stands in; -1 for none."""


def article_root(document: Document, around: Surroundings) -> Root | None:
    """Return the element that holds the article; None for a page without prose."""
    prose = _prose(document, around)
    if not prose:
        return None
    own = [each for each in prose if each.comment < 0]
    has_thread = bool(own) and len({each.comment for each in prose if each.comment >= 0}) >= MIN_THREAD
    element = _smallest_around(document, prose)
    if has_thread and not any(element <= each.element < document.ends[element] for each in own):
        element = _smallest_around(document, own)
    return Root(element, document.ends[element], has_thread)


def _smallest_around(document: Document, prose: Sequence[_Prose]) -> int:
    """Return the smallest element that holds nearly all of the prose."""
    elements = [each.element for each in prose]
    sums = list(accumulate([each.weight for each in prose], initial=0.0))
    # Elements have their numbers in document order, so the prose inside one is the difference of two sums.
    # An element with over half of the prose holds the middle of it: only what is around that is to be looked at.
    candidate = elements[max(bisect_left(sums, sums[-1] / 2) - 1, 0)]
    while candidate > 0:
        end = document.ends[candidate]
        inside = sums[bisect_left(elements, end)] - sums[bisect_left(elements, candidate)]
        if inside >= ROOT_SHARE * sums[-1]:
            break
        candidate = document.parents[candidate]
    return max(candidate, 0)


def _prose(document: Document, around: Surroundings) -> list[_Prose]:
    """Return the long pieces of text, in the order of their elements."""
    pieces, owners, blocks, linked = document.pieces, document.owners, document.blocks, document.link_lengths
    found: list[_Prose] = []
    for at in document.long_pieces:
        if len(pieces[at]) < MIN_PIECE or linked[at + 1] > linked[at]:
            continue
        block = blocks[owners[at]]
        near = around.of(block)
        if not near.closed:
            weight = min(len(pieces[at]), MAX_COUNTED) / (1 + exp(-(near.names + 1)))
            weight *= FRAME_WEIGHT if near.frame in FRAMED else 1
            found.append(_Prose(block, weight, near.part_element if near.part == COMMENTS else -1))
    found.sort()
    return found
