"""The items of a page of plain lines without bars: below a heading headlines are told by their form."""

from collections.abc import Iterator, Sequence

from schemas import TeaserKind
from worker.extract.flattened.lines import LONGEST_HEADLINE, LONGEST_SUBHEADING, Line, heading_at
from worker.extract.items import Form, FoundItem
from worker.extract.lexicon import boilerplate_class


def listed(lines: Sequence[Line]) -> Iterator[FoundItem]:
    """Yield the items below a heading without bars: a line that is no sentence is a headline, one below it its lead."""
    kind, heading = TeaserKind.OTHER, None
    headline: Line | None = None
    for at, line in enumerate(lines):
        if (found := heading_at(lines, at)) is not None:
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
