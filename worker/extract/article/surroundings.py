"""What the elements around a text say: the names that templates give them, and what they mean in HTML."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from worker.extract.document import Document

FRAMES = ("aside", "header", "footer", "form", "figure", "figcaption", "table", "blockquote", "details")
"""Elements that a text may stand in and seldom does as body; the nearest counts. Numbered from 1."""

CLOSED = frozenset(["nav", "button", "select", "label", "dialog", "noscript", "textarea", "option"])
"""Elements whose text is never body. Of 7,100 paragraphs of body in the corpora three stand in one (noscript)."""

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SHORTEST_TOKEN = 3
_NAMES = ("class", "id", "role", "itemprop", "data-testid", "data-component", "data-type", "data-module")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_MAX_NAME_CHARACTERS = 600
"""Characters of names read of one element; a list of utility classes is as long and says little."""

HIDDEN = "hidden!"
"""The word for an element that isn't shown; no template can write it."""


class Around(NamedTuple):
    """What is around an element, itself included."""

    names: float
    """Sum of the weights of the words in the names of all elements around it: body above 0, frame below."""

    semantic: int
    """Whether it stands in ``main`` (1), ``article`` (2), or both (3)."""

    frame: int
    """Number of the nearest of ``FRAMES``; 0 for none."""

    closed: bool
    """Whether it stands in one of ``CLOSED``."""

    own: float
    """The part of ``names`` that is its own."""


_NOTHING = Around(names=0.0, semantic=0, frame=0, closed=False, own=0.0)


class Surroundings:
    """What is around each element that is asked about, worked out once."""

    __slots__ = ("_by_names", "_document", "_known", "_weights")

    def __init__(self, document: Document, weights: Mapping[str, float]) -> None:
        self._document = document
        self._weights = weights
        self._known: dict[int, Around] = {}
        self._by_names: dict[tuple[str | bool | None, ...], float] = {}

    def of(self, element: int) -> Around:
        """Return what is around ``element``."""
        known = self._known.get(element)
        if known is not None:
            return known
        path = []
        above = _NOTHING
        while element >= 0:
            found = self._known.get(element)
            if found is not None:
                above = found
                break
            path.append(element)
            element = self._document.parents[element]
        for each in reversed(path):
            above = self._known[each] = self._step(each, above)
        return above

    def _step(self, element: int, above: Around) -> Around:
        """Return what is around ``element``, given what is around its parent."""
        tag = self._document.tags[element]
        if tag in ("html", "body"):
            return _NOTHING
        own = self._own(element)
        semantic, frame = above.semantic, above.frame
        if tag == "article":
            semantic |= 2
        elif tag == "main":
            semantic |= 1
        elif tag in FRAMES:
            frame = FRAMES.index(tag) + 1
        return Around(above.names + own, semantic, frame, above.closed or tag in CLOSED, own)

    def _own(self, element: int) -> float:
        """Return the sum of the weights of the words in an element's own names."""
        attributes = self._document.attributes(element)
        if not attributes:
            return 0.0
        key = (*[attributes.get(name) for name in _NAMES], attributes.get("style"), "hidden" in attributes)
        known = self._by_names.get(key)
        if known is None:
            get = self._weights.get
            known = self._by_names[key] = sum([get(word, 0.0) for word in _words(key)])
        return known


def name_words(document: Document, element: int) -> frozenset[str]:
    """Return the words in the names of an element: what the weights are learned for."""
    attributes = document.attributes(element)
    return _words((*[attributes.get(name) for name in _NAMES], attributes.get("style"), "hidden" in attributes))


def _words(key: tuple[str | bool | None, ...]) -> frozenset[str]:
    """Return the distinct words of names, in lower case; ``HIDDEN`` among them for what isn't shown."""
    *names, style, hidden = key
    text = " ".join([name for name in names if isinstance(name, str)])[:_MAX_NAME_CHARACTERS]
    words = [word.lower() for word in _TOKEN.findall(text) if len(word) >= _SHORTEST_TOKEN]
    if hidden or (isinstance(style, str) and _HIDDEN.search(style)):
        words.append(HIDDEN)
    return frozenset(words)
