"""Pages that arrive as plain lines: headline, byline, lead, body, then groups of headline, byline and lead.

A line that ends in a bar is a byline, and carries the split: the line above it is a headline, the one below a
lead. A heading of the lexicon ends the body. Blank lines carry nothing. What fits nowhere is counted, never
guessed at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from schemas import TeaserKind
from worker.extract.bylines import Byline, byline, opening
from worker.extract.flattened.article import FlatArticle, article_of
from worker.extract.flattened.groups import grouped
from worker.extract.flattened.lines import LONGEST_BAR_LINE, LONGEST_HEADLINE, Line, heading_at, lines_of
from worker.extract.flattened.listed import listed
from worker.extract.items import FoundItem
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.extract.repeats import repeats_of

LAST_OPENING_LINE = 2
"""Number, from 0, of the last line in which the first bar still belongs to an article: a kicker may stand above."""

BODY_LINES = 2
"""Lines after the first bar that make an article; a list has one, the lead, before its next headline."""


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
    lines = [*islice(lines_of(text), limits.max_lines)]
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
    items = islice(chain(inline, grouped(rest, kind, limits.max_items - len(inline))), limits.max_items)
    cut = sum(line.is_bar for line in rest) > limits.max_items
    return _page(article, tuple(items), ("teasers_cut",) * cut)


def _page(article: FlatArticle | None, items: tuple[FoundItem, ...], flags: tuple[str, ...]) -> FlatPage:
    """Return the page; lines of its body that repeat an item are no text."""
    if article is not None:
        repeats = repeats_of(items)
        article = replace(article, body=tuple([block for block in article.body if not repeats(block.text)]))
    return FlatPage(article, items, flags)


def _article_end(lines: Sequence[Line], bars: Sequence[int]) -> int | None:
    """Return where the article ends and the items begin; None for a list page."""
    first = bars[0]
    if not 0 < first <= LAST_OPENING_LINE or heading_at(lines, 0) is not None:
        return None
    heading = next((at for at in range(first + 1, len(lines)) if heading_at(lines, at) is not None), len(lines))
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
    return article_of(lines[first - 1].text, byline(lines[first].text), lines[first + 1 : end])


def _without_bars(lines: Sequence[Line], limits: Limits) -> FlatPage:
    """Return a page without any bar: an article, and below a heading the headlines that are told by their form."""
    heading = next((at for at in range(1, len(lines)) if heading_at(lines, at) is not None), len(lines))
    text = lines[:heading]
    items = [*listed(lines[heading:])]
    cut = len(items) > limits.max_items
    flags = ("teasers_cut",) * cut
    if len(text) < BODY_LINES or len(text[0].text) > LONGEST_HEADLINE:
        return FlatPage(None, tuple(items[: limits.max_items]), flags)
    by, below = Byline(), text[1:]
    if len(below) > 1 and len(below[0].text) <= LONGEST_BAR_LINE and opening(below[0].text):
        by, below = byline(below[0].text), below[1:]
    article, inline = article_of(text[0].text, by, below)
    return _page(article, tuple([*inline, *items][: limits.max_items]), flags)
