"""Headlines in one form, so that two ways to write one headline have one key. **Pure**, **total**."""

import re
import unicodedata

from worker.identity.rules import FOLDING, content, folding

MIN_WORDS = 2
"""Words that make a headline tell one story from another: a single one is a section or a label."""

MIN_LETTERS_WITHOUT_SPACES = 6
"""Letters that do so in scripts that write no spaces between words."""

_TABLE, _EDGES = folding(content(FOLDING))
_DOTTED_I = "i\u0307"
"""What Unicode's case folding makes of the Turkish capital dotted I; its small form is a plain i."""

_NO_SPACES = re.compile(
    "[\u0e00-\u0e7f"  # Thai
    "\u0e80-\u0eff"  # Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Hiragana and Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Han
)
_LETTER = re.compile(r"[^\W_]")


def fold(text: str) -> str:
    """Return the headline as a key: width, case, quotes, dashes, invisible letters and edges made alike.

    Diacritics stay. Without knowing the language the small dotless i of Turkish stays apart from i, while
    both capitals fold to i.

    Args:
        text: A headline as shown.

    Returns:
        NFC, one space between words; empty where nothing but edge characters is left.
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split()).strip(_EDGES)
    # Twice: NFKC takes U+00B4 apart, and brings forth tatweel from Arabic presentation forms.
    text = unicodedata.normalize("NFKC", text.translate(_TABLE)).translate(_TABLE)
    text = unicodedata.normalize("NFC", text.casefold()).replace(_DOTTED_I, "i")
    return " ".join(text.split()).strip(_EDGES)


def is_identifying(headline_folded: str) -> bool:
    """Tell whether a folded headline is long enough to name one story of a site.

    False for one word, and for less than six letters where the script has no spaces.
    """
    if _NO_SPACES.search(headline_folded) is None:
        return sum(_LETTER.search(word) is not None for word in headline_folded.split(" ")) >= MIN_WORDS
    return len(_LETTER.findall(headline_folded)) >= MIN_LETTERS_WITHOUT_SPACES
