"""What a link points to: its address, and how much that looks like a story's. **Pure**, **total**.

Publishers build addresses by rules: a story has a slug of many words, a number or a date; a section is the head
of other addresses. The page's own address says how its site writes those of stories.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from worker.extract.teasers.names import is_platform, path_class
from worker.identity import address_key, resolve

TO_COMMENTS = re.compile(r"#(?:comment|respond|disqus|repl|kommentar|coral|discuss)", re.IGNORECASE).search
"""Links that lead to what readers say of a story, not to the story."""

NOT_PAGES = re.compile(r"\s*(?:#|javascript:|mailto:|tel:|sms:|whatsapp:|data:|about:|$)", re.IGNORECASE).match
"""Links that lead to no page, by their beginning."""

MIN_RUN = 4
"""Digits from which a number may be a story's; shorter ones count pages and days."""

MIN_OWN_NUMBER = 6
"""Digits from which the number of the page's own address marks another form of the page wherever it stands."""

MIN_OWN_SLUG = 4
"""Words from which the slug of the page's own address does so."""

SHAPES_KEPT = 8_192
"""Shapes remembered: the menus of the sites that a worker reads come again on every page."""

_WORDS = re.compile(r"[-_+.,;~]|%20").split
_RUNS = re.compile(r"\d+").findall
_DATE = re.compile(r"(?:19|20)\d\d[/_-]?(?:[01]?\d|[a-z]{3})(?:[/_-]?[0-3]?\d)?(?:/|_|-|$)").search
_MIXED = re.compile(r"(?=[a-z0-9]*\d)(?=\d*[a-z])[a-z0-9]{8,}$", re.IGNORECASE).match
_FILE = re.compile(r"\.([a-z]{2,5})$", re.IGNORECASE).search


class Shape(NamedTuple):
    """The form of an address, by which those of one kind are known."""

    host: str
    segments: tuple[str, ...]
    """Parts of the path, the file ending off."""

    slug_words: int
    """Words of the segment with most of them."""

    run: int
    """Digits of the longest number in the path."""

    mixed: bool
    """Whether a word of the path is an id of letters and digits."""

    dated: bool
    ending: str
    """File ending, empty without."""

    query: bool
    classes: frozenset[str]
    """Classes of the words in its path that are known: ``tag``, ``person``, ``service``, ``story``, ..."""

    @property
    def under_tag(self) -> bool:
        """Whether it lies under a tag or a person."""
        return "tag" in self.classes or "person" in self.classes


@lru_cache(SHAPES_KEPT)
def shape_of(key: str) -> Shape:
    """Return the shape of an address, given as the canonical key of identity."""
    address, _, query = key.partition("?")
    host, _, path = address.partition("/")
    segments = tuple(path.split("/")) if path else ()
    ending = ""
    if segments and (match := _FILE(segments[-1])):
        ending = match[1].lower()
        segments = (*segments[:-1], segments[-1][: match.start()])
    slug_words, mixed = 0, False
    for segment in segments:
        words = _WORDS(segment)
        if len(words) > 1:
            slug_words = max(slug_words, sum([len(word) > 1 and not word.isdigit() for word in words]))
        mixed = mixed or any(_MIXED(word) is not None for word in words)
    run = max([len(digits) for digits in _RUNS(path)], default=0)
    classes = frozenset([name for segment in segments if (name := path_class(segment)) is not None])
    return Shape(
        host, segments, slug_words, run, mixed, run >= MIN_RUN and _DATE(path) is not None, ending, bool(query), classes
    )


class Target:
    """One address that the page links to."""

    __slots__ = ("key", "own", "platform", "shape", "url")

    def __init__(self, url: str, key: str, *, own: bool) -> None:
        self.url = url
        self.key = key
        self.own = own
        """Whether it is the page itself, or another form of it."""
        self.shape = shape_of(_written(url, key))
        self.platform = is_platform(self.shape.host)
        """Whether its host is a network or a store."""


class Page:
    """The page's own addresses, against which those of its links are seen."""

    __slots__ = ("_base", "_marks", "_numbers", "_paths", "_slugs", "_tail", "host", "keys", "shape")

    def __init__(self, base: str | None, keys: frozenset[str], url: str | None) -> None:
        self._base = base
        self.keys = keys
        key = address_key(url) if url else None
        self.shape = shape_of(_written(url, key)) if url and key else None
        self.host = self.shape.host if self.shape else ""
        self._paths = frozenset([each for each in keys if "?" not in each])
        segments = [shape_of(each).segments for each in keys]
        self._numbers = frozenset(
            [
                digits
                for each in segments
                for digits in _RUNS("/".join(each[-1:]))
                if len(digits) >= MIN_OWN_NUMBER and not _DATE(digits)
            ]
        )
        self._slugs = frozenset(
            [segment for each in segments for segment in each if _slug_words(segment) >= MIN_OWN_SLUG]
        )

        self._marks = (*self._numbers, *self._slugs, *self._paths)
        self._tail = _tail(self.host)

    def target(self, href: str) -> Target | None:
        """Return what a link points to; None where that is no page."""
        url = resolve(href, self._base)
        key = address_key(url) if url else None
        return Target(url, key, own=self._is_own(key)) if url and key else None

    def distance(self, shape: Shape) -> int:
        """Return 0 for an address on the page's own host, 1 on another host of its site, 2 elsewhere."""
        if shape.host == self.host:
            return 0
        return 1 if self.host and shape.host.endswith(self._tail) else 2

    def _near(self, key: str) -> bool:
        """Tell whether the address holds a number, slug or path of the page's own, on its site."""
        return any(mark in key for mark in self._marks) and key.partition("/")[0].partition("?")[0].endswith(self._tail)

    def _is_own(self, key: str) -> bool:
        """Tell whether the address is a form of the page: the same path, slug or number."""
        if key in self.keys:
            return True
        if not self._near(key):
            return False
        path, _, query = key.partition("?")
        if query and path in self._paths:
            return True
        if (
            self._numbers
            and not self._numbers.isdisjoint(_RUNS(path))
            and path.partition("/")[0].endswith(_tail(self.host))
        ):
            return True
        return bool(self._slugs) and not self._slugs.isdisjoint(shape_of(key).segments)


def _written(url: str, key: str) -> str:
    """Return the address as its shape is read: of a host that declares story numbers the key has no path."""
    if "#" not in key:
        return key
    return key.partition("#")[0] + "/" + url.partition("#")[0].partition("?")[0].partition("://")[2].partition("/")[2]


def _slug_words(segment: str) -> int:
    return sum([len(word) > 1 and not word.isdigit() for word in _WORDS(segment)])


def _tail(host: str) -> str:
    return ".".join(host.split(".")[-2:])
