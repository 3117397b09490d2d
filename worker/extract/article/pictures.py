"""Pictures: those of the article's figures, each with its caption, its credit and its alternative text."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from schemas import Image
from worker.extract.article.captions import figures
from worker.extract.article.root import Root
from worker.extract.document import Document
from worker.extract.lexicon import WORDINGS
from worker.extract.teasers.images import image_of

MAX_IMAGES = 20
"""Pictures kept: a gallery has hundreds, and they say no more of the article."""

MAX_CREDIT_CHARACTERS = 80
"""Characters of the longest credit: what is longer is the caption with a word of credit in it."""

_CREDIT_NAMES = re.compile(r"(?<![a-z])(?:credits?|copyright|photographer|source|author)(?![a-z])", re.IGNORECASE)
_WORDS = sorted(
    {word for language in WORDINGS.languages for word in language.bylines.get("photo", ())}, key=len, reverse=True
)
_OPENINGS = "|".join(
    [
        re.escape(word.rstrip(" :：")) + (r"\s*[:：]" if word.endswith((":", "：")) else r"(?:\s*[:：]|\s)")
        for word in _WORDS
    ]
)
_CREDIT = re.compile(rf"[(\[]?\s*(?<!\w)(?:{_OPENINGS}|©)\s*(?P<by>[^()\[\]]+?)\s*[)\]]?$", re.IGNORECASE)
"""The end of a caption that says who made the picture: a word of it, or the mark of copyright."""


def pictures(
    document: Document, root: Root, taken: frozenset[int], base: str | None, head: tuple[Image, ...]
) -> tuple[Image, ...]:
    """Return the article's pictures, the main one first.

    Args:
        document: The page.
        root: Where its article stands.
        taken: Elements that are teasers: their pictures are none of the article's.
        base: What addresses are resolved against.
        head: The pictures that the head names, the main one first; a figure that shows one tells its caption.
    """
    found = {_path(image.url): image for image in head}
    for image in _of_figures(document, root, taken, base):
        path = _path(image.url)
        known = found.get(path)
        found[path] = image.model_copy(update={"url": known.url}) if known else image
    return tuple(found.values())[:MAX_IMAGES]


def _of_figures(document: Document, root: Root, taken: frozenset[int], base: str | None) -> Iterator[Image]:
    """Yield the picture of each figure."""
    for figure in figures(document, root, taken)[:MAX_IMAGES]:
        if url := image_of(document, figure, base):
            inside = range(figure, document.ends[figure])
            told = next((each for each in document.by_tag["figcaption"] if each in inside), None)
            caption, credit = _parted(document, told) if told is not None else (None, None)
            shown = next((each for each in document.by_tag["img"] if each in inside), figure)
            alt = " ".join((document.attributes(shown).get("alt") or "").split())
            yield Image(url=url, caption=caption, credit=credit, alt=alt or None)


def _parted(document: Document, caption: int) -> tuple[str | None, str | None]:
    """Return the text of a caption without its credit, and the credit; None for what it hasn't."""
    text = document.text(caption)
    for element in range(caption + 1, document.ends[caption]):
        if _CREDIT_NAMES.search(document.attributes(element).get("class") or "") and (told := document.text(element)):
            if len(told) > MAX_CREDIT_CHARACTERS:
                break
            match = _CREDIT.search(told)
            return _without(text, told), match["by"] if match else told
    match = _CREDIT.search(text)
    if match and len(match["by"]) <= MAX_CREDIT_CHARACTERS:
        return text[: match.start()].strip() or None, match["by"]
    return text or None, None


def _without(text: str, credit: str) -> str | None:
    return " ".join(text.replace(credit, " ", 1).split()) or None


def _path(url: str) -> str:
    """Return what two sizes of one picture share: the address without its query."""
    parts = urlsplit(url)
    return parts.netloc + parts.path
