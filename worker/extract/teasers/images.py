"""The picture of a card: the real one, never a placeholder or an icon. **Total**."""

import re

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
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.IGNORECASE).search
_MIN_SIDE = 40
"""Pixels of the shortest side of a picture; icons and counters are smaller."""


def image_of(document: Document, top: int, base: str | None) -> str | None:
    """Return the address of the picture in the card ``top``; None where it has none."""
    background: str | None = None
    for element in range(top, document.ends[top]):
        tag = document.tags[element]
        attributes = document.attributes(element)
        if tag in ("img", "amp-img", "source"):
            if (tag == "source" or not _is_small(attributes)) and (found := _picture(attributes, base, tag)):
                return found
        elif background is None and (style := attributes.get("style")) and (match := _BACKGROUND(style)):
            background = match[1].strip()
    if background is None or _PLACEHOLDER(background):
        return None
    return resolve(background, base)


def _picture(attributes: dict[str, str | None], base: str | None, tag: str) -> str | None:
    """Return the picture that the attributes name."""
    sources = [attributes.get("src")] if tag != "source" else []
    sources += [attributes.get(name) for name in _LAZY]
    sources.append(attributes.get("srcset"))
    for place, source in enumerate(sources):
        if not source or not source.strip():
            continue
        first = source.split()[0].rstrip(",") if place and " " in source.strip() else source
        if not _PLACEHOLDER(first) and (url := resolve(first, base)):
            return url
    return None


def _is_small(attributes: dict[str, str | None]) -> bool:
    """Tell whether the picture says that it is an icon."""
    sides = [attributes.get("width"), attributes.get("height")]
    return any(
        side is not None and side.isascii() and side.isdigit() and 0 < int(side[:6]) < _MIN_SIDE for side in sides
    )
