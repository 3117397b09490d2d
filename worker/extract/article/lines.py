"""The lines of a page: its texts as a browser would set them, each with the element it stands in."""

from bisect import bisect_left
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
    pieces, breaks = document.pieces, document.breaks
    breaks = breaks[bisect_left(breaks, first) : bisect_left(breaks, end)]
    count = 0
    start = first
    for at in (*breaks, end):
        if at > start:
            text = pieces[start] if at == start + 1 else "".join(pieces[start:at])
            if folded := " ".join(text.split()):
                yield Line(document.blocks[document.owners[_first_text(pieces, start)]], start, at, folded, count)
                count = 0
        count = count + 1 if at < end and pieces[at] == _BR else 0
        start = at + 1


def _first_text(pieces: list[str], start: int) -> int:
    while pieces[start].isspace():
        start += 1
    return start
