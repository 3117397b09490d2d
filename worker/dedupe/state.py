"""The state of one partition as deduplication needs it: the interface that both stores keep.

`decide` only reads it; only ``apply`` changes it, with bytes that came from `decide` or from a snapshot. So a
state restored from a log equals the one that wrote it, and a store needs to know nothing of news.
"""

from collections.abc import Iterator
from typing import Protocol

from worker.dedupe.entries import RECORD_BYTES
from worker.dedupe.expiry import PAGE_SECONDS
from worker.dedupe.judge import Poorer
from worker.dedupe.settings import DedupeSettings

SEGMENTS_A_LIFE = 7
"""Segments into which the time that an entry may live is cut: days, at the TTL of a week."""

MOST_SEGMENTS = 14
"""Segments after the running one in which an entry may end. A life needs eight; the others give room to entries
written under a longer TTL. What would end later still is forgotten with the last of them."""

PART_RECORDS = 512 * 1024 // RECORD_BYTES
"""Records in one part of a snapshot, half a megabyte: a state record must fit the broker's 1 MiB."""


class State(Protocol):
    """What is known in one partition."""

    @property
    def stream_time(self) -> int:
        """Return the greatest event time seen, seconds since 1970; 0 before any."""

    @property
    def poorer(self) -> Poorer:
        """Return the forms known to bring nothing. No part of the state: without them the same is decided."""

    def find(self, keys: bytes, stride: int) -> bytes:
        """Return the packed entries of articles or teasers, one after the other, `NO_ENTRY` where there is none.

        An entry may have ended: the caller compares its end with the stream time of its own decision.

        Args:
            keys: The keys, each at the beginning of so many bytes.
            stride: Bytes from one key to the next.
        """

    def page_end(self, key: bytes) -> int:
        """Return when the page with this id is known no more; 0 for one that isn't known."""

    def apply(self, changes: bytes) -> None:
        """Fold changes in: stream time first, then the records in their order.

        Raises:
            UnreadableChanges: The bytes are of another version or cut.
        """

    def snapshot(self) -> Iterator[bytes]:
        """Yield changes of bounded size that make this state from a new one, in order.

        Changes may be applied between two parts; whoever reads the parts applies them again after the last one.
        """

    def keys(self) -> int:
        """Return the number of entries held, ended ones of the running segment included."""


def segment_seconds(settings: DedupeSettings) -> int:
    """Return the width of a segment: what ends within it is dropped with it."""
    return max(1, -(-max(settings.ttl_seconds, PAGE_SECONDS) // SEGMENTS_A_LIFE))
