"""What the text of a line says by itself, wherever it stands: how it begins and ends, what is in it, how it is known.

The codes are those of the signals of the same name.
"""

import re
from functools import lru_cache

from worker.extract.lexicon import boilerplate_class, heading_kind, inline_label
from worker.extract.short_texts import is_date

LABELS_KEPT = 8_192
"""Short lines whose wording is remembered, about 2 MB: the pages of a site repeat theirs."""

HEADING_WORDING, DOUBTFUL_WORDING = 2, 3
"""Codes of a wording that heads other stories, and of one that heads other things as well."""

HEAD_LETTERS = 60
"""Letters of a line's head."""

_HEAD_CHARACTERS = 100
"""Characters of a line that nearly always hold as many letters."""

_QUOTES = "\"'’”»“)]」』 "
_OPENING_QUOTES = "\"'“„«‘»"
_ENDS = {".": 1, "!": 1, "?": 1, "。": 1, "！": 1, "？": 1, "।": 1, "؟": 1, "۔": 1, ":": 2, "：": 2, "…": 3, ",": 4}
_SENTENCE_ENDS = (". ", "? ", "! ", "。")
_MAX_SENTENCES = 4
_MARKS = (("©", 1), ("|", 2), ("@", 3), ("http", 4), ("www.", 4))
_SEPARATORS = re.compile("[|·•]")
_DIGIT = re.compile(r"\d")
_ASCII_DIGITS = b"0123456789"
_LETTERS = re.compile(r"\w+")
_NO_LETTERS = bytes(code for code in range(128) if not _LETTERS.match(chr(code)))


def bare(text: str) -> str:
    """Return only the letters and digits of a text, case folded: what survives any template."""
    if text.isascii():
        return text.lower().encode().translate(None, _NO_LETTERS).decode()
    return "".join(_LETTERS.findall(text.casefold()))


def head(text: str) -> str:
    """Return the first ``HEAD_LETTERS`` letters and digits of a line."""
    found = bare(text[:_HEAD_CHARACTERS])
    return (found if len(found) >= HEAD_LETTERS else bare(text))[:HEAD_LETTERS]


@lru_cache(LABELS_KEPT)
def wording_code(text: str) -> int:
    """Return the code of what the lexicon knows of the line, 0 for nothing."""
    if boilerplate_class(text):
        return 1
    if heading := heading_kind(text):
        return DOUBTFUL_WORDING if heading.ambiguous else HEADING_WORDING
    if label := inline_label(text):
        return 4 if label.separated else 5
    return 0


def is_stamp(text: str) -> bool:
    """Tell whether the line says when the page was written and how long it takes to read, and hardly anything else."""
    return all(is_date(part) for part in _SEPARATORS.split(text))


def ending_code(text: str) -> int:
    """Return the code of how a line ends, closing quotes apart."""
    last = text[-1]
    return _ENDS.get(text.rstrip(_QUOTES)[-1:] if last in _QUOTES else last, 0)


def sentence_count(text: str) -> int:
    """Return how often a sentence ends inside the line, up to 4."""
    count = text.count
    return min(sum([count(end) for end in _SENTENCE_ENDS]), _MAX_SENTENCES)


@lru_cache(1_024)
def start_code(letter: str) -> int:
    """Return the code of the first letter of a line."""
    if letter.isupper():
        return 0
    if letter.islower():
        return 1
    if letter.isdigit():
        return 2
    return 3 if letter in _OPENING_QUOTES else 4


def digit_count(text: str) -> int:
    """Return how many digits stand in the text."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _ASCII_DIGITS))
    return len(_DIGIT.findall(text))


def mark_code(text: str) -> int:
    """Return the code of the first of the marks that the line has, 0 for none."""
    for mark, code in _MARKS:
        if mark in text:
            return code
    return 0
