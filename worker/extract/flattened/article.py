"""The article of a page of plain lines: byline, lead, body and signature, and the pointers among its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas import Block, BlockKind, TeaserKind
from worker.extract.bylines import Byline, byline, is_name, opening
from worker.extract.flattened.lines import LONGEST_HEADLINE, LONGEST_SUBHEADING, Line
from worker.extract.items import Form, FoundItem
from worker.extract.lexicon import boilerplate_class, inline_label
from worker.identity import fold, is_identifying

LONGEST_SIGNATURE = 60
"""Characters of the longest name that may close a body."""

WORDS_OF_A_NAME = range(2, 6)
"""Words of a name at the foot of the body that no byline at the head confirms."""

_SENTENCE_ENDS = tuple('.!?…:;,"”»)。！？」』।؟۔')


@dataclass(frozen=True, slots=True)
class FlatArticle:
    """The article of a flattened page."""

    headline: str
    byline: Byline
    lead: str | None
    body: tuple[Block, ...]
    captions: tuple[str, ...] = ()
    paywalled: bool | None = None
    """True where a line says that the rest is for subscribers; None where none does."""


def article_of(headline: str, by: Byline, text: Sequence[Line]) -> tuple[FlatArticle, list[FoundItem]]:
    """Return the article of a headline, a byline and the lines below: lead, body and signature."""
    lead, body = (text[0].text if text else None), list(text[1:])
    if body and (signed := _signature(body[-1], by)) is not None:
        by = signed
        body.pop()
    blocks: list[Block] = []
    inline: list[FoundItem] = []
    captions: list[str] = []
    paywalled = None
    for line, after in pairwise([*body, None]):
        if line is None:
            continue
        frame = boilerplate_class(line.text)
        if frame == "paywall":
            paywalled = True
        elif frame is None:
            if (pointer := _inline(line)) is not None:
                inline.append(pointer)
            else:
                blocks.append(_block(line, after))
    return FlatArticle(headline, by, lead, tuple(blocks), tuple(captions), paywalled), inline


def _signature(last: Line, by: Byline) -> Byline | None:
    """Return the byline that the last line of the body confirms or, where the head has none, gives.

    None where the line is text: no signature.
    """
    if len(last.text) > LONGEST_SIGNATURE:
        return None
    foot = byline(last.text)
    if by.authors or by.agency:
        same = [fold(name) for name in foot.authors] == [fold(name) for name in by.authors]
        return by if same and (foot.agency in (None, by.agency)) else None
    if last.text.endswith(_SENTENCE_ENDS):
        return None
    if opening(last.text) or (foot.agency and not foot.authors) or _reads_as_names(last.text, foot):
        return foot
    return None


def _reads_as_names(text: str, foot: Byline) -> bool:
    """Tell whether a last line without any sign of it is a list of names: two to five words, all capitalised."""
    words = text.replace("-", " ").split()
    return (
        bool(foot.authors)
        and all(len(name.split()) in WORDS_OF_A_NAME and is_name(name) for name in foot.authors)
        and all(word[0].isupper() for word in words if word[0].isalpha())
        and not text.isupper()
    )


def _inline(line: Line) -> FoundItem | None:
    """Return the pointer that a line of the body is ("Read also: ..."), None for a line of text."""
    label = inline_label(line.text)
    if label is None or not label.separated or label.heading.ambiguous or not label.rest:
        return None
    if len(label.rest) > LONGEST_HEADLINE or not is_identifying(fold(label.rest)):
        return None
    return FoundItem(
        Form.TEXT_GROUP, line.number, headline=label.rest, kind=TeaserKind.INLINE, where=f"line {line.number}"
    )


def _block(line: Line, after: Line | None) -> Block:
    """Return the block of a body line: a short one without an end, before a longer one, is a sub-heading."""
    text = line.text
    if text.startswith("• "):
        return Block(kind=BlockKind.LIST_ITEM, text=text[2:].strip() or text)
    short = len(text) <= LONGEST_SUBHEADING and not text.endswith(_SENTENCE_ENDS)
    is_heading = short and after is not None and len(after.text) > len(text)
    return Block(kind=BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH, text=text)
