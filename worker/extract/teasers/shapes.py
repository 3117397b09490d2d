"""The shape of an address, which tells those of stories from those of sections, tags and files. **Pure**, **total**."""

import math
import re
from bisect import bisect_right
from typing import NamedTuple

from worker.extract.teasers.names import PATH_CLASS, is_platform

MIN_TELLING = 20
"""Letters of a link's text from which it may be a headline, whatever the address looks like."""

MIN_TELLING_UNDER_TAG = 35
"""The same for addresses that lie under a tag or a person."""

NEVER = math.inf
"""Letters that make a link tell of a story whose address can be none's."""

FILES = frozenset(
    [
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "svg",
        "pdf",
        "mp3",
        "mp4",
        "zip",
        "doc",
        "docx",
        "xls",
        "ics",
        "rss",
        "xml",
        "apk",
    ]
)
"""Endings of files that are no pages."""

MIN_SLUG_WORDS, MIN_DIGITS = 3, 4
"""Words of a slug, or digits of a number, from which an address may be a story's whatever its text."""

MIN_RUN = 4
"""Digits from which a number may be a story's; shorter ones count pages and days."""

MIN_ID = 8
"""Characters of the shortest word of letters and digits that is an id."""

SLUG_WORDS = (1, 2, 3, 4, 5, 7)
RUNS = (1, 4, 6, 8, 10)
MOST_SEGMENTS = 6
_PATHS = {"story": 1, "tag": 2, "section": 3, "person": 4, "service": 5}

digit_runs = re.compile(r"\d+").findall
"""Return the numbers in a path or a segment."""

holds_date = re.compile(r"(?:19|20)\d\d[/_-]?(?:[01]?\d|[a-z]{3})(?:[/_-]?[0-3]?\d)?(?:/|_|-|$)").search
"""Tell whether a path or a number in it is a date."""

_WORDS = re.compile(r"[-_+.,;~]|%20").split
_MIXED = re.compile(r"(?=[a-z0-9]*\d)(?=\d*[a-z])[a-z0-9]{8,}$", re.IGNORECASE).match
_FILE = re.compile(r"\.([a-z]{2,5})$", re.IGNORECASE).search


class Shape(NamedTuple):
    """The form of an address, by which those of one kind are known."""

    host: str
    segments: tuple[str, ...]
    """Parts of the path, the file ending off."""

    slug_words: int
    """Words of the segment with most of them."""

    run: int
    """Digits of the longest number in the path."""

    mixed: bool
    """Whether a word of the path is an id of letters and digits."""

    dated: bool
    ending: str
    """File ending, empty without."""

    query: bool
    classes: frozenset[str]
    """Classes of the words in its path that are known: ``tag``, ``person``, ``service``, ``story``, ..."""

    @property
    def under_tag(self) -> bool:
        """Whether it lies under a tag or a person."""
        return "tag" in self.classes or "person" in self.classes


def shape_of(key: str) -> Shape:
    """Return the shape of an address, given as the canonical key of identity."""
    address, _, query = key.partition("?")
    host, _, path = address.partition("/")
    segments = path.split("/") if path else []
    ending = ""
    if segments and "." in segments[-1] and (match := _FILE(segments[-1])):
        ending = match[1].lower()
        segments[-1] = segments[-1][: match.start()]
    runs = digit_runs(path)
    slug_words, mixed = 0, False
    for segment in segments:
        if segment.isalpha():
            continue
        words = _WORDS(segment)
        if len(words) > 1:
            slug_words = max(slug_words, _words_among(words))
        mixed = mixed or (bool(runs) and any(map(_is_id, words)))
    run = max(map(len, runs), default=0)
    classes = frozenset([PATH_CLASS[each] for segment in segments if (each := segment.lower()) in PATH_CLASS])
    dated = run >= MIN_RUN and holds_date(path) is not None
    return Shape(host, tuple(segments), slug_words, run, mixed, dated, ending, bool(query), classes)


def letters_of(shape: Shape) -> float:
    """Return how many letters a link's text needs for the address to be a story's."""
    if not shape.segments or shape.ending in FILES or is_platform(shape.host):
        return NEVER
    if shape.under_tag:
        return MIN_TELLING_UNDER_TAG
    tells = shape.slug_words >= MIN_SLUG_WORDS or shape.run >= MIN_DIGITS or shape.mixed
    return 0 if tells else MIN_TELLING


def codes_of(shape: Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the signals that an address gives on any page: segments to date, then path and query."""
    return (
        (
            min(len(shape.segments), MOST_SEGMENTS),
            bisect_right(SLUG_WORDS, shape.slug_words),
            bisect_right(RUNS, shape.run),
            int(shape.mixed),
            int(shape.dated),
        ),
        (max([_PATHS[each] for each in shape.classes], default=0), int(shape.query)),
    )


def likeness(shape: Shape, own: Shape) -> int:
    """Return in how many of five respects an address is built as the page's own."""
    numbered, own_numbered = shape.run >= MIN_DIGITS, own.run >= MIN_DIGITS
    return (
        (shape.ending == own.ending)
        + (len(shape.segments) == len(own.segments))
        + (numbered == own_numbered and abs(shape.run - own.run) <= 1)
        + ((shape.slug_words >= MIN_SLUG_WORDS) == (own.slug_words >= MIN_SLUG_WORDS))
        + (shape.host == own.host)
    )


def words_in(segment: str) -> int:
    """Return how many words a segment has."""
    return _words_among(_WORDS(segment))


def _words_among(parts: list[str]) -> int:
    return sum([len(part) > 1 and not part.isdigit() for part in parts])


def _is_id(word: str) -> bool:
    """Tell whether a word is an id of letters and digits."""
    return len(word) >= MIN_ID and not word.isalpha() and _MIXED(word) is not None
