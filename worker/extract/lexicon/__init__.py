"""The wordings of news pages, one file a language: data to be read by who knows the language and no Python.

``common.toml`` has what belongs to no language. All is checked when this package is loaded, and every lookup
is one look in a table over all languages at once. ``LEXICON_VERSION`` names the state of the files.
"""

from functools import lru_cache
from typing import Literal

from schemas import TeaserKind
from worker.extract.lexicon.calendar import Calendar
from worker.extract.lexicon.files import Agency, LexiconError, load
from worker.extract.lexicon.headings import LONGEST_LABEL, Heading, Headings, InlineLabel
from worker.extract.lexicon.phrases import Phrases

WORDINGS = load()
"""The files as they are."""

LEXICON_VERSION = WORDINGS.version
"""Digest of all files, 12 hex digits: it stands in the provenance of whatever was split with them."""

_HEADINGS = Headings(WORDINGS)
_PHRASES = Phrases(WORDINGS)
_CALENDAR = Calendar(WORDINGS)

HEADINGS_KEPT = 8_192
"""Short texts remembered, under 2 MB: a page is asked for the same lines several times, a site on every page."""

_heading_kind = lru_cache(HEADINGS_KEPT)(_HEADINGS.kind)
_rolling_kind = lru_cache(HEADINGS_KEPT)(_HEADINGS.rolling)

__all__ = [
    "LEXICON_VERSION",
    "WORDINGS",
    "Agency",
    "Heading",
    "InlineLabel",
    "LexiconError",
    "boilerplate_class",
    "date_label",
    "heading_kind",
    "inline_label",
    "is_paywall_notice",
    "is_weekday",
    "label_key",
    "month_number",
    "rolling_kind",
]


def heading_kind(text: str) -> Heading | None:
    """Return what ``text`` says as a heading over a block; None where it is no known heading.

    Marks, colons, arrows and case around it do not matter.
    """
    return _heading_kind(text) if len(text) <= LONGEST_LABEL else None


def rolling_kind(text: str) -> TeaserKind | None:
    """Return ``latest`` or ``popular`` where a heading holds a wording for it; None for any other."""
    return _rolling_kind(text)


def inline_label(text: str) -> InlineLabel | None:
    """Return the label ("Read also:") that ``text`` is or begins with, and what follows; None without one."""
    return _HEADINGS.inline(text)


def label_key(text: str) -> str:
    """Return the form in which labels are compared: folded, marks around it off."""
    return _HEADINGS.key(text)


def boilerplate_class(text: str) -> str | None:
    """Return the class of frame that the line is, such as ``share`` or ``copyright``; None for any other."""
    return _PHRASES.boilerplate(text)


def is_paywall_notice(text: str) -> bool:
    """Tell whether the line says that the rest of the text is for subscribers."""
    return _PHRASES.is_paywall(text)


def month_number(name: str, language: str | None = None) -> int | None:
    """Return the number of the month called ``name``; None for another word, or where languages differ."""
    return _CALENDAR.month(name, language)


def is_weekday(name: str) -> bool:
    """Tell whether the word is a weekday in any language."""
    return _CALENDAR.is_weekday(name)


def date_label(text: str) -> Literal["published", "modified"] | None:
    """Return which date a line announces by its first words ("Last updated: ..."); None if by none."""
    return _CALENDAR.label(text)
