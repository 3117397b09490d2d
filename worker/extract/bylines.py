"""Who wrote it, from a line of the page: names, agencies, and what is neither. **Pure**, **total**.

A line is a byline because of where it stands or how it begins; that is the caller's to know. Here it is taken
apart: source brackets first, since " - " joins two names in a byline and parts place and text in a lead.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worker.extract.lexicon import WORDINGS
from worker.identity import fold

LONGEST_NAME = 60
"""Characters of the longest part of a byline taken for a name: longer ones are sentences."""

LONGEST_OPENING = 20
"""Characters of the longest text that is looked at as an opening."""

MOST_WORDS = 6
"""Words of the longest name: Spanish and Vietnamese ones have five."""

_WORDS_OF_A_FULL_NAME = 2

_BARS = "|｜ \t\u00a0"
_COLON = r"\s*[:：]\s*"
_MAIL = re.compile(r"\S+@\S+")
_SURROUNDINGS = " \t\u00a0,;:·•–—-|"


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says."""

    authors: tuple[str, ...] = ()
    """Names as printed; empty where it names nobody."""

    agency: str | None = None
    """Agencies credited, joined by ", "; None without a credit."""

    announced: bool = False
    """Whether a word such as "By" or "Von" opens the line, so that it is a byline wherever it stands."""


def byline(text: str) -> Byline:
    """Return what a byline says; a lone bar says nothing.

    Args:
        text: One line. The bar of flattened pages at its end is a separator and no part of it.
    """
    agencies: list[str] = []
    line = _line(text, agencies)
    opened = opening(line)
    line = line[opened:] if opened else line
    names: list[str] = []
    for segment in line.split(";"):
        _read_segment(segment.strip(), names, agencies)
    return Byline(
        authors=tuple(dict.fromkeys(names)),
        agency=", ".join(dict.fromkeys(agencies)) or None,
        announced=opened > 0,
    )


def is_announced(text: str) -> bool:
    """Tell whether a word such as "By" opens the line, as ``byline`` does, at a fiftieth of its cost."""
    return opening(_line(text, [])) > 0


def opening(text: str) -> int:
    """Return how many characters of ``text`` are the words that open a byline; 0 where none do.

    In scripts with capitals a capital must follow: "By Jane Doe", not "by the river".
    """
    match = _OPENING.match(text)
    if match is None:
        return 0
    rest = text[match.end() :]
    if rest[:1].islower() or (fold(match[0]) in _WEAK_OPENINGS and not _full_name(rest)):
        return 0
    return match.end()


def is_opening(text: str) -> bool:
    """Tell whether the text is nothing but the words that open a byline: "By"."""
    return (
        len(text) <= LONGEST_OPENING and (match := _OPENING.match(f"{text} X")) is not None and match.end() > len(text)
    )


def agency_named(text: str) -> str | None:
    """Return the agency that ``text`` is the name of; None for any other text.

    Ambiguous short forms count only letter for letter: "AP" is one, "ap" is none.
    """
    found = _AGENCIES.get(fold(text))
    if found is None or (found.ambiguous and text.strip() not in found.names):
        return None
    return found.token


def is_desk(text: str) -> bool:
    """Tell whether ``text`` signs for the house or for nobody in particular, and so names no author."""
    return fold(text) in _NOT_NAMES


def _line(text: str, agencies: list[str]) -> str:
    """Return the line that is read as a byline; what its brackets credit goes to ``agencies``."""
    if "@" in text:
        text = _MAIL.sub(" ", text)
    line = " ".join(text.split()).strip(_BARS)
    if "(" in line or "[" in line or "（" in line:
        return _without_brackets(line, agencies)
    return line


def _read_segment(segment: str, names: list[str], agencies: list[str]) -> None:
    """Add the names and agencies of one part between semicolons."""
    if not segment or _OTHER_ROLE.match(segment):
        return  # who edited or took the picture did not write it
    if (match := _CREDIT.search(segment)) is not None:
        found = [agency_named(part) or part.strip() for part in _AGENCY_JOINERS.split(match[2]) if part.strip()]
        if match[1] or all(agency_named(part) for part in found):
            agencies += found
            segment = segment[: match.start()]
    for part in _parts(segment):
        if (agency := agency_named(part)) is not None:
            agencies.append(agency)
        elif is_name(part):
            names.append(part)


def _without_brackets(line: str, agencies: list[str]) -> str:
    """Return the line without brackets that credit a source; what they credit goes to ``agencies``."""

    def take(match: re.Match[str]) -> str:
        named = [part.strip() for part in _AGENCY_JOINERS.split(match["source"]) if part.strip()]
        if match["word"] is None and not all(agency_named(part) for part in named):
            return match[0]
        agencies.extend(agency_named(part) or part for part in named)
        return " "

    return " ".join(_BRACKETS.sub(take, line).split())


def _parts(segment: str) -> Iterator[str]:
    """Yield what the joiners part, without trailing titles."""
    pieces = [piece.strip(_SURROUNDINGS) for piece in _JOINERS.split(segment)]
    pieces = [half for piece in pieces for half in _halves(piece)]
    several = [piece for piece in pieces if piece]
    full = any(_full_name(piece) for piece in several)
    for place, piece in enumerate(several):
        bare = _SUFFIX.sub("", piece).strip(_SURROUNDINGS)
        is_tail = place > 0 and full and not _full_name(bare) and bare.isascii() and agency_named(bare) is None
        if bare and not is_tail and not _is_title(bare):
            yield bare


def _halves(piece: str) -> list[str]:
    """Part at a short joining word where full names stand on both sides: "y", "e", "a" are words of names too."""
    for match in _WORD_JOINERS.finditer(piece):
        left, right = piece[: match.start()], piece[match.end() :]
        if _full_name(left) and _full_name(right):
            return [left, *_halves(right)]
    return [piece]


def is_name(text: str) -> bool:
    """Tell whether ``text`` can be a person's name: short, no figures, no desk."""
    return (
        0 < len(text) <= LONGEST_NAME
        and len(text.split()) <= MOST_WORDS
        and any(letter.isalpha() for letter in text)
        and not any(letter.isdigit() or letter in "<>{}【】@#=_" for letter in text)
        and not is_desk(text)
    )


def _full_name(text: str) -> bool:
    """Tell whether the text opens with two words that could be names: capitals, or a script without them."""
    words = text.split()[:_WORDS_OF_A_FULL_NAME]
    return len(words) == _WORDS_OF_A_FULL_NAME and not any(word[:1].islower() for word in words)


def _is_title(text: str) -> bool:
    """Tell whether the text is what somebody is, not who."""
    return fold(text) in _TITLES or any(fold(word) in _TITLES for word in text.split()[-1:])


def _alternatives(words: Iterable[str]) -> str:
    """Return the words as a pattern, the longest first; a colon in them may have a blank before it or be wide."""
    bare = sorted({word.rstrip(" :：") for word in words}, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in bare if word)


def _role(*roles: str) -> list[str]:
    """Return the words of all languages that announce one of ``roles``."""
    return [word for language in WORDINGS.languages for role in roles for word in language.bylines.get(role, ())]


_AGENCIES = {fold(name): agency for agency in reversed(WORDINGS.agencies) for name in agency.names}
_NOT_NAMES = frozenset(fold(name) for name in (*WORDINGS.bylines["not_names"], *_role("desk")))
_TITLES = frozenset(fold(title) for title in _role("titles"))
_WEAK_OPENINGS = frozenset(("di", "de", "del", "text", "av", "af", "par", "avec", "door"))
"""Openings that are everyday words: two capitalised words must follow."""

_CLOSED = r"(?:\s*[:：]\s*|\s+|(?<=[：／/｜|・【])\s*)"
_OPENING = re.compile(rf"(?:{_alternatives(_role('author'))}){_CLOSED}(?=\S)", re.IGNORECASE)
_OTHER_ROLE = re.compile(rf"(?:{_alternatives(_role('editor', 'contributor', 'photo'))}){_CLOSED}", re.IGNORECASE)
_SUFFIX = re.compile(rf"\s*(?:{_alternatives(_role('suffix'))})$")
_SOURCE = _alternatives(word for word in _role("source") if word.endswith((":", "："))) + r"|Source"
_CREDIT = re.compile(
    rf"(?:^|[\s–—-])(?:((?:{_SOURCE}){_COLON})|(?:{_alternatives(_role('agency', 'source'))})\s+)(\S.*)$", re.IGNORECASE
)
_BRACKETS = re.compile(
    rf"[(（\[](?:(?P<word>{_SOURCE}){_COLON})?(?P<source>[^()（）\[\]]{{2,40}})[)）\]]", re.IGNORECASE
)
_AGENCY_JOINERS = re.compile(r"\s*(?:[,/、・&+]|\s[-–—]\s|\band\b|\bund\b|\bet\b|\bvà\b|\by\b)\s*", re.IGNORECASE)
_JOINERS = re.compile(
    "|".join(re.escape(joiner) for joiner in sorted(WORDINGS.bylines["joiners"], key=len, reverse=True))
)
_WORD_JOINERS = re.compile("|".join(re.escape(joiner) for joiner in WORDINGS.bylines["joiners_of_full_names"]))
