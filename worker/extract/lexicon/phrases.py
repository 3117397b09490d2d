"""Lines that belong to the frame of a page, by class. **Pure**, **total**."""

from worker.extract.lexicon.files import Wordings
from worker.identity import fold

LONGEST_BOILERPLATE = 160
"""Characters of the longest line that may be frame: longer ones are sentences that begin alike."""

LONGEST_COUNTER = 24
"""Characters of the longest counter: "1,204 comments", "5 min read"."""

_FIRST = 3
"""Letters by which the heads of lines are looked up."""

_PREFIXES = ("newsletter", "paywall", "consent", "copyright")
"""Classes whose wordings may open a longer line; of the others only the whole line counts.

"Share" opens many an honest sentence, "All rights reserved" none.
"""

_DIGITS = "0123456789 .,+()"


class Phrases:
    """The wordings as tables from folded text."""

    def __init__(self, wordings: Wordings) -> None:
        self._edges = wordings.edges + " "
        self._lines: dict[str, str] = {}
        self._prefixes: dict[str, dict[str, str]] = {}
        for language in wordings.languages:
            for name, texts in language.boilerplate.items():
                for text in texts:
                    key = fold(text).strip(self._edges)
                    self._lines.setdefault(key, name)
                    if name in _PREFIXES:
                        self._prefixes.setdefault(key[:_FIRST], {})[key] = name

    def boilerplate(self, text: str) -> str | None:
        """Return the class of frame that the line is: ``share``, ``comment``, ...; None for any other line."""
        if len(text) > LONGEST_BOILERPLATE:
            return None
        key = fold(text).strip(self._edges)
        if (found := self._lines.get(key)) is not None:
            return found
        if len(key) <= LONGEST_COUNTER and (bare := key.strip(_DIGITS)) != key and self._lines.get(bare) in _COUNTED:
            return self._lines[bare]
        for prefix, name in self._prefixes.get(key[:_FIRST], {}).items():
            if key.startswith(prefix) and not key[len(prefix) : len(prefix) + 1].isalnum():
                return name
        return None


_COUNTED = ("counter", "comment", "share")
"""Classes that may have a number before or after them."""
