"""Small questions about short texts. **Pure**, **total**."""

import re
from functools import lru_cache

from worker.extract.lexicon import boilerplate_class, heading_kind, month_number

_WIDE = re.compile(r"[\u2e80-\ud7af\uf900-\uffdc]").findall
_DATE = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d\d|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}月\d{1,2}日|\d+\s?(?:分|時間|日|小时|小時|분|시간|일)\s?(?:前|전)"
)
_DIGIT = re.compile(r"\d").search
_WORD = re.compile(r"[^\W\d_]+")
_AGO = re.compile(
    r"\b\d+\s*(?:h|m|d|min|mins|hr|hrs|hours?|minutes?|days?|weeks?|months?|years?|std|stunden?|tage?n?|dage?|timer?)\b",
    re.IGNORECASE,
)
LONGEST_DATE = 60
"""Characters of the longest date; a sentence with a date in it is longer."""


WIDEST = 2.5
"""Letters of an alphabet that one of a script without spaces counts for."""


def size(text: str) -> float:
    """Return the length of a text in letters of an alphabet."""
    return len(text) if text.isascii() else len(text) + (WIDEST - 1) * len(_WIDE(text))


MAX_BESIDE_DATE, MAX_DATE_WORDS = 25, 5
"""Characters beside a date in figures (a weekday, a place), and words of a written one."""

LONGEST_COUNT, MAX_COUNT_LETTERS = 12, 3
"""Characters of a count, and letters among them: "4 min", "1,204"."""


TEXTS_KEPT = 4_096
"""Short texts remembered: each is asked about as a part of its card and as the card's own."""

LONGEST_LABEL = 60
"""Characters of the longest text that is looked up as a label; longer ones are headlines and leads."""


@lru_cache(TEXTS_KEPT)
def label(text: str) -> int:
    """Return 1 for a label of the frame ("Share"), 2 for a heading over a block ("Related"), 0 for any other text."""
    if len(text) > LONGEST_LABEL:
        return 0
    return 1 if boilerplate_class(text) else 2 if heading_kind(text) else 0


def is_date(text: str) -> bool:
    """Tell whether the text says when, and hardly anything else."""
    return len(text) <= LONGEST_DATE and _DIGIT(text) is not None and _says_when(text)


@lru_cache(TEXTS_KEPT)
def _says_when(text: str) -> bool:
    """Tell whether a short text with a digit is a date."""
    if (match := _DATE.search(text) or _AGO.search(text)) is not None and len(text) - len(match[0]) <= MAX_BESIDE_DATE:
        return True
    words = _WORD.findall(text)
    return len(words) <= MAX_DATE_WORDS and any(month_number(word) is not None for word in words)


def is_count(text: str) -> bool:
    """Tell whether the text is a number with at most one word: a rank, a count of comments, a length."""
    return (
        len(text) <= LONGEST_COUNT
        and sum([letter.isalpha() for letter in text]) <= MAX_COUNT_LETTERS
        and any(letter.isdigit() for letter in text)
    )
