"""Dates: when the publisher says the article was published and last changed. A guess is not a date."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Literal, NamedTuple

from worker.extract.document import Document
from worker.extract.lexicon import month_number
from worker.extract.metadata import Metadata

PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "date",
    "pubdate",
    "publishdate",
)
"""Meta elements that give the day of publication, in order of trust."""

MODIFIED = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "last-modified")

MAX_DATED_LINES = 60
"""Short texts with a figure, after the headline, in which a written date is looked for."""

MIN_DATED_CHARACTERS = 6
MAX_DATED_CHARACTERS = 80
_EARLIEST, _LATEST = 1990, 2100
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?![\d.])")
_CENTURY = 2000
"""What two figures of a year are counted from: news pages are younger."""

_WRITTEN = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er)?\.?\s+(?:de\s+)?([^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(\d{4})(?!\d)"
)
_WRITTEN_US = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,\s+(\d{4})(?!\d)")
_DIGIT = re.compile(r"\d")
_WIDE = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")

Precision = Literal["instant", "day"]


class Date(NamedTuple):
    """A moment and how it was told."""

    at: datetime
    precision: Precision
    source: str


def moment(text: object) -> tuple[datetime, Precision] | None:
    """Return an ISO 8601 text as UTC with its precision, None for anything else.

    Without a zone only the day is known.
    """
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        if not _EARLIEST <= at.year <= _LATEST:
            return None
        if at.tzinfo is None:
            return at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC), "day"
        return at.astimezone(UTC), "instant"
    except ValueError:  # another format, or no such day
        return None


def published(document: Document, metadata: Metadata) -> Date | None:
    """Return when the article was first published, None where the page doesn't say."""
    told = _best(_claims(metadata, "datePublished", PUBLISHED))
    return told or next(_stamped(document), None) or _written(document, metadata)


def modified(metadata: Metadata) -> Date | None:
    """Return when the article was last changed, None where the page doesn't say."""
    return _best(modified_claims(metadata))


def published_claims(document: Document, metadata: Metadata) -> Iterator[Date]:
    """Yield every date of publication that the page gives, in order of trust."""
    yield from _claims(metadata, "datePublished", PUBLISHED)
    yield from _stamped(document)
    if written := _written(document, metadata):
        yield written


def modified_claims(metadata: Metadata) -> Iterator[Date]:
    """Yield every date of the last change that the page gives, in order of trust."""
    yield from _claims(metadata, "dateModified", MODIFIED)


def _claims(metadata: Metadata, key: str, names: Iterable[str]) -> Iterator[Date]:
    """Yield the dates of JSON-LD or microdata and the meta elements."""
    told = metadata.article.get(key)
    claims = metadata.by_trust(
        [(each, metadata.article_source) for each in (told if isinstance(told, list) else [told])],
        [(metadata.meta(name), "meta") for name in names],
    )
    for value, source in chain(*claims):
        if told := moment(value):
            yield Date(*told, source)


def _best(claims: Iterable[Date]) -> Date | None:
    """Return the first date; an instant of the same day before it."""
    found = None
    for claim in claims:
        if claim.precision == "instant" and (found is None or abs(claim.at - found.at).days < 1):
            return claim
        found = found or claim
    return found


def _stamped(document: Document) -> Iterator[Date]:
    """Yield the date of the first time element that has one for machines."""
    for element in document.by_tag["time"][:1]:
        if told := moment(document.attributes(element).get("datetime")):
            yield Date(*told, "markup")


def _written(document: Document, metadata: Metadata) -> Date | None:
    """Return the first day that is written out in the short texts after the headline."""
    headings = document.by_tag["h1"]
    first = document.text_starts[headings[0]] if headings else 0
    language = (metadata.language or "")[:2].lower() or None
    short = (
        piece
        for piece in document.pieces[first:]
        if MIN_DATED_CHARACTERS <= len(piece) <= MAX_DATED_CHARACTERS and _DIGIT.search(piece)
    )
    for text in islice(short, MAX_DATED_LINES):
        if day := written_day(text, language):
            return Date(day, "day", "text")
    return None


def written_day(text: str, language: str | None) -> datetime | None:
    """Return the day written in the text, as midnight UTC; None where there is none, or more than one reading."""
    if match := _WIDE.search(text):
        year, month, day = map(int, match.groups())
        return _day(year, month, day)
    if match := _DOTTED.search(text):
        return _day(int(match[3]) + (_CENTURY if len(match[3]) == 2 else 0), int(match[2]), int(match[1]))  # noqa: PLR2004
    if (match := _WRITTEN.search(text)) and (number := month_number(match[2], language)):
        return _day(int(match[3]), number, int(match[1]))
    if (match := _WRITTEN_US.search(text)) and (number := month_number(match[1], language)):
        return _day(int(match[3]), number, int(match[2]))
    return None


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC) if _EARLIEST <= year <= _LATEST else None
    except ValueError:  # the 31st of June
        return None
