# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Who wrote it, from a line of the page: names, agencies, and what is neither. **Pure**, **total**.

A line is a byline because of where it stands or how it begins; that is the caller's to know. Here it is taken
apart: source brackets first, since " - " joins two names in a byline and parts place and text in a lead.
"""

from worker.identity.folding cimport fold

import re

cimport cython
from cpython.unicode cimport PyUnicode_FindChar

from worker.extract.lexicon import WORDINGS

cdef enum:
    LONGEST_NAME = 60  # characters of the longest part of a byline taken for a name: longer ones are sentences
    LONGEST_OPENING = 20  # characters of the longest text that is looked at as an opening
    MOST_WORDS = 6  # words of the longest name: Spanish and Vietnamese ones have five
    WORDS_OF_A_FULL_NAME = 2
    BEGINNING = 3  # letters by which a text is known to open with none of the words
    BEGINNINGS_KEPT = 8_192  # such beginnings remembered, about 1 MB

cdef str BARS = "|｜ \t\u00a0"
cdef str SURROUNDINGS = " \t\u00a0,;:·•–—-|"
_COLON = r"\s*[:：]\s*"
_MAIL = re.compile(r"\S+@\S+")


@cython.final
@cython.dataclasses.dataclass(frozen=True)
cdef class Byline:
    """What a byline says.

    Attributes:
        authors: Names as printed; empty where it names nobody.
        agency: Agencies credited, joined by ", "; None without a credit.
        announced: Whether a word such as "By" or "Von" opens the line, so that it is a byline wherever it stands.
    """

    authors: tuple = ()
    agency: str | None = None
    announced: cython.bint = False


cpdef Byline byline(str text):
    """Return what a byline says; a lone bar says nothing.

    Args:
        text: One line. The bar of flattened pages at its end is a separator and no part of it.
    """
    cdef list names = [], agencies = []
    cdef str line = line_of(text, agencies), segment
    cdef int opened = opening(line)
    for segment in line[opened:].split(";"):
        read_segment(segment.strip(), names, agencies)
    return Byline(tuple(dict.fromkeys(names)), ", ".join(dict.fromkeys(agencies)) or None, opened > 0)


cpdef bint is_announced(str text):
    """Tell whether a word such as "By" opens the line, as ``byline`` does, at a thousandth of its cost."""
    cdef Py_ssize_t first = 0, length = len(text)
    if PyUnicode_FindChar(text, u"@", 0, length, 1) < 0:  # with one, the line may begin after an address
        while first < length and (text[first].isspace() or text[first] in BARS):
            first += 1
        if not may_open(text, first):
            return False
    return opening(line_of(text, [])) > 0


cpdef int opening(str text):
    """Return how many characters of ``text`` are the words that open a byline; 0 where none do.

    In scripts with capitals a capital must follow: "By Jane Doe", not "by the river".
    """
    if not may_open(text, 0) or (match := _OPENING(text)) is None:
        return 0
    cdef str rest = text[match.end():]
    if rest[:1].islower() or (fold(match[0]) in _WEAK_OPENINGS and not is_full_name(rest)):
        return 0
    return match.end()


cpdef bint is_opening(str text):
    """Tell whether the text is nothing but the words that open a byline: "By"."""
    cdef Py_ssize_t length = len(text)
    if length > LONGEST_OPENING or (length >= BEGINNING and not may_open(text, 0)):
        return False
    match = _OPENING(f"{text} X")
    return match is not None and match.end() > length


cdef bint may_open(str text, Py_ssize_t first):
    """Tell whether an opening, or brackets before one, may begin at a place: nearly all texts have other letters."""
    cdef str beginning = text[first : first + BEGINNING]
    known = _BEGINNINGS.get(beginning)
    if known is None:
        if len(_BEGINNINGS) == BEGINNINGS_KEPT:
            _BEGINNINGS.clear()
        known = _BEGINNINGS[beginning] = _BEGINS(beginning) is not None
    return known


cpdef str agency_named(str text):
    """Return the agency that ``text`` is the name of; None for any other text.

    Ambiguous short forms count only letter for letter: "AP" is one, "ap" is none.
    """
    found = _AGENCIES.get(fold(text))
    if found is None or (found.ambiguous and text.strip() not in found.names):
        return None
    return found.token


cpdef bint is_desk(str text):
    """Tell whether ``text`` signs for the house or for nobody in particular, and so names no author."""
    return fold(text) in _NOT_NAMES


cdef str line_of(str text, list agencies):
    """Return the line that is read as a byline; what its brackets credit goes to ``agencies``."""
    if "@" in text:
        text = _MAIL.sub(" ", text)
    cdef str line = " ".join(text.split()).strip(BARS)
    if "(" in line or "[" in line or "（" in line:
        return without_brackets(line, agencies)
    return line


cdef int read_segment(str segment, list names, list agencies) except -1:
    """Add the names and agencies of one part between semicolons."""
    if not segment or _OTHER_ROLE.match(segment):
        return 0  # who edited or took the picture did not write it
    if (match := _CREDIT.search(segment)) is not None:
        found = [agency_named(part) or part.strip() for part in _AGENCY_JOINERS.split(match[2]) if part.strip()]
        if match[1] or are_agencies(found):
            agencies += found
            segment = segment[: match.start()]
    for part in parts_of(segment):
        if (agency := agency_named(part)) is not None:
            agencies.append(agency)
        elif is_name(part):
            names.append(part)
    return 0


cdef bint are_agencies(list named):
    for part in named:
        if not agency_named(part):
            return False
    return True


cdef str without_brackets(str line, list agencies):
    """Return the line without brackets that credit a source; what they credit goes to ``agencies``."""

    def take(match):
        named = [part.strip() for part in _AGENCY_JOINERS.split(match["source"]) if part.strip()]
        if match["word"] is None and not are_agencies(named):
            return match[0]
        agencies.extend([agency_named(part) or part for part in named])
        return " "

    return " ".join(_BRACKETS.sub(take, line).split())


cdef list parts_of(str segment):
    """Return what the joiners part, without trailing titles."""
    cdef list several = []
    for piece in _JOINERS.split(segment):
        several += halves(piece.strip(SURROUNDINGS))
    several = [piece for piece in several if piece]
    cdef bint is_tail, has_full = False
    for piece in several:
        has_full = has_full or is_full_name(piece)
    cdef list found = []
    cdef str bare
    cdef int place
    for place, piece in enumerate(several):
        bare = _SUFFIX.sub("", piece).strip(SURROUNDINGS)
        is_tail = (
            place > 0 and has_full and not is_full_name(bare) and bare.isascii() and agency_named(bare) is None
        )
        if bare and not is_tail and not is_title(bare):
            found.append(bare)
    return found


cdef list halves(str piece):
    """Part at a short joining word where full names stand on both sides: "y", "e", "a" are words of names too."""
    for match in _WORD_JOINERS.finditer(piece):
        left, right = piece[: match.start()], piece[match.end() :]
        if is_full_name(left) and is_full_name(right):
            return [left, *halves(right)]
    return [piece]


cpdef bint is_name(str text):
    """Tell whether ``text`` can be a person's name: short, no figures, no desk."""
    cdef Py_UCS4 letter
    cdef int words = 0
    cdef bint in_word = False, has_letter = False
    if not 0 < len(text) <= LONGEST_NAME:
        return False
    for letter in text:
        if letter.isdigit() or letter in "<>{}【】@#=_":
            return False
        if letter.isspace():
            in_word = False
        elif not in_word:
            in_word = True
            words += 1
        has_letter = has_letter or letter.isalpha()
    return has_letter and words <= MOST_WORDS and not is_desk(text)


cdef bint is_full_name(str text):
    """Tell whether the text opens with two words that could be names: capitals, or a script without them."""
    cdef Py_UCS4 letter
    cdef int words = 0
    cdef bint in_word = False
    for letter in text:
        if letter.isspace():
            in_word = False
        elif not in_word:
            in_word = True
            words += 1
            if letter.islower():
                return False
            if words == WORDS_OF_A_FULL_NAME:
                return True
    return False


cdef bint is_title(str text):
    """Tell whether the text is what somebody is, not who."""
    if fold(text) in _TITLES:
        return True
    cdef list words = text.split()
    return len(words) > 0 and fold(words[len(words) - 1]) in _TITLES


def _alternatives(words):
    """Return the words as a pattern, the longest first; a colon in them may have a blank before it or be wide."""
    bare = sorted({word.rstrip(" :：") for word in words}, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in bare if word)


def _beginnings(words):
    """Return a pattern of the first letters of whatever ``_OPENING`` matches, up to white space."""
    known = set()
    for bare in filter(None, [word.rstrip(" :：") for word in words]):
        head = bare[:BEGINNING].partition(" ")[0]
        goes_on = "" if len(head) == BEGINNING else r"\s" if len(head) < len(bare) else _AFTER
        known.add(re.escape(head) + goes_on)
    return "|".join(sorted(known))


def _role(*roles):
    """Return the words of all languages that announce one of ``roles``."""
    return [word for language in WORDINGS.languages for role in roles for word in language.bylines.get(role, ())]


_AGENCIES = {fold(name): agency for agency in reversed(WORDINGS.agencies) for name in agency.names}
_NOT_NAMES = frozenset(fold(name) for name in (*WORDINGS.bylines["not_names"], *_role("desk")))
_TITLES = frozenset(fold(title) for title in _role("titles"))
_WEAK_OPENINGS = frozenset(("di", "de", "del", "text", "av", "af", "par", "avec", "door"))
"""Openings that are everyday words: two capitalised words must follow."""

_CLOSED = r"(?:\s*[:：]\s*|\s+|(?<=[：／/｜|・【])\s*)"
_AFTER = r"(?:[\s:：]|(?<=[：／/｜|・【]))"
_OPENING = re.compile(rf"(?:{_alternatives(_role('author'))}){_CLOSED}(?=\S)", re.IGNORECASE).match
_BEGINS = re.compile(rf"{_beginnings(_role('author'))}|.{{0,2}}[(\[（]", re.IGNORECASE | re.DOTALL).match
cdef dict _BEGINNINGS = {}
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
