"""Authors: the names that the page gives, as printed; people before organisations.

JSON-LD comes first, then meta elements, then microdata, then elements that templates call the author or the byline,
then a line under the headline that opens as a byline does: a house that signs in its metadata often has the reporter
in the text. An organisation counts only where JSON-LD names it as the author and nobody else is named; as the
publisher alone it is none.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice

from worker.extract.article.line_texts import bare
from worker.extract.article.lines import lines_between
from worker.extract.bylines import byline
from worker.extract.document import Document
from worker.extract.metadata import Json, Metadata, plain

MAX_NAME_CHARACTERS = 200
"""Characters of the longest list of names: what is longer is a text about the author."""

MAX_BYLINE_CHARACTERS = 120
MARKS_KEPT = 4_096
"""Names of elements that are remembered, about 1 MB: a page repeats few, and so do the pages of a site."""

FIRST_WIDE = "\u2e80"
"""The first letter of scripts in which two letters are a name."""

MAX_LINES_TO_BYLINE = 12
"""Lines after the headline in which a byline is looked for, up to the first of prose."""

_MARKS = re.compile(
    r"(?:(?<![A-Za-z])[Aa]|(?<=[a-z])A)ut(?:hor|or|eur|ore)(?:s|en|es)?(?:[-_]*[Nn]ame|[-_]*(?:list|List|item|link))?(?![a-z])"
    r"|(?:(?<![A-Za-z])[Bb]|(?<=[a-z])B)y[Ll]ine(?:s)?(?:[-_]*[Nn]ame)?(?![a-z])"
)
_MARKED_TAGS = frozenset(["a", "span", "p", "div", "address", "li"])
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


def authors(document: Document, metadata: Metadata, names: frozenset[str]) -> tuple[tuple[str, ...], str] | None:
    """Return the names and their source; None where the page names nobody.

    Args:
        document: The page.
        metadata: What its head claims.
        names: Letters of what the site is called: it is no author of its own.
    """
    return next((claim for claim in author_claims(document, metadata, names) if claim[0]), None)


def author_claims(
    document: Document, metadata: Metadata, names: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what each source names, in order of trust; () where it names nobody."""
    told = list(_told(metadata, metadata.article.get("author")))
    metas = [*metadata.metas.get("author", ()), *metadata.metas.get("article:author", ())]
    for texts, source in metadata.by_trust((told, metadata.article_source), (metas, "meta")):
        yield _people(texts, names), source
    yield _of_elements(_printed(document), names), "markup"
    yield _people(_announced(document), names), "text"
    if metadata.article_source == "jsonld":
        houses = [name for name in told if len(name) <= MAX_NAME_CHARACTERS and "://" not in name]
        yield tuple(dict.fromkeys(houses)), "jsonld"


def agency(metadata: Metadata) -> tuple[str, str] | None:
    """Return the agencies that the head credits, joined by ", ", with the source of the first; None without any."""
    told = [(name, metadata.article_source) for name in _told(metadata, metadata.article.get("author"))]
    told += [(name, "meta") for name in metadata.metas.get("author", ())]
    found: dict[str, str] = {}
    for text, source in told:
        if len(text) <= MAX_NAME_CHARACTERS and (by := byline(text).agency):
            found.setdefault(by, source)
    return (", ".join(found), next(iter(found.values()))) if found else None


def _people(texts: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    """Return the names in the claims that are not the site's own."""
    found = [name for text in texts for name in _names(text) if not _is_house(name, names)]
    return tuple(dict.fromkeys(found))


def _of_elements(texts: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    """Return the names in elements of one byline: the full ones, else those of the first that has text."""
    texts = list(texts)
    found = _people(texts, names)
    return tuple([name for name in found if _is_full(name)]) or _people(texts[:1], names)


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
    """Yield the texts of the first element that is marked as author or byline, the innermost that are.

    The first is the first after the headline: what stands above it are other stories' as often as not.
    """
    first, tags = next(iter(document.by_tag["h1"]), 0), document.tags
    in_turn = chain(range(first + 1, len(tags)), range(first + 1))
    outer = next((each for each in in_turn if tags[each] in _MARKED_TAGS and _is_marked(document, each)), None)
    if outer is not None:
        below = range(outer, document.ends[outer])
        inside = [each for each in below if tags[each] in _MARKED_TAGS and _is_marked(document, each)]
        for element, following in zip(inside, [*inside[1:], document.ends[outer]], strict=True):
            if following >= document.ends[element]:
                yield document.text(element)


def _is_marked(document: Document, element: int) -> bool:
    """Tell whether an element of little text is called the author or the byline."""
    if not 0 < document.text_length(element) <= MAX_BYLINE_CHARACTERS:
        return False
    attributes = document.attributes(element)
    marks = [mark for key in ("rel", "itemprop", "class") if (mark := attributes.get(key))]
    return bool(marks) and _are_marks(" ".join(marks)) and bool(document.text(element))


@lru_cache(MARKS_KEPT)
def _are_marks(names: str) -> bool:
    """Tell whether the names of an element say that it is the author or the byline."""
    return _MARKS.search(names) is not None and "comment" not in names


def _announced(document: Document) -> Iterator[str]:
    """Yield the first line between headline and prose that opens as a byline does and names somebody in full."""
    for heading in document.by_tag["h1"][:1]:
        lines = lines_between(document, document.text_ends[heading], len(document.pieces))
        for line in islice(lines, MAX_LINES_TO_BYLINE):
            if len(line.text) > MAX_BYLINE_CHARACTERS:
                return
            told = byline(line.text)
            if told.announced and told.authors and all(_is_full(name) for name in told.authors):
                yield line.text
                return


def _is_full(name: str) -> bool:
    """Tell whether the name has a first and a last one, both with a capital where the script has them."""
    words = name.split()
    return len(words) > 1 and not words[0][0].islower() and not words[-1][0].islower()


def _names(text: str) -> Iterator[str]:
    """Yield the names of one claim; addresses and texts are none."""
    if len(text) > MAX_NAME_CHARACTERS or "://" in text or "www." in text:
        return
    yield from byline(_BRACKETS.sub("", text)).authors


def _is_house(name: str, names: frozenset[str]) -> bool:
    """Tell whether the name is the site's own."""
    letters = bare(name)
    return (
        len(letters) < (2 if letters[:1] >= FIRST_WIDE else 3)
        or letters in names
        or any(len(each) > 3 and letters.startswith(each) for each in names)  # noqa: PLR2004  three letters begin anything
    )
