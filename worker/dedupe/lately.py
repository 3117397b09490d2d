"""Entries found or put lately: what pages show again and again is found for a whole page by one call.

In front of a database, a dictionary answers for 20 keys before the database answers for one. It says only what its
store says, so it changes no decision. Two generations make it forget: when the newer is full, the older goes.
"""

from collections.abc import Callable, Sequence

from worker.dedupe.entries import NO_ENTRY

GENERATION = 1 << 17
"""Entries in one generation, of 200 bytes each: at most 52 MB for both. Letting one go takes some milliseconds."""


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

    def find(self, keys: Sequence[bytes], seek: Callable[[bytes], bytes]) -> list[bytes]:
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

    def _complete(self, found: list[bytes | None], keys: Sequence[bytes], seek: Callable[[bytes], bytes]) -> None:
        """Fill in what the newer generation lacks, and keep what is known of it."""
        for at, (key, entry) in enumerate(zip(keys, found, strict=True)):
            if entry is None:
                found[at] = known = self._older.get(key) or seek(key)
                if known is not NO_ENTRY:
                    self.put(key, known)
