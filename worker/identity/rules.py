"""The data behind the ids: parameters, folding, story patterns; read once, checked when read.

Any change of these files changes ids, so their digest is part of ``IDENTITY_VERSION``.
"""

import re
import tomllib
from collections.abc import Mapping
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from typing import Any

PARAMETERS, FOLDING, STORIES = "parameters.toml", "folding.toml", "stories.toml"

CODE_VERSION = 1
"""Raised when code, not data, comes to give other ids."""


class RulesError(ValueError):
    """A data file of the identity rules is not usable; the message names file, key and remedy."""


def tracking(text: str) -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    """Return the prefixes to drop, the names to drop and the names never to drop.

    Args:
        text: Content of ``parameters.toml``.

    Raises:
        RulesError: A key is missing or not a list of lower-case names, or a name is dropped and kept.
    """
    data = _parsed(PARAMETERS, text)
    prefixes = _names(PARAMETERS, data, "drop", "prefix")
    dropped = frozenset(_names(PARAMETERS, data, "drop", "exact"))
    kept = frozenset(_names(PARAMETERS, data, "keep", "exact"))
    if both := sorted(dropped & kept):
        raise RulesError(f"{PARAMETERS}: {both[0]!r} stands under drop and under keep: take it out of one")
    return prefixes, dropped, kept


def folding(text: str) -> tuple[dict[int, str | None], str]:
    """Return the table for ``str.translate`` and the letters stripped from the edges.

    Args:
        text: Content of ``folding.toml``.

    Raises:
        RulesError: A key is missing, or a code point is not hexadecimal.
    """
    data = _parsed(FOLDING, text)
    table: dict[int, str | None] = {
        ord(letter): target for target, letters in _table(FOLDING, data, "replace").items() for letter in letters
    }
    for item in _list(FOLDING, data, "drop", "code_points"):
        table.update(dict.fromkeys(_code_points(item), None))
    edges = _table(FOLDING, data, "edges").get("strip")
    if not isinstance(edges, str) or not edges:
        raise RulesError(f"{FOLDING}: edges.strip is missing: give it the letters to strip, as a string")
    return table, edges


def story_patterns(text: str) -> dict[str, re.Pattern[str]]:
    """Return the pattern of each host that declares story numbers.

    Args:
        text: Content of ``stories.toml``.

    Raises:
        RulesError: A pattern is missing, doesn't compile or has no group ``id``.
    """
    hosts = _table(STORIES, _parsed(STORIES, text), "hosts")
    return {host: _pattern(host, row) for host, row in hosts.items()}


def identity_version() -> str:
    """Return the version of all that makes ids: code, data files, list of registered domains."""
    digest = blake2b(digest_size=4)
    for name in (PARAMETERS, FOLDING, STORIES):
        digest.update(content(name).encode())
    digest.update(version("tldextract").encode())
    return f"{CODE_VERSION}-{digest.hexdigest()}"


def content(name: str) -> str:
    """Return the text of one of this package's data files."""
    return files("worker.identity").joinpath(name).read_text(encoding="utf-8")


def _parsed(name: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{name}: no TOML: {error}") from error


def _table(name: str, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = data.get(key)
    if not isinstance(table, dict):
        raise RulesError(f"{name}: [{key}] is missing: add the table")
    return table


def _list(name: str, data: Mapping[str, Any], table: str, key: str) -> tuple[str, ...]:
    values = _table(name, data, table).get(key)
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise RulesError(f"{name}: {table}.{key} is missing or no list of strings")
    return tuple(values)


def _names(name: str, data: Mapping[str, Any], table: str, key: str) -> tuple[str, ...]:
    values = _list(name, data, table, key)
    if wrong := [value for value in values if value != value.lower()]:
        raise RulesError(f"{name}: {table}.{key}: write {wrong[0]!r} in lower case, or it never matches")
    return values


def _code_points(item: str) -> range:
    first, _, last = item.partition("..")
    try:
        return range(int(first, 16), int(last or first, 16) + 1)
    except ValueError as error:
        raise RulesError(f"{FOLDING}: drop.code_points: {item!r} is no code point like 00AD or 064B..0652") from error


def _pattern(host: str, row: object) -> re.Pattern[str]:
    source = row.get("pattern") if isinstance(row, dict) else None
    try:
        pattern = re.compile(str(source), re.ASCII)
    except re.error as error:
        raise RulesError(f"{STORIES}: hosts.{host}.pattern is no regular expression: {error}") from error
    if "id" not in pattern.groupindex:
        raise RulesError(f"{STORIES}: hosts.{host}.pattern needs a group (?P<id>...) around the number")
    return pattern
