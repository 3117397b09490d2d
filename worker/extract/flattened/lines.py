"""The lines of a page that arrives as plain text, cleaned, and which of them are bylines and headings."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas import TeaserKind
from worker.extract.lexicon import heading_kind

LONGEST_BAR_LINE = 120
"""Letters of the longest byline: with more of them the line is prose that happens to end in a bar."""

LONGEST_HEADLINE = 300
"""Characters of the longest headline; a longer first line opens a text without one."""

LONGEST_SUBHEADING = 80
"""Characters of the longest sub-heading in the body."""

_BARS = "|｜"
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


def lines_of(text: str) -> Iterator[Line]:
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


def heading_at(lines: Sequence[Line], at: int) -> TeaserKind | None:
    """Return the kind of the heading that line ``at`` is; an ambiguous one must have a group after it."""
    found = None if lines[at].is_bar else heading_kind(lines[at].text)
    if found is None or found.kind not in _HEADING_KINDS:
        return None
    if found.ambiguous and not (at + 2 < len(lines) and lines[at + 2].is_bar):
        return None
    return found.kind
