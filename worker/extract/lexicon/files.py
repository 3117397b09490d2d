"""The files of wordings, read and checked once: an error names file and key and says what to do.

A language is a file; ``common.toml`` holds what has no language. Everything found in them is in one form here,
folded as keys are, so that the tables made from it answer in one look.
"""

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from worker.identity import fold

COMMON = "common"
"""Name of the file without a language."""

HEADING_KINDS = ("related", "inline", "latest", "popular", "sponsored")
"""Tables under ``headings`` of a language."""

HEADING_KEYS = ("line", "ambiguous", "prefix")
"""Lists of such a table: the whole line; the same, but only with items after it; the head of a line."""

BYLINE_KEYS = ("author", "suffix", "editor", "contributor", "agency", "source", "photo", "desk", "titles")
BOILERPLATE_CLASSES = (
    "share",
    "comment",
    "newsletter",
    "paywall",
    "consent",
    "copyright",
    "navigation",
    "media",
    "counter",
    "audio",
)
DATE_KEYS = ("months", "weekdays", "published", "modified")
MONTHS = 12

_COMMON_TABLES = {
    "bylines": ("joiners", "joiners_of_full_names", "not_names"),
    "headings": ("edges", "markers"),
}
_AGENCY_KEYS = frozenset(("token", "names", "country", "ambiguous"))


class LexiconError(ValueError):
    """A file of wordings is not as it must be; the message names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Agency:
    """A news agency and how it is named."""

    token: str
    """The name that records carry."""

    names: tuple[str, ...]
    """How it is written, in any script."""

    country: str
    """Where it sits, ISO 3166-1."""

    ambiguous: bool = False
    """Whether a name is an ordinary word too, so that it counts only in a credit form."""


@dataclass(frozen=True, slots=True)
class Language:
    """The wordings of one language, as its file has them."""

    code: str
    """ISO 639-1 code."""

    words: tuple[str, ...] = ()
    """Everyday words that tell its texts from others; empty where the script does."""

    headings: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Kind to list name to wordings."""

    bylines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Role to the words that announce it."""

    boilerplate: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Class to the lines that belong to the frame."""

    months: tuple[tuple[str, ...], ...] = ()
    """Names of the twelve months; empty where the language writes numbers."""

    dates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Weekdays, and the labels before a date: published, modified."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """All files, checked."""

    languages: tuple[Language, ...]
    """By code."""

    agencies: tuple[Agency, ...]
    """In the order of the file."""

    bylines: dict[str, tuple[str, ...]]
    """Joiners and names that are none."""

    markers: tuple[str, ...]
    """Marks that open an inline pointer."""

    edges: str
    """Letters that may stand around a heading and are no part of it."""

    version: str
    """Digest of all files: 12 hex digits."""


def load() -> Wordings:
    """Return the wordings of the files that come with the package.

    Raises:
        LexiconError: A file is not as it must be.
    """
    return wordings(dict(sorted(_sources())))


def wordings(sources: dict[str, str]) -> Wordings:
    """Return the wordings of ``sources``, TOML by file name without its ending. Pure.

    Raises:
        LexiconError: A file is not as it must be.
    """
    tables = {name: _parsed(name, text) for name, text in sources.items()}
    if COMMON not in tables:
        raise LexiconError(f"{COMMON}.toml is missing: it holds agencies, joiners and edges")
    common = tables.pop(COMMON)
    _known(COMMON, common, ("bylines", "headings", "agencies"))
    lists = {name: _table(COMMON, common, name, keys) for name, keys in _COMMON_TABLES.items() if name == "bylines"}
    headings = common.get("headings", {})
    return Wordings(
        languages=tuple(_language(code, table) for code, table in tables.items()),
        agencies=tuple(_agency(number, row) for number, row in enumerate(common.get("agencies", []), start=1)),
        bylines=lists["bylines"],
        markers=_texts(COMMON, "headings.markers", headings.get("markers", [])),
        edges=str(headings.get("edges", "")),
        version=blake2b("\x1f".join(f"{n}\x1e{t}" for n, t in sources.items()).encode(), digest_size=6).hexdigest(),
    )


def _sources() -> Iterator[tuple[str, str]]:
    for path in files(__package__).iterdir():
        if path.name.endswith(".toml"):
            yield path.name.removesuffix(".toml"), path.read_text(encoding="utf-8").replace("\r\n", "\n")


def _parsed(name: str, text: str) -> dict[str, Any]:
    if not unicodedata.is_normalized("NFC", text):
        raise LexiconError(f"{name}.toml is not NFC: save it in composed letters")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}.toml is no TOML: {error}") from error


def _language(code: str, table: dict[str, Any]) -> Language:
    _known(code, table, ("words", "headings", "bylines", "boilerplate", "dates"))
    headings = table.get("headings", {})
    _known(code, headings, HEADING_KINDS, "headings")
    dates = dict(table.get("dates", {}))
    _known(code, dates, DATE_KEYS, "dates")
    months = dates.pop("months", [])
    if months and len(months) != MONTHS:
        raise LexiconError(f"{code}.toml: dates.months has {len(months)} rows, write one for each of {MONTHS} months")
    return Language(
        code=code,
        words=_texts(code, "words", table.get("words", [])),
        headings={kind: _table(code, headings, kind, HEADING_KEYS, "headings.") for kind in headings},
        bylines=_table(code, table, "bylines", BYLINE_KEYS),
        boilerplate=_table(code, table, "boilerplate", BOILERPLATE_CLASSES),
        months=tuple(_texts(code, f"dates.months[{n}]", row) for n, row in enumerate(months, start=1)),
        dates={key: _texts(code, f"dates.{key}", value) for key, value in dates.items()},
    )


def _agency(number: int, row: dict[str, Any]) -> Agency:
    where = f"agencies[{number}]"
    _known(COMMON, row, tuple(_AGENCY_KEYS), where)
    if not isinstance(row.get("token"), str) or not row.get("names") or not isinstance(row.get("country"), str):
        raise LexiconError(f"{COMMON}.toml: {where} needs token, names and country")
    names = _texts(COMMON, f"{where}.names", row["names"])
    return Agency(row["token"], names, row["country"], row.get("ambiguous", False) is True)


def _table(
    code: str, table: dict[str, Any], name: str, keys: tuple[str, ...], path: str = ""
) -> dict[str, tuple[str, ...]]:
    lists = table.get(name, {})
    _known(code, lists, keys, f"{path}{name}")
    return {key: _texts(code, f"{path}{name}.{key}", value) for key, value in lists.items()}


def _known(code: str, table: object, keys: tuple[str, ...], path: str = "") -> None:
    if not isinstance(table, dict):
        raise LexiconError(f"{code}.toml: {path} must be a table, write [{path}]")
    if unknown := sorted(set(table) - set(keys)):
        raise LexiconError(
            f"{code}.toml: {path + '.' if path else ''}{unknown[0]} is no key, use one of {', '.join(keys)}"
        )


def _texts(code: str, path: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise LexiconError(f'{code}.toml: {path} must be a list of texts, write {path.rpartition(".")[2]} = ["..."]')
    seen: dict[str, str] = {}
    for text in value:
        if (first := seen.setdefault(fold(text) or text, text)) is not text:
            raise LexiconError(f"{code}.toml: {path} has {text!r} twice (as {first!r}): leave one out")
    return tuple(value)
