"""Entries found or put lately: what pages show again and again is found for a whole page by one call.

A news site shows the same stories on all its pages for hours. In front of either store, a dictionary of those
answers 20 keys in the time in which the tables answer two and a database none. It says only what its store
says, so it changes no decision. Two generations make it forget: when the newer is full, the older goes.
"""

from collections.abc import Callable, Sequence

from worker.dedupe.entries import NO_ENTRY

_FIRST_BYTES = 4

GENERATION = 1 << 17
"""Entries in one generation, of 200 bytes each: at most 52 MB for both. Letting one go takes some milliseconds."""

MOST_FORMS = 1 << 16
"""Forms remembered, of 100 bytes each. A story is shown in one or two that are poorer than its best."""


def form_of(key: bytes, digest: int, entry: bytes) -> bytes:
    """Return what stands for one form of a teaser in one life of its entry.

    What brings nothing to an entry brings nothing as long as it lives, since ranks only rise and values of equal
    rank stay. A new life begins with another first sight.

    Args:
        key: Of the teaser.
        digest: Of all that this form shows.
        entry: What is known, packed.
    """
    return key + entry[:_FIRST_BYTES] + digest.to_bytes(4, "big")


class Forms(set[bytes]):
    """Forms of teasers that were compared lately and brought nothing; comparing them again is saved.

    Args:
        most: So many are remembered.
    """

    def __init__(self, most: int = MOST_FORMS) -> None:
        super().__init__()
        self._most = most

    def add(self, form: bytes) -> None:
        """Remember a form; when there are too many, all are forgotten."""
        if len(self) >= self._most:
            self.clear()
        super().add(form)


class Lately:
    """A bounded copy of a store's entries, by key.

    Args:
        generation: Entries in each of its two generations.
    """

    __slots__ = ("_generation", "_newer", "_older")

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._newer: dict[bytes, bytes] = {}
        self._older: dict[bytes, bytes] = {}

    def find(self, keys: Sequence[bytes], seek: Callable[[Sequence[bytes]], Sequence[bytes]]) -> list[bytes]:
        """Return the entry of each key, `NO_ENTRY` where the store has none.

        Args:
            keys: What is wanted.
            seek: Finds in the store what isn't here.
        """
        found = list(map(self._newer.get, keys))
        if not all(found):
            self._complete(found, keys, seek)
        return found  # type: ignore[return-value]  # no None is left

    def put(self, key: bytes, entry: bytes) -> None:
        """Take what was put into the store."""
        self._newer[key] = entry
        if len(self._newer) > self._generation:
            self._older, self._newer = self._newer, {}

    def _complete(
        self,
        found: list[bytes | None],
        keys: Sequence[bytes],
        seek: Callable[[Sequence[bytes]], Sequence[bytes]],
    ) -> None:
        """Fill in what the newer generation lacks, and keep what is known of it."""
        older = self._older.get
        lacking = []
        for at, entry in enumerate(found):
            if entry is None:
                found[at] = known = older(keys[at])
                if known is None:
                    lacking.append(at)
                else:
                    self.put(keys[at], known)
        if not lacking:
            return
        sought = seek([keys[at] for at in lacking])
        for at, entry in zip(lacking, sought, strict=True):
            found[at] = entry
            if entry is not NO_ENTRY:
                self.put(keys[at], entry)
