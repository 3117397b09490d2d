# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Dates: when the publisher says the article was published and last changed. A guess is not a date."""

import re
from datetime import UTC, datetime
from itertools import islice
from typing import Literal, NamedTuple

from worker.extract.article.headline cimport first_heading
from worker.extract.document cimport Document, Tag
from worker.extract.metadata cimport Metadata

from worker.extract.lexicon import month_number

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


def moment(text):
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


def published(Document document not None, Metadata metadata not None):
    """Return when the article was first published, None where the page doesn't say."""
    return best(claims(metadata, "datePublished", PUBLISHED)) or stamped(document) or written(document, metadata)


def modified(Metadata metadata not None):
    """Return when the article was last changed, None where the page doesn't say."""
    return best(modified_claims(metadata))


def published_claims(Document document not None, Metadata metadata not None):
    """Yield every date of publication that the page gives, in order of trust."""
    yield from claims(metadata, "datePublished", PUBLISHED)
    yield from [date for date in (stamped(document), written(document, metadata)) if date]


def modified_claims(Metadata metadata not None):
    """Yield every date of the last change that the page gives, in order of trust."""
    return claims(metadata, "dateModified", MODIFIED)


def claims(Metadata metadata, str key, tuple names):
    """Yield the dates of JSON-LD or microdata and the meta elements."""
    told = metadata.article.get(key)
    told = [(each, metadata.article_source) for each in (told if isinstance(told, list) else [told])]
    metas = [(metadata.first((name,)), "meta") for name in names if name in metadata.metas]
    for sources in metadata.by_trust(told, metas):
        for value, source in sources:
            date = moment(value)
            if date is not None:
                yield Date(date[0], date[1], source)


cdef object best(dates):
    """Return the first date; an instant of the same day before it."""
    found = None
    for date in dates:
        if date.precision == "instant" and (found is None or abs(date.at - found.at).days < 1):
            return date
        found = found or date
    return found


cdef object stamped(Document document):
    """Return the date of the first time element, where it is one for machines; None where it isn't."""
    cdef int element
    for element in range(document.count):
        if document.element[element].tag == Tag.TIME:
            date = moment(document.attribute(element, b"datetime"))
            return None if date is None else Date(date[0], date[1], "markup")
    return None


cdef object written(Document document, Metadata metadata):
    """Return the first day that is written out in the short texts after the headline."""
    cdef int heading = first_heading(document)
    first = document.element[heading].text_start if heading >= 0 else 0
    language = (metadata.language or "")[:2].lower() or None
    short = (
        piece
        for piece in islice(document.pieces, first, None)
        if MIN_DATED_CHARACTERS <= len(piece) <= MAX_DATED_CHARACTERS and _DIGIT.search(piece)
    )
    for text in islice(short, MAX_DATED_LINES):
        day = written_day(text, language)
        if day is not None:
            return Date(day, "day", "text")
    return None


def written_day(str text not None, str language):
    """Return the day written in the text, as midnight UTC; None where there is none, or more than one reading."""
    if match := _WIDE.search(text):
        year, month, day = map(int, match.groups())
        return day_of(year, month, day)
    if match := _DOTTED.search(text):
        return day_of(int(match[3]) + (_CENTURY if len(match[3]) == 2 else 0), int(match[2]), int(match[1]))
    if (match := _WRITTEN.search(text)) and (number := month_number(match[2], language)):
        return day_of(int(match[3]), number, int(match[1]))
    if (match := _WRITTEN_US.search(text)) and (number := month_number(match[1], language)):
        return day_of(int(match[3]), number, int(match[2]))
    return None


cdef object day_of(int year, int month, int day):
    try:
        return datetime(year, month, day, tzinfo=UTC) if _EARLIEST <= year <= _LATEST else None
    except ValueError:  # the 31st of June
        return None
