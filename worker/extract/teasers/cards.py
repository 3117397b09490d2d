"""Cards: what the page shows of one story at one place.

A card is the largest element around the links to one story that holds no link to another one. Two or three
links to one story (picture, headline, "read more") are so one card, whatever the template is called.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extract.document import Document
from worker.extract.lexicon import heading_kind
from worker.extract.lexicon.headings import LONGEST_LABEL
from worker.extract.teasers.links import Link
from worker.extract.teasers.targets import Target

MAX_CARD_TEXT = 700
"""Characters outside links in the largest card: headline, lead, byline and date; a section has more."""

LONG_PIECE = 90
"""Characters of a piece of text that is prose or a lead: a card has one at most."""

_STOPS = frozenset(["body", "html", "main", "nav", "header", "footer", "#document", "form"])
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(slots=True)
class Card:
    """One place where a story is shown."""

    target: Target
    top: int
    """The element that is the card."""

    links: list[int]
    """Its links to the story."""


def long_pieces_of(document: Document) -> list[int]:
    """Return the numbers of the pieces of text that are prose or a lead."""
    pieces = document.pieces
    return [at for at in document.long_pieces if len(pieces[at]) >= LONG_PIECE]


def cards_of(document: Document, links: Sequence[Link], long_pieces: Sequence[int]) -> list[Card]:
    """Return the cards that the links make, in page order.

    Args:
        document: The page.
        links: Its links that may lead to stories, in page order.
        long_pieces: Its pieces of text that are prose or a lead.
    """
    runs: list[tuple[Target, list[int]]] = []
    for link in links:
        if runs and runs[-1][0] is link.target:
            runs[-1][1].append(link.element)
        else:
            runs.append((link.target, [link.element]))
    found: list[Card] = []
    for at, (target, elements) in enumerate(runs):
        before = runs[at - 1][1][-1] if at else -1
        after = runs[at + 1][1][0] if at + 1 < len(runs) else len(document.tags)
        rest = elements
        while rest:
            top = _top(document, rest[0], before, after, long_pieces)
            inside = [each for each in rest if each < document.ends[top]]
            if not _is_heading(document, top):
                found.append(Card(target, top, inside))
            before = inside[-1]
            rest = rest[len(inside) :]
    return found


def _is_heading(document: Document, top: int) -> bool:
    """Tell whether a card is a block's heading that is a link itself: "Latest news", without a picture."""
    end = document.ends[top]
    return (
        document.text_length(top) <= LONGEST_LABEL
        and "img" not in document.tags[top:end]
        and heading_kind(document.text(top)) is not None
    )


def _top(document: Document, element: int, before: int, after: int, long_pieces: Sequence[int]) -> int:
    """Return the largest element around ``element`` between two links to other stories."""
    parents, ends, tags = document.parents, document.ends, document.tags
    starts, text_ends = document.text_starts, document.text_ends
    lengths, linked = document.lengths, document.link_lengths
    top = element
    inside = -1
    while (above := parents[top]) > before and ends[above] <= after and tags[above] not in _STOPS:
        first, end = starts[above], text_ends[above]
        if first != starts[top] or end != text_ends[top]:
            if inside < 0:
                inside = _between(long_pieces, starts[top], text_ends[top])
            within = _between(long_pieces, first, end)
            if within > inside and (within > inside + 1 or tags[top] == "p"):
                break
            if lengths[end] - lengths[first] - linked[end] + linked[first] > MAX_CARD_TEXT:
                break
            if _opens_with_heading(document, above, top):
                break
        top = above
    return top


def _between(numbers: Sequence[int], first: int, end: int) -> int:
    """Return how many of the ascending numbers lie from ``first`` to before ``end``."""
    return bisect_left(numbers, end) - bisect_left(numbers, first)


def _opens_with_heading(document: Document, above: int, top: int) -> bool:
    """Tell whether ``above`` has a block's heading before ``top``."""
    first, end = document.text_starts[above], document.text_starts[top]
    if document.lengths[end] == document.lengths[first]:
        return False
    text = " ".join("".join(document.pieces[first:end]).split())
    if not text:
        return False
    if heading_kind(text):
        return True
    if HEADINGS.isdisjoint(document.tags[above + 1 : top]):
        return False
    return not HEADINGS.isdisjoint(document.tags[top : document.ends[top]])
