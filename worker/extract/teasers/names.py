"""What templates and addresses call the parts of a page: classes of known words, as data in ``names.toml``."""

import re
import tomllib
from functools import lru_cache
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

_BITS_OF = {word: BITS[name] for name, words in reversed(_DATA["names"].items()) for word in words}
for _bit, _words in ((KICKER, _DATA["parts"]["kicker"]), (TITLE, _DATA["parts"]["title"])):
    _BITS_OF |= {word: _BITS_OF.get(word, 0) & BLOCK_BITS | _bit for word in _words}
PATH_CLASS = {word: name for name, words in reversed(_DATA["paths"].items()) for word in words}
"""Class of the words that are segments of paths, in lower case."""

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])").findall

MAX_NAME_CHARACTERS = 400
"""Characters of names read of one element; a list of utility classes is as long and says little."""

NAMES_KEPT = 8_192
"""Texts of names remembered, about 2 MB: a template's come again on every page of its site."""


_PLATFORMS = frozenset(_DATA["platforms"]["hosts"])


@lru_cache(4_096)
def is_platform(host: str) -> bool:
    """Tell whether the host is a network, a store or an archive of apps, where nobody tells news of their own."""
    while host not in _PLATFORMS:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True


class Names:
    """The classes of words in the names of elements, as bits, worked out once an element."""

    __slots__ = ("_document", "_known")

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, int] = {}

    def of(self, element: int) -> int:
        """Return the bits of the element's own names."""
        known = self._known.get(element)
        if known is None:
            attributes = self._document.attributes(element)
            known = self._known[element] = _bits_of(_text_of(attributes)) if attributes else 0
        return known


_READ = frozenset(["class", "id", "role"])


def _text_of(attributes: dict[str, str | None]) -> str:
    """Return the names among the attributes of an element, as far as they are read."""
    if len(attributes) == 1 and "class" in attributes:
        return (attributes["class"] or "")[:MAX_NAME_CHARACTERS]
    read = [value for name, value in attributes.items() if value and (name in _READ or name.startswith("data-"))]
    return " ".join(read)[:MAX_NAME_CHARACTERS]


@lru_cache(NAMES_KEPT)
def _bits_of(text: str) -> int:
    """Return the bits of the words in a text of names."""
    bits = 0
    for word in _TOKEN(text):
        folded = word.lower()
        bits |= _BITS_OF.get(folded, 0)
    return bits
