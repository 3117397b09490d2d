"""Entries found or put lately: what pages show again and again is found for a whole page by one call.

In front of a database, a table in memory answers for 20 keys before the database answers for one. It says only what
its store says, so it changes no decision. Two generations make it forget: when the newer is full, the older goes.
"""

from collections.abc import Callable

from worker.dedupe.entries import KEY_BYTES, NO_ENTRY, entries_of
from worker.dedupe.table import Table

GENERATION = 1 << 17
"""Entries in one generation, of some 80 bytes each: at most 21 MB for both. Letting one go takes a millisecond."""


class Lately:
    """A bounded copy of a store's entries, by key.

    Args:
        generation: Entries in each of its two generations.
    """

    __slots__ = ("_generation", "_newer", "_older")

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._newer = Table()
        self._older = Table()

    def find(self, keys: bytes, stride: int, seek: Callable[[bytes], bytes]) -> bytes:
        """Return the entry of each key, `NO_ENTRY` where the store has none.

        Args:
            keys: What is wanted, each at the beginning of so many bytes.
            stride: Bytes from one key to the next.
            seek: Finds in the store what isn't here.
        """
        found = entries_of(self._newer.find(keys, stride))
        if NO_ENTRY in found:
            self._complete(found, keys, stride, seek)
        return b"".join(found)

    def put(self, records: bytes) -> None:
        """Take what was put into the store."""
        self._newer.put(records)
        if len(self._newer) > self._generation:
            self._older, self._newer = self._newer, Table()

    def _complete(self, found: list[bytes], keys: bytes, stride: int, seek: Callable[[bytes], bytes]) -> None:
        """Fill in what the newer generation lacks, and keep what is known of it."""
        for at, entry in enumerate(found):
            if entry == NO_ENTRY:
                key = keys[at * stride : at * stride + KEY_BYTES]
                known = self._older.find(key)
                found[at] = known = seek(key) if known == NO_ENTRY else known
                if known != NO_ENTRY:
                    self.put(key + known)
