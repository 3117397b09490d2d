"""Pages that arrive as plain lines: headline, byline, lead, body, then groups of headline, byline and lead.

A line that ends in a bar is a byline, and carries the split: the line above it is a headline, the one below a
lead. A heading of the lexicon ends the body. Blank lines carry nothing. What fits nowhere is counted, never
guessed at.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

from schemas import Block, BlockKind, Reason, TeaserKind
from worker.extract.bylines import Byline, byline, is_name, opening
from worker.extract.items import Form, FoundItem
from worker.extract.lexicon import boilerplate_class, heading_kind, inline_label
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.extract.repeats import repeats_of
from worker.identity import fold, is_identifying

LONGEST_BAR_LINE = 120
"""Letters of the longest byline: with more of them the line is prose that happens to end in a bar."""

LONGEST_HEADLINE = 300
"""Characters of the longest headline; a longer first line opens a text without one."""

LONGEST_SUBHEADING = 80
"""Characters of the longest sub-heading in the body."""

LONGEST_SIGNATURE = 60
"""Characters of the longest name that may close a body."""

WORDS_OF_A_NAME = range(2, 6)
"""Words of a name at the foot of the body that no byline at the head confirms."""

LAST_OPENING_LINE = 2
"""Number, from 0, of the last line in which the first bar still belongs to an article: a kicker may stand above."""

BODY_LINES = 2
"""Lines after the first bar that make an article; a list has one, the lead, before its next headline."""

_BARS = "|｜"
_SENTENCE_ENDS = tuple('.!?…:;,"”»)。！？」』।؟۔')
_INVISIBLE = re.compile("[\u00ad\ufeff]")
_EDGES = "\u200b\u200e\u200f\u2060"
_HEADING_KINDS = frozenset((TeaserKind.RELATED, TeaserKind.LATEST, TeaserKind.POPULAR, TeaserKind.SPONSORED))


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something."""

    number: int
    """Its number in the page, from 1."""

    text: str
    """NFC, white space folded."""

    is_bar: bool
    """Whether it is a byline that ends in a bar, or the bar alone."""


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


@dataclass(frozen=True, slots=True)
class FlatPage:
    """What a flattened page holds."""

    article: FlatArticle | None = None
    """None for a list page."""

    items: tuple[FoundItem, ...] = ()
    """Its items, repeats not merged yet."""

    flags: tuple[str, ...] = ()
    """``teasers_cut`` where there were more items than are looked at."""


def read_flattened(text: str, limits: Limits = DEFAULT_LIMITS) -> FlatPage:
    """Return the article and the items of a page of plain lines. Pure, total, linear in the page."""
    lines = [*islice(_lines(text), limits.max_lines)]
    bars = [at for at, line in enumerate(lines) if line.is_bar]
    if not bars:
        return _without_bars(lines, limits)
    first = bars[0]
    end = _article_end(lines, bars)
    article: FlatArticle | None = None
    inline: list[FoundItem] = []
    kind = TeaserKind.OTHER
    if end is not None:
        article, inline = _article(lines, first, end)
        rest = lines[end:]
        kind = TeaserKind.RELATED
    else:
        rest = lines
    items = islice(chain(inline, _grouped(rest, kind, limits.max_items - len(inline))), limits.max_items)
    cut = sum(line.is_bar for line in rest) > limits.max_items
    return _page(article, tuple(items), ("teasers_cut",) * cut)


def _page(article: FlatArticle | None, items: tuple[FoundItem, ...], flags: tuple[str, ...]) -> FlatPage:
    """Return the page; lines of its body that repeat an item are no text."""
    if article is not None:
        repeats = repeats_of(items)
        article = replace(article, body=tuple([block for block in article.body if not repeats(block.text)]))
    return FlatPage(article, items, flags)


def _lines(text: str) -> Iterator[Line]:
    """Yield the lines that say something, cleaned."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    for number, raw in enumerate(_INVISIBLE.sub("", text).splitlines(), start=1):
        if line := " ".join(raw.split()).strip(_EDGES).strip():
            yield Line(number, line, _is_bar(line))


def _is_bar(line: str) -> bool:
    """Tell whether the line is a byline by its bar."""
    if line[-1] not in _BARS:
        return False
    return len(line) == 1 or (
        line[-2] == " " and (len(line) < LONGEST_BAR_LINE or sum(map(str.isalpha, line)) < LONGEST_BAR_LINE)
    )


def _heading(lines: Sequence[Line], at: int) -> TeaserKind | None:
    """Return the kind of the heading that line ``at`` is; an ambiguous one must have a group after it."""
    found = None if lines[at].is_bar else heading_kind(lines[at].text)
    if found is None or found.kind not in _HEADING_KINDS:
        return None
    if found.ambiguous and not (at + 2 < len(lines) and lines[at + 2].is_bar):
        return None
    return found.kind


def _article_end(lines: Sequence[Line], bars: Sequence[int]) -> int | None:
    """Return where the article ends and the items begin; None for a list page."""
    first = bars[0]
    if not 0 < first <= LAST_OPENING_LINE or _heading(lines, 0) is not None:
        return None
    heading = next((at for at in range(first + 1, len(lines)) if _heading(lines, at) is not None), len(lines))
    next_headline = bars[1] - 1 if len(bars) > 1 else len(lines)
    if heading < next_headline:
        end = heading
    elif len(bars) == 1:
        return len(lines)  # one headline on the page: an article, be it only a lead
    else:
        end = next_headline
    return end if end - first - 1 >= BODY_LINES else None


def _article(lines: Sequence[Line], first: int, end: int) -> tuple[FlatArticle, list[FoundItem]]:
    """Return the article whose first bar is line ``first``, and the inline pointers in its body."""
    return _told(lines[first - 1].text, byline(lines[first].text), lines[first + 1 : end])


def _told(headline: str, by: Byline, text: Sequence[Line]) -> tuple[FlatArticle, list[FoundItem]]:
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


@dataclass(slots=True)
class _Group:
    """A headline, its bar and its lead, and the lines between it and the next headline that fit nowhere."""

    headline: Line | None
    bar: Line
    lead: Line | None
    left_over: list[Line]
    kind: TeaserKind
    heading: str | None


def _grouped(lines: Sequence[Line], kind: TeaserKind, most: int) -> Iterator[FoundItem]:
    """Yield the items of the groups, at most ``most``, then what is left over.

    ``kind`` is that of groups without a heading: below an article they are related, on a list page other.
    """
    before, groups = _groups(lines, kind, most)
    known_headlines = {fold(group.headline.text) for group in groups if group.headline}
    known_leads = {fold(group.lead.text) for group in groups if group.lead}
    for group in groups:
        yield _item(group)
    last = groups[-1].left_over[-1:] if groups else before[-1:]
    for line in (*before, *(line for group in groups for line in group.left_over)):
        folded = fold(line.text)
        where = f"line {line.number}"
        if folded in known_leads and folded not in known_headlines:
            yield FoundItem(Form.ORPHAN, line.number, lead=line.text, where=where)
        else:
            otherwise = Reason.PARTIAL if [line] == last else Reason.UNASSIGNED
            yield FoundItem(Form.ORPHAN, line.number, headline=line.text, where=where, otherwise=otherwise)


def _groups(lines: Sequence[Line], kind: TeaserKind, most: int) -> tuple[list[Line], list[_Group]]:
    """Return the lines before the first group, and the groups."""
    bars = [at for at, line in enumerate(lines) if line.is_bar][: max(most, 0)]
    heading: str | None = None
    before: list[Line] = []
    groups: list[_Group] = []
    start = 0
    for place, bar in enumerate(bars):
        has_headline = bar > start
        between = lines[start : bar - 1] if has_headline else lines[start:bar]
        for at, line in enumerate(between, start=start):
            if (found := _heading(lines, at)) is not None:
                kind, heading = found, line.text
            elif groups and groups[-1].lead is None and at == bars[place - 1] + 1:
                groups[-1].lead = line
            else:
                (groups[-1].left_over if groups else before).append(line)
        groups.append(_Group(lines[bar - 1] if has_headline else None, lines[bar], None, [], kind, heading))
        start = bar + 1
    for at in range(start, _end(lines, start, most)):
        if at == start and groups:
            groups[-1].lead = lines[at]
        elif _heading(lines, at) is None:
            (groups[-1].left_over if groups else before).append(lines[at])
    return before, groups


def _end(lines: Sequence[Line], start: int, most: int) -> int:
    """Return where the lines after the last group end: at the next bar if there are more groups than are read."""
    return next((at - 1 for at in range(start, len(lines)) if lines[at].is_bar), len(lines)) if most > 0 else start


def _item(group: _Group) -> FoundItem:
    """Return the item of a group."""
    by = byline(group.bar.text)
    lines = [line.number for line in (group.headline, group.bar, group.lead) if line is not None]
    return FoundItem(
        Form.TEXT_GROUP,
        lines[0],
        headline=group.headline.text if group.headline else None,
        lead=group.lead.text if group.lead else None,
        authors=by.authors,
        agency=by.agency,
        kind=group.kind,
        heading=group.heading,
        where=f"lines {lines[0]}-{lines[-1]}",
    )


def _without_bars(lines: Sequence[Line], limits: Limits) -> FlatPage:
    """Return a page without any bar: an article, and below a heading the headlines that are told by their form."""
    heading = next((at for at in range(1, len(lines)) if _heading(lines, at) is not None), len(lines))
    text = lines[:heading]
    items = [*_listed(lines[heading:])]
    cut = len(items) > limits.max_items
    flags = ("teasers_cut",) * cut
    if len(text) < BODY_LINES or len(text[0].text) > LONGEST_HEADLINE:
        return FlatPage(None, tuple(items[: limits.max_items]), flags)
    by, below = Byline(), text[1:]
    if len(below) > 1 and len(below[0].text) <= LONGEST_BAR_LINE and opening(below[0].text):
        by, below = byline(below[0].text), below[1:]
    article, inline = _told(text[0].text, by, below)
    return _page(article, tuple([*inline, *items][: limits.max_items]), flags)


def _listed(lines: Sequence[Line]) -> Iterator[FoundItem]:
    """Yield the items below a heading without bars: a line that is no sentence is a headline, one below it its lead."""
    kind, heading = TeaserKind.OTHER, None
    headline: Line | None = None
    for at, line in enumerate(lines):
        if (found := _heading(lines, at)) is not None:
            kind, heading = found, line.text
            headline = None
            continue
        is_sentence = line.text.endswith((".", "…", "。")) and len(line.text) > LONGEST_SUBHEADING
        if is_sentence and headline is not None:
            headline = None
        elif is_sentence or len(line.text) > LONGEST_HEADLINE:
            yield FoundItem(Form.ORPHAN, line.number, headline=line.text, where=f"line {line.number}")
        elif boilerplate_class(line.text) is None:
            after = lines[at + 1] if at + 1 < len(lines) else None
            has_lead = (
                after is not None and after.text.endswith((".", "…", "。")) and len(after.text) > LONGEST_SUBHEADING
            )
            headline = line if has_lead else None
            yield FoundItem(
                Form.TEXT_GROUP,
                line.number,
                headline=line.text,
                lead=after.text if has_lead and after is not None else None,
                kind=kind,
                heading=heading,
                where=f"line {line.number}",
            )
