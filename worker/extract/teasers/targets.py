"""What a link points to: its address, and how much that looks like a story's. **Pure**, **total**.

Publishers build addresses by rules: a story has a slug of many words, a number or a date; a section is the head
of other addresses. The page's own address says how its site writes those of stories.
"""

import re
from functools import cached_property, lru_cache

from worker.extract.teasers.shapes import Shape, codes_of, digit_runs, holds_date, letters_of, shape_of, words_in
from worker.identity import address_key, resolve
from worker.identity.addresses import origin_of

_TO_COMMENTS = re.compile(r"#(?:comment|respond|disqus|repl|kommentar|coral|discuss)", re.IGNORECASE).search
"""Links that lead to what readers say of a story, not to the story."""

_NOT_PAGES = re.compile(r"\s*(?:#|javascript:|mailto:|tel:|sms:|whatsapp:|data:|about:|$)", re.IGNORECASE).match
"""Links that lead to no page, by their beginning."""

MIN_OWN_NUMBER = 6
"""Digits from which the number of the page's own address marks another form of the page wherever it stands."""

MIN_OWN_SLUG = 4
"""Words from which the slug of the page's own address does so."""

TARGETS_KEPT = 8_192
"""Addresses remembered, about 10 MB: the menus of the sites that a worker reads come again on every page."""

_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9]|/").match


class Target:
    """One address that pages link to."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        self.shape = shape_of(_written(url, key))
        self.letters = letters_of(self.shape)
        """Letters that a link's text needs for this to be a story: 0 where the address tells by itself."""

    @cached_property
    def path(self) -> str:
        """The key without its query."""
        return self.key.partition("?")[0]

    @cached_property
    def above(self) -> tuple[str, ...]:
        """The paths that the address lies under."""
        found = []
        path = self.path
        while (at := path.rfind("/")) > 0:
            path = path[:at]
            found.append(path)
        return tuple(found)

    @cached_property
    def codes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Signals of the address by itself, as ``codes_of`` gives them."""
        return codes_of(self.shape)


@lru_cache(TARGETS_KEPT)
def _target(href: str, base: str | None) -> Target | None:
    """Return what a link points to; None where that is no page, or what readers say of one."""
    if _NOT_PAGES(href) or _TO_COMMENTS(href):
        return None
    url = resolve(href, base)
    key = address_key(url) if url else None
    return Target(url, key) if url and key else None


class Page:
    """The page's own addresses, against which those of its links are seen."""

    __slots__ = ("_base", "_marks", "_numbers", "_origin", "_paths", "_slugs", "_tail", "host", "keys", "shape")

    def __init__(self, base: str | None, keys: frozenset[str], url: str | None) -> None:
        self._base = base
        self._origin = base and (origin_of(base) or base)
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
                for digits in digit_runs("/".join(each[-1:]))
                if len(digits) >= MIN_OWN_NUMBER and not holds_date(digits)
            ]
        )
        self._slugs = frozenset([segment for each in segments for segment in each if words_in(segment) >= MIN_OWN_SLUG])

        self._marks = (*self._numbers, *self._slugs, *self._paths)
        self._tail = _tail(self.host)

    def target(self, href: str) -> Target | None:
        """Return what a link points to; None where that is no page, or what readers say of one.

        Of a base only the origin counts for most links, so that they are remembered from page to page.
        """
        return _target(href, self._origin if _ABSOLUTE(href) else self._base)

    def distance(self, shape: Shape) -> int:
        """Return 0 for an address on the page's own host, 1 on another host of its site, 2 elsewhere."""
        if shape.host == self.host:
            return 0
        return 1 if self.host and shape.host.endswith(self._tail) else 2

    def _near(self, key: str) -> bool:
        """Tell whether the address holds a number, slug or path of the page's own, on its site."""
        for mark in self._marks:
            if mark in key:
                return key.partition("/")[0].partition("?")[0].endswith(self._tail)
        return False

    def is_own(self, key: str) -> bool:
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
            and not self._numbers.isdisjoint(digit_runs(path))
            and path.partition("/")[0].endswith(_tail(self.host))
        ):
            return True
        return bool(self._slugs) and not self._slugs.isdisjoint(shape_of(key).segments)


def _written(url: str, key: str) -> str:
    """Return the address as its shape is read: of a host that declares story numbers the key has no path."""
    if "#" not in key:
        return key
    return key.partition("#")[0] + "/" + url.partition("#")[0].partition("?")[0].partition("://")[2].partition("/")[2]


def _tail(host: str) -> str:
    return ".".join(host.split(".")[-2:])
