"""The items of a page of plain lines whose bylines end in a bar: headline above it, lead below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas import Reason, TeaserKind
from worker.extract.bylines import byline
from worker.extract.flattened.lines import Line, heading_at
from worker.extract.items import Form, FoundItem
from worker.identity import fold


@dataclass(slots=True)
class _Group:
    """A headline, its bar and its lead, and the lines between it and the next headline that fit nowhere."""

    headline: Line | None
    bar: Line
    lead: Line | None
    left_over: list[Line]
    kind: TeaserKind
    heading: str | None


def grouped(lines: Sequence[Line], kind: TeaserKind, most: int) -> Iterator[FoundItem]:
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
            if (found := heading_at(lines, at)) is not None:
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
        elif heading_at(lines, at) is None:
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
