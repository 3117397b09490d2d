"""The lines that may be the article's text: all inside its root, and long prose outside of it.

A body that is split over several places, or a lead above the root, is found by its length; short lines outside
the root are never body and cost nothing. A thread of comments is none either.
"""

from bisect import bisect_left
from collections.abc import Iterator

from worker.extract.article.lines import Line, lines_between
from worker.extract.article.root import Root
from worker.extract.article.surroundings import COMMENTS, Around, Surroundings
from worker.extract.document import Document

MIN_OUTSIDE = 60
"""Length, in letters of an alphabet, from which a line outside the root may be body.

It has a long piece then: 60 letters of an alphabet are ``LONG_PIECE`` wide ones.
"""

MAX_OUTSIDE_LINKS = 0.4
"""Share of link text up to which it may."""

WIDE_LETTER = 2.5
"""Letters of an alphabet that a letter of Chinese, Japanese or Korean is worth: its texts are as much shorter."""

_FIRST_WIDE = "\u2e80"


def candidates(document: Document, around: Surroundings, root: Root) -> list[Line]:
    """Return the lines that may be body, in page order."""
    first, last = document.text_starts[root.element], document.text_ends[root.element]
    found = list(_outside(document, around, 0, first))
    found += [each for each in lines_between(document, first, last) if not around.of(each.element).closed]
    found += _outside(document, around, last, len(document.pieces))
    if root.has_thread:
        return [line for line in found if not _is_comment(document, around.of(line.element), root)]
    return found


def effective_length(text: str) -> float:
    """Return the length of the text in letters of an alphabet."""
    return len(text) * WIDE_LETTER if text[len(text) // 2] >= _FIRST_WIDE else len(text)


def link_share(document: Document, line: Line) -> float:
    """Return the share of the line's characters that stand in links, 0 to 1."""
    return _link_share(document, line.first, line.end)


def _is_comment(document: Document, near: Around, root: Root) -> bool:
    """Tell whether something is in a comment; one that is around the whole article is none."""
    return near.part == COMMENTS and not root.is_in(document, near.part_element)


def _link_share(document: Document, first: int, end: int) -> float:
    """Return the same of the pieces ``first`` to ``end``."""
    lengths, linked = document.lengths, document.link_lengths
    total = lengths[end] - lengths[first]
    return (linked[end] - linked[first]) / total if total else 0.0


def _outside(document: Document, around: Surroundings, first: int, end: int) -> Iterator[Line]:
    """Yield the long lines of prose among the pieces ``first`` to ``end``."""
    done = first
    long_pieces = document.long_pieces
    for at in long_pieces[bisect_left(long_pieces, first) : bisect_left(long_pieces, end)]:
        if at < done:
            continue
        start, done = _line_around(document, at, done, end)
        if _link_share(document, start, done) > MAX_OUTSIDE_LINKS:
            continue
        for line in lines_between(document, start, done):
            if effective_length(line.text) >= MIN_OUTSIDE and not around.of(line.element).closed:
                yield line


def _line_around(document: Document, at: int, first: int, end: int) -> tuple[int, int]:
    """Return the first piece and the one past the last of the line that the piece ``at`` stands in."""
    pieces, owners, blocks = document.pieces, document.owners, document.blocks
    block = blocks[owners[at]]
    start = at
    while start > first and _goes_on(pieces[start - 1], blocks[owners[start - 1]], block):
        start -= 1
    stop = at + 1
    while stop < end and _goes_on(pieces[stop], blocks[owners[stop]], block):
        stop += 1
    return start, stop


def _goes_on(piece: str, block: int, line_block: int) -> bool:
    return piece == " " or (block == line_block and piece not in ("\n", "\v"))
