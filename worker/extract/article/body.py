"""The body of the article: which lines of the page are its text."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from schemas import Block, BlockKind
from worker.extract.article.lines import Line, lines_between
from worker.extract.document import Document

MIN_PROSE_CHARACTERS = 60
"""Shortest line that speaks for a container; menus and labels are shorter."""

MAX_PROSE_LINKS = 0.4
"""Share of link text up to which a line is prose."""

FRAME = frozenset(["nav", "footer", "aside", "form", "button", "select", "noscript", "figcaption", "dialog", "label"])
"""Elements whose text is no body."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where the article's text stands."""

    element: int
    """The element around it."""

    first: int
    """Its first piece of text."""

    end: int
    """One past its last piece."""


def article_root(document: Document) -> Root | None:
    """Return the element that holds most of the page's prose; None for a page without prose."""
    framed = _framed(document)
    weights: dict[int, float] = defaultdict(float)
    for line in lines_between(document, 0, len(document.pieces)):
        length = len(line.text)
        if length < MIN_PROSE_CHARACTERS or framed[line.element]:
            continue
        if link_share(document, line) > MAX_PROSE_LINKS:
            continue
        parent = document.parents[line.element]
        if parent < 0:
            continue
        weights[parent] += min(length, 600)
        if (above := document.parents[parent]) >= 0:
            weights[above] += min(length, 600) * 0.6
            if (higher := document.parents[above]) >= 0:
                weights[higher] += min(length, 600) * 0.4
    if not weights:
        return None
    best = max(weights, key=lambda each: (weights[each], -each))
    return Root(best, document.text_starts[best], document.text_ends[best])


def body_blocks(document: Document, root: Root, taken: Collection[int] = ()) -> tuple[Block, ...]:
    """Return the blocks of the body, in reading order.

    Args:
        document: The page.
        root: Where its article stands.
        taken: Elements that are teasers: nothing in them is body.
    """
    framed = _framed(document, taken)
    found = []
    for line in lines_between(document, root.first, root.end):
        if framed[line.element]:
            continue
        kind = _kind(document, line.element)
        share = link_share(document, line)
        if kind is BlockKind.HEADING:
            if share < 0.5:
                found.append(Block.model_construct(kind=kind, text=line.text))
            continue
        if share > 0.5 or (len(line.text) < 25 and document.tags[line.element] != "p"):
            continue
        found.append(Block.model_construct(kind=kind, text=line.text))
    while found and found[-1].kind is BlockKind.HEADING:
        found.pop()
    return tuple(found)


def link_share(document: Document, line: Line) -> float:
    """Return the share of the line's characters that stand in links."""
    linked = document.link_lengths[line.end] - document.link_lengths[line.first]
    total = document.lengths[line.end] - document.lengths[line.first]
    return linked / total if total else 0.0


def _framed(document: Document, taken: Collection[int] = ()) -> Sequence[bool]:
    """Tell of each element whether it stands in what is no body."""
    found: list[bool] = []
    for number, (tag, parent) in enumerate(zip(document.tags, document.parents, strict=True)):
        found.append(tag in FRAME or number in taken or (parent >= 0 and found[parent]))
    return found


def _kind(document: Document, element: int) -> BlockKind:
    """Return the kind of a block by its elements."""
    for each in (element, *document.ancestors(element)[:3]):
        tag = document.tags[each]
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            return BlockKind.HEADING
        if tag == "li":
            return BlockKind.LIST_ITEM
        if tag == "blockquote":
            return BlockKind.QUOTE
        if tag not in ("p", "div", "span"):
            break
    return BlockKind.PARAGRAPH
