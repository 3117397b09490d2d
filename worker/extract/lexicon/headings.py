"""Headings over blocks of other stories, and labels that announce one inside the text. **Pure**, **total**.

All languages are looked through at once: papers mix them, and one look in a table costs the same.
"""

import re
from dataclasses import dataclass

from schemas import TeaserKind
from worker.extract.lexicon.files import Wordings
from worker.identity import fold

LONGEST_LABEL = 80
"""Characters of the longest text that is looked up: the longest wording has 46, decoration included."""

_SEPARATORS = ":：|»›>→-–—▶►…．]】)）」』"
"""What parts an inline label from the headline after it; brackets close around one."""

_ROLLING = ("latest", "popular")
"""Kinds of blocks that change by the hour: their headings are often longer than the wording, by a section's name."""

_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Letters of scripts that write no spaces between words, or join endings to them."""

_FIRST = 2
"""Letters by which the prefixes are looked up."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a known wording says."""

    kind: TeaserKind
    """What kind of block it heads, or ``inline`` for a label before a headline."""

    ambiguous: bool
    """Whether it also heads other things: it counts only with two or more items after it."""

    languages: tuple[str, ...]
    """Codes of the languages that use it."""


@dataclass(frozen=True, slots=True)
class InlineLabel:
    """A label at the head of a text, such as "Read also:"."""

    heading: Heading
    """The wording found."""

    rest: str
    """What follows it, separators off; empty where nothing does."""

    separated: bool
    """Whether a colon, dash or mark parts the two: "More: floods" against "More than a hundred"."""


class Headings:
    """The wordings as tables from folded text."""

    def __init__(self, wordings: Wordings) -> None:
        self._edges = wordings.edges + "".join(wordings.markers) + " "
        self._markers = "".join(wordings.markers) + " \t\u00a0"
        self._lines: dict[str, Heading] = {}
        self._prefixes: dict[str, dict[str, Heading]] = {}
        self._rolling: dict[str, TeaserKind] = {}
        for language in wordings.languages:
            for kind, lists in language.headings.items():
                for name, texts in lists.items():
                    for text in texts:
                        self._add(self.key(text), TeaserKind(kind), name, language.code)
                        if kind in _ROLLING and name == "line":
                            self._rolling[self.key(text)] = TeaserKind(kind)
        known = "|".join(re.escape(key) for key in sorted(self._rolling, key=len, reverse=True))
        self._told = re.compile(rf"(?<![^\W{_NO_SPACES}])(?:{known})(?![^\W{_NO_SPACES}])")

    def key(self, text: str) -> str:
        """Return the form in which wordings are compared: folded, marks around it off."""
        return fold(text).strip(self._edges)

    def kind(self, text: str) -> Heading | None:
        """Return what the text says as a heading of its own; None for any other text."""
        if len(text) > LONGEST_LABEL:
            return None
        return self._lines.get(self.key(text))

    def rolling(self, text: str) -> TeaserKind | None:
        """Return whether a longer heading names what is latest or popular ("Most read in Sport"); None for neither."""
        told = self._told.search(self.key(text)) if len(text) <= LONGEST_LABEL else None
        return None if told is None else self._rolling[told[0]]

    def inline(self, text: str) -> InlineLabel | None:
        """Return the inline label that the text begins with, or is; None where it begins with none.

        Nearly all texts open with two letters that no label does: of plain ones folding changes nothing but case.
        """
        opening = text[:_FIRST]
        if opening.isalnum() and text[: _FIRST + 1].isascii() and opening.lower() not in self._prefixes:
            return None
        head = text[: LONGEST_LABEL + len(self._markers)].lstrip(self._markers)
        folded = fold(head[:LONGEST_LABEL]).lstrip(self._edges)
        candidates = self._prefixes.get(folded[:_FIRST])
        if candidates is None:
            return None
        for prefix, heading in candidates.items():
            if folded.startswith(prefix) and not folded[len(prefix) : len(prefix) + 1].isalnum():
                return _label(text.lstrip(self._markers + self._edges), prefix, heading)
        return None

    def _add(self, key: str, kind: TeaserKind, name: str, code: str) -> None:
        """Enter one wording; of two languages that disagree the doubt and the earlier kind win."""
        if not key:
            return  # a mark alone (">>>") is no wording; marks are in `markers`
        table = self._lines if name != "prefix" else self._prefixes.setdefault(key[:_FIRST], {})
        known = table.get(key)
        kinds = list(TeaserKind)
        heading = Heading(
            kind=min(kind, known.kind, key=kinds.index) if known else kind,
            ambiguous=name == "ambiguous" or (known is not None and known.ambiguous),
            languages=tuple(dict.fromkeys((*(known.languages if known else ()), code))),
        )
        table[key] = heading
        if name == "prefix":  # the longest first, so that "read more on" is not taken for "read more"
            ordered = sorted(table.items(), key=lambda item: (-len(item[0]), item[0]))
            table.clear()
            table.update(ordered)


def _label(text: str, prefix: str, heading: Heading) -> InlineLabel:
    """Cut ``text`` after the words that fold to ``prefix``."""
    end = next(
        (at for at in range(max(len(prefix) - _FIRST, 1), len(text) + 1) if len(fold(text[:at])) >= len(prefix)),
        len(text),
    )
    tail = text[end:].lstrip()
    rest = tail.lstrip(_SEPARATORS + " \t\u00a0")
    return InlineLabel(heading, rest, separated=rest != tail or not rest)
