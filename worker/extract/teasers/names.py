"""What templates and addresses call the parts of a page: classes of known words, as data in ``names.toml``."""

import re
import tomllib
from importlib.resources import files

from worker.extract.document import Document

_DATA = tomllib.loads(files("worker.extract.teasers").joinpath("names.toml").read_text(encoding="utf-8"))

CLASSES = tuple(_DATA["names"])
"""Classes of words in the names of elements, in the order of their bits."""

BITS = {name: 1 << place for place, name in enumerate(CLASSES)}

TITLE, KICKER = 1 << len(CLASSES), 1 << (len(CLASSES) + 1)
"""Bits of the names of a card's parts: its headline, and the labels beside it."""

BLOCK_BITS = TITLE - 1
"""The bits of ``CLASSES`` alone."""

_PART_BIT_OF = {word: bit for name, bit in (("kicker", KICKER), ("title", TITLE)) for word in _DATA["parts"][name]}
_BIT_OF = {word: BITS[name] for name, words in reversed(_DATA["names"].items()) for word in words}
_PATH_CLASS = {word: name for name, words in reversed(_DATA["paths"].items()) for word in words}
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])").findall

MAX_NAME_CHARACTERS = 400
"""Characters of names read of one element; a list of utility classes is as long and says little."""


def path_class(segment: str) -> str | None:
    """Return the class of a segment of a path, None for any other word."""
    return _PATH_CLASS.get(segment.lower())


_PLATFORMS = frozenset(_DATA["platforms"]["hosts"])


def is_platform(host: str) -> bool:
    """Tell whether the host is a network, a store or an archive of apps, where nobody tells news of their own."""
    while host not in _PLATFORMS:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True


class Names:
    """The classes of words in the names of elements, as bits, worked out once an element."""

    __slots__ = ("_by_text", "_document", "_known", "_near")

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, int] = {}
        self._by_text: dict[str, int] = {}

    def of(self, element: int) -> int:
        """Return the bits of the element's own names."""
        known = self._known.get(element)
        if known is None:
            attributes = self._document.attributes(element)
            text = (
                " ".join(
                    [
                        value
                        for name, value in attributes.items()
                        if value and (name in _READ or name.startswith("data-"))
                    ]
                )
                if attributes
                else ""
            )
            known = self._by_text.get(text)
            if known is None:
                known = 0
                for word in _TOKEN(text[:MAX_NAME_CHARACTERS]):
                    folded = word.lower()
                    known |= _BIT_OF.get(folded, 0) | _PART_BIT_OF.get(folded, 0)
                self._by_text[text] = known
            self._known[element] = known
        return known


_READ = frozenset(["class", "id", "role"])
