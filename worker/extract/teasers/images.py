"""The picture of a card: the real one, never a placeholder or an icon. **Total**."""

import re
from collections.abc import Iterable

from worker.extract.document import Document
from worker.identity import resolve

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
    "data-image",
    "data-srcset",
    "data-lazy-srcset",
)
"""Attributes in which scripts find the picture, in order of trust."""

_PLACEHOLDER = re.compile(
    r"^data:|placeholder|blank\.|spacer|1x1|pixel|transparent|trans_\d|lazy|loading|default[-_.]|\.svg(?:\?|$)|/icons?/|icon[-_.]|logo|avatar|empty\.",
    re.IGNORECASE,
).search
_MARKS = (
    "1x1",
    "avatar",
    "blank.",
    "empty.",
    "lazy",
    "loading",
    "logo",
    "pixel",
    "placeholder",
    "spacer",
    "transparent",
)
_UNSURE_MARKS = ("trans_", "default", ".svg", "icon")
"""What of that pattern is plain text, and what its other parts hold: looked for first, at a thirtieth of its cost."""

_PICTURES = frozenset(["img", "amp-img", "source"])
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.IGNORECASE).search
_MIN_SIDE = 40
"""Pixels of the shortest side of a picture; icons and counters are smaller."""


def image_of(document: Document, top: int, base: str | None) -> str | None:
    """Return the address of the picture in the card ``top``; None where it has none."""
    tags = document.tags[top : document.ends[top]]
    if not _PICTURES.isdisjoint(tags):
        for element, tag in enumerate(tags, top):
            if tag in _PICTURES:
                attributes = document.attributes(element)
                if (tag == "source" or not _is_small(attributes)) and (found := _picture(attributes, base, tag)):
                    return found
    background = _background(document, top)
    return None if background is None or _is_placeholder(background) else resolve(background, base)


def _background(document: Document, top: int) -> str | None:
    """Return what the first style with a picture in the card names; pictures have no background."""
    for element in range(top, document.ends[top]):
        style = document.attributes(element).get("style")
        if style and document.tags[element] not in _PICTURES and (found := _BACKGROUND(style)):
            return found[1].strip()
    return None


def _is_placeholder(address: str) -> bool:
    """Tell whether the address is of a picture that stands for another one, or of an icon."""
    if address[:5].lower() == "data:":
        return True
    if address.isascii():
        lowered = address.lower()
        if _holds(lowered, _MARKS):
            return True
        if not _holds(lowered, _UNSURE_MARKS):
            return False
    return _PLACEHOLDER(address) is not None


def _holds(text: str, marks: Iterable[str]) -> bool:
    for mark in marks:  # noqa: SIM110  a generator costs three times as much
        if mark in text:
            return True
    return False


def _picture(attributes: dict[str, str | None], base: str | None, tag: str) -> str | None:
    """Return the picture that the attributes name."""
    sources = [attributes.get("src")] if tag != "source" else []
    sources += [attributes.get(name) for name in _LAZY]
    sources.append(attributes.get("srcset"))
    for place, source in enumerate(sources):
        if not source or not source.strip():
            continue
        first = source.split()[0].rstrip(",") if place and " " in source.strip() else source
        if not _is_placeholder(first) and (url := resolve(first, base)):
            return url
    return None


def _is_small(attributes: dict[str, str | None]) -> bool:
    """Tell whether the picture says that it is an icon."""
    sides = [attributes.get("width"), attributes.get("height")]
    return any(
        side is not None and side.isascii() and side.isdigit() and 0 < int(side[:6]) < _MIN_SIDE for side in sides
    )
