"""The wordings of news pages, one file a language: data to be read by who knows the language and no Python.

``common.toml`` has what belongs to no language. All is checked when this package is loaded, and every lookup
is one look in a table over all languages at once. ``LEXICON_VERSION`` names the state of the files.
"""

from worker.extract.lexicon.files import Agency, LexiconError
from worker.extract.lexicon.headings import Heading, InlineLabel
from worker.extract.lexicon.lookups import (
    WORDINGS,
    boilerplate_class,
    date_label,
    heading_kind,
    inline_label,
    is_paywall_notice,
    is_weekday,
    label_key,
    month_number,
    rolling_kind,
)

LEXICON_VERSION = WORDINGS.version
"""Digest of all files, 12 hex digits: it stands in the provenance of whatever was split with them."""

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
