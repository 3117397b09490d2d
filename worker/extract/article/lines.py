"""The lines of a page: its texts as a browser would set them, each with the element it stands in.

A line ends where an element begins that breaks lines (the document has a break there), and where the nearest
such element around the text changes, which is where one ended.
"""

from collections.abc import Iterator
from typing import NamedTuple

from worker.extract.document import Document

_BR = "\v"


class Line(NamedTuple):
    """One line of text."""

    element: int
    """The nearest breaking element around it."""

    first: int
    """Its first piece of text."""

    end: int
    """One past its last piece."""

    text: str
    """White space folded; never empty."""

    breaks: int
    """How many ``br`` alone part it from the line before in the same element; 0 where more does."""


def lines_between(document: Document, first: int, end: int) -> Iterator[Line]:
    """Yield the lines of the pieces ``first`` to ``end``, in page order."""
    pieces, owners, blocks = document.pieces, document.owners, document.blocks
    start, block, last_block, breaks = first, -1, -1, 0
    for at in range(first, end):
        piece = pieces[at]
        if piece == " ":
            continue
        is_break = piece in ("\n", _BR)
        here = blocks[owners[at]]
        if block >= 0 and (is_break or here != block):
            if text := " ".join("".join(pieces[start:at]).split()):
                yield Line(block, start, at, text, breaks if block == last_block else 0)
                last_block, breaks = block, 0
            start, block = at, -1
        if not is_break:
            block = here
        elif piece == _BR:
            breaks += 1
            start = at + 1
        else:
            last_block = -1
            start = at + 1
    if block >= 0 and (text := " ".join("".join(pieces[start:end]).split())):
        yield Line(block, start, end, text, breaks if block == last_block else 0)
