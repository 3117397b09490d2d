"""The language of a text, by its script and its everyday words. **Pure**, **total**.

Where neither tells, nothing is said: a short text, a mixture, a language without a file of wordings.
"""

import re
from collections import Counter, defaultdict

from worker.extract.lexicon import WORDINGS

LOOKED_AT = 4_000
"""Characters of the text that are looked at: 600 words, of which a third are everyday words."""

FEWEST_WORDS = 4
"""Everyday words that must be found; a caption has fewer."""

LEAD_OVER_NEXT = 1.25
"""How many times as many as the next language has: Norwegian and Danish share four in five."""

LEAST_PART = 12
"""One letter in so many must be of such a script: Japanese headlines have one kana in ten."""

FEWEST_LETTERS = 10
"""Letters of a script that only one language writes."""

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
)
"""Scripts of one language, Japanese before Chinese: it writes both."""

_WORD = re.compile(r"[^\W\d_][\w\u0900-\u097f]*")


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of the text's language; None where it can't be told."""
    head = text[:LOOKED_AT]
    if not head.isascii():
        for code, letters in _SCRIPTS:
            if len(found := letters.findall(head)) >= FEWEST_LETTERS and len(found) * LEAST_PART > len(head):
                return code
    counts: Counter[str] = Counter()
    for word, times in Counter(_WORD.findall(head.lower())).items():
        for code in _BY_WORD.get(word, ()):
            counts[code] += times
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < FEWEST_WORDS:
        return None
    is_clear = len(ranked) == 1 or ranked[0][1] >= LEAD_OVER_NEXT * ranked[1][1]
    return ranked[0][0] if is_clear else None


def _by_word() -> dict[str, tuple[str, ...]]:
    """Return the languages of each everyday word."""
    found: dict[str, list[str]] = defaultdict(list)
    for language in WORDINGS.languages:
        for word in language.words:
            found[word].append(language.code)
    return {word: tuple(codes) for word, codes in found.items()}


_BY_WORD = _by_word()
