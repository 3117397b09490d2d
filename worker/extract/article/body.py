"""The body of the article: which lines of the page are its text, in order.

Evidence is combined, not a cascade of first hits: every candidate line is scored by all its signals, then
corrected by what the lines around it scored.
"""

from collections.abc import Collection
from typing import NamedTuple

from schemas import Block, BlockKind
from worker.extract.article.candidates import candidates
from worker.extract.article.line_texts import bare
from worker.extract.article.lines import Line
from worker.extract.article.root import Root
from worker.extract.article.scorecard import contexts, scorecard
from worker.extract.article.signals import LineSignals
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document
from worker.extract.metadata import Metadata, plain
from worker.extract.repeats import repeats_of
from worker.extract.teasers import FoundTeasers

MIN_ARTICLE_BODY = 200
"""Letters of JSON-LD's ``articleBody`` from which it is worth a look: shorter ones are the description again."""

KIND_LEVELS = 4
"""Elements that a block's kind is looked for in, from its own upwards."""


class Judged(NamedTuple):
    """A candidate line and how it was judged."""

    line: Line
    score: float
    """In log odds: body from 0."""

    signals: list[int]
    """Its codes, in the order of ``SIGNALS``."""


def judge_lines(document: Document, metadata: Metadata, around: Surroundings, root: Root) -> list[Judged]:
    """Return every line of the page that may be body, with its score, in page order."""
    lines = candidates(document, around, root)
    if not lines:
        return []
    card = scorecard()
    looked = LineSignals(document, lines, root, around, *told_texts(document, metadata))
    rows = looked.rows()
    parents = [document.parents[line.element] for line in lines]
    scores = card.corrected(rows, contexts(rows, card.scores(rows), parents, looked.shapes))
    return [Judged(*each) for each in zip(lines, scores, rows, strict=True)]


def told_texts(document: Document, metadata: Metadata) -> tuple[Collection[str], str]:
    """Return what the page says of itself (headlines, description), and the letters of the body in JSON-LD."""
    told = {
        metadata.title,
        metadata.meta("og:title"),
        metadata.meta("og:description"),
        metadata.meta("description"),
        plain(metadata.article.get("headline")),
        *[document.text(each) for each in document.by_tag["h1"]],
    }
    body = plain(metadata.article.get("articleBody"))
    letters = bare(body) if body else ""
    return told - {None, ""}, letters if len(letters) >= MIN_ARTICLE_BODY else ""  # type: ignore[return-value]


def body_lines(document: Document, judged: list[Judged], headline: str, teasers: FoundTeasers) -> list[Line]:
    """Return the lines of the text, in reading order.

    Args:
        document: The page.
        judged: Its lines.
        headline: The article's headline: it is not repeated.
        teasers: The page's: nothing in them is body, nor a line that repeats one.
    """
    taken, repeats = teasers.elements, repeats_of(teasers.items)
    return [
        line
        for line, score, _ in judged
        if score >= 0
        and line.text != headline
        and not repeats(line.text)
        and not (taken and _is_taken(document, line.element, taken))
    ]


def body_blocks(document: Document, lines: list[Line]) -> tuple[Block, ...]:
    """Return the lines as blocks; a heading over nothing, at the end, is none."""
    found = [Block(kind=_kind(document, line.element), text=line.text) for line in lines]
    while found and found[-1].kind is BlockKind.HEADING:
        found.pop()
    return tuple(found)


def _is_taken(document: Document, element: int, taken: Collection[int]) -> bool:
    while element >= 0:
        if element in taken:
            return True
        element = document.parents[element]
    return False


def _kind(document: Document, element: int) -> BlockKind:
    """Return the kind of a block by its element, or by one closely around it where that says nothing."""
    for _ in range(KIND_LEVELS):
        if element < 0:
            break
        tag = document.tags[element]
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            return BlockKind.HEADING
        if tag == "li":
            return BlockKind.LIST_ITEM
        if tag == "blockquote":
            return BlockKind.QUOTE
        if tag not in ("p", "div", "span"):
            break
        element = document.parents[element]
    return BlockKind.PARAGRAPH
