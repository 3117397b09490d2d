"""Authors: the names that the page gives, as printed; people before organisations.

JSON-LD comes first, then meta elements, then elements that templates call the author or the byline: a house that
signs in its metadata often has the reporter in the text. An organisation counts only where JSON-LD names it as the
author and nobody else is named.
"""

import re
from collections.abc import Iterable, Iterator

from worker.extract.article.signals import bare
from worker.extract.bylines import byline
from worker.extract.document import Document
from worker.extract.metadata import Json, Metadata, plain

MAX_NAME_CHARACTERS = 200
"""Characters of the longest list of names: what is longer is a text about the author."""

MAX_BYLINE_CHARACTERS = 120
_MARKS = re.compile(
    r"(?<![a-z])(?:author|byline|autor|auteur|autore)(?:s|en|es)?(?:[-_]*name)?(?![a-z])", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


def authors(document: Document, metadata: Metadata, names: frozenset[str]) -> tuple[tuple[str, ...], str] | None:
    """Return the names and their source; None where the page names nobody.

    Args:
        document: The page.
        metadata: What its head claims.
        names: Letters of what the site is called: it is no author of its own.
    """
    told = list(_told(metadata, metadata.article.get("author")))
    claimed = [*metadata.metas.get("author", ()), *metadata.metas.get("article:author", ())]
    if found := _people(told, names):
        return found, "jsonld"
    if found := _people(claimed, names):
        return found, "meta"
    if found := _people(list(_printed(document)), names):
        return found, "markup"
    houses = tuple(dict.fromkeys([name for name in told if len(name) <= MAX_NAME_CHARACTERS and "://" not in name]))
    return (houses, "jsonld") if houses else None


def agency(metadata: Metadata) -> str | None:
    """Return the agencies that the head credits, joined by ", "; None without a credit."""
    told = [*_told(metadata, metadata.article.get("author")), *metadata.metas.get("author", ())]
    found = [by for text in told if len(text) <= MAX_NAME_CHARACTERS and (by := byline(text).agency)]
    return ", ".join(dict.fromkeys(found)) or None


def _people(texts: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    """Return the names in the claims that are not the site's own."""
    found = [name for text in texts for name in _names(text) if not _is_house(name, names)]
    return tuple(dict.fromkeys(found))


def _told(metadata: Metadata, value: Json, depth: int = 0) -> Iterator[str]:
    """Yield the names in JSON-LD, references followed."""
    value = metadata.follow(value)
    if isinstance(value, list) and depth < 4:  # noqa: PLR2004  lists in lists in lists are no names
        for each in value:
            yield from _told(metadata, each, depth + 1)
    elif isinstance(value, dict):
        yield from _told(metadata, value.get("name"), depth + 1) if depth < 4 else ()  # noqa: PLR2004
    elif name := plain(value):
        yield name


def _printed(document: Document) -> Iterator[str]:
    """Yield the text of the first element that is marked as author or byline."""
    for tag in ("a", "span", "p", "div", "address"):
        for element in document.by_tag[tag]:
            attributes = document.attributes(element)
            marks = " ".join([attributes.get(key) or "" for key in ("rel", "itemprop", "class")])
            if _MARKS.search(marks) and 0 < document.text_length(element) <= MAX_BYLINE_CHARACTERS:
                yield document.text(element)
                return


def _names(text: str) -> Iterator[str]:
    """Yield the names of one claim; addresses and texts are none."""
    if len(text) > MAX_NAME_CHARACTERS or "://" in text or "www." in text:
        return
    yield from byline(_BRACKETS.sub("", text)).authors


def _is_house(name: str, names: frozenset[str]) -> bool:
    letters = bare(name)
    return len(letters) < 3 or letters in names or any(len(each) > 3 and letters.startswith(each) for each in names)  # noqa: PLR2004
