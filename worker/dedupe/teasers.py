"""Teasers against the state: new, richer or a repeat. **Pure**.

A field's rank says how good its value is; at equal rank what was emitted stays. So the end state does not
depend on the order of pages, but for contradictions of equal rank, which are counted.
"""

import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

import orjson

from schemas import ENRICHABLE, Reason, SplitTeaser
from worker.dedupe.entries import Entry
from worker.identity import STORY_HOSTS, site_of

RANK_BITS = 3
MAX_RANK = (1 << RANK_BITS) - 1
UNSTATED_RANK = 5
"""Rank of a value that comes without one: a complete one of a text group."""

PACKED_RANKS_KEPT = 4_096
"""Combinations of ranks remembered; real pages have some dozens."""

Values: TypeAlias = tuple[Any, ...]
"""Values of a teaser's fields that may be enriched, in the order of ``ENRICHABLE``."""

values_of: Callable[[SplitTeaser], Values] = attrgetter(*ENRICHABLE)
"""Return the values of a teaser."""

_HASHES = struct.Struct(f">{len(ENRICHABLE)}I")
_CONFLICT_REASONS = {"headline": Reason.HEADLINE_CONFLICT, "lead": Reason.LEAD_CONFLICT}
_NUMBERED_SITES = frozenset(site_of(f"https://{host}/", "") for host in STORY_HOSTS)


class Better(NamedTuple):
    """What a repeat adds to what is known of its teaser."""

    changed: tuple[str, ...]
    """Fields to take from it; empty for a mere repeat."""

    conflicts: tuple[str, ...]
    """Fields that contradict what was emitted at equal rank."""

    reason: Reason
    """Why: enriched, corrected, a contradiction, or how the repeat was known."""

    ranks: int
    """Packed ranks of the best values known now."""

    hashes: bytes
    """Their digests."""


def digest_of(values: Values, ranks: int) -> int:
    """Return the digest of all that may be enriched, ranks included: equal for an exact repeat."""
    return crc32(orjson.dumps(values), ranks)


@lru_cache(PACKED_RANKS_KEPT)
def packed_ranks(ranks: tuple[int, ...]) -> int:
    """Return the ranks in three bits each, the first in the lowest. What is missing has rank 0."""
    packed = 0
    for at, rank in enumerate(ranks[: len(ENRICHABLE)]):
        packed |= min(max(rank, 0), MAX_RANK) << RANK_BITS * at
    return packed


def stated_ranks(ranks: tuple[int, ...], values: Values) -> int:
    """Return the packed ranks as the split states them, or the usual rank of what is filled."""
    return packed_ranks(ranks or tuple(UNSTATED_RANK if value else 0 for value in values))


def new_entry(values: Values, ranks: int) -> tuple[int, bytes]:
    """Return the packed ranks and digests to remember of a new teaser."""
    for at, value in enumerate(values):
        if not value:  # an empty value has no rank, whatever comes with it
            ranks &= ~(MAX_RANK << RANK_BITS * at)
    return ranks, _HASHES.pack(*map(_hash, values))


def compared(values: Values, ranks: int, known: Entry, repeat: Reason) -> Better:
    """Return what a repeat adds to a known entry.

    Args:
        values: Of its fields.
        ranks: Its packed ranks, as stated.
        known: The live entry of the same ``teaser_id``.
        repeat: The reason of a mere repeat.
    """
    known_ranks, hashes = known[3], list(_HASHES.unpack(known[6]))
    changed, conflicts, fills = [], [], False
    for at, value in enumerate(values):
        rank, before = ranks >> RANK_BITS * at & MAX_RANK, known_ranks >> RANK_BITS * at & MAX_RANK
        if not value or rank < before or not rank:
            continue
        digest = _hash(value)
        if rank > before:
            # A better form of the same text changes nothing for a reader.
            if digest != hashes[at]:
                changed.append(ENRICHABLE[at])
            fills = fills or not before
            hashes[at] = digest
            known_ranks += rank - before << RANK_BITS * at
        elif digest != hashes[at]:
            conflicts.append(ENRICHABLE[at])
    reason = _reason(repeat, changed, conflicts, fills=fills)
    return Better(tuple(changed), tuple(conflicts), reason, known_ranks, _HASHES.pack(*hashes))


def repeat_reasons(site: str) -> tuple[Reason, Reason]:
    """Return how a repeat on this site is known for one, with an address and without.

    A site that declares story numbers knows its stories by them, whatever else their addresses say.
    """
    return Reason.REPEAT_STORY if site in _NUMBERED_SITES else Reason.REPEAT_URL, Reason.REPEAT_HEADLINE


def known_fields(ranks: int) -> Mapping[str, int]:
    """Return the rank of each field that is filled, from packed ranks."""
    all_ranks = ((name, ranks >> RANK_BITS * at & MAX_RANK) for at, name in enumerate(ENRICHABLE))
    return {name: rank for name, rank in all_ranks if rank}


def _reason(repeat: Reason, changed: list[str], conflicts: list[str], *, fills: bool) -> Reason:
    if changed:
        return Reason.ENRICHED if fills else Reason.CORRECTED
    for name in conflicts:
        if name in _CONFLICT_REASONS:
            return _CONFLICT_REASONS[name]
    return repeat


def _hash(value: object) -> int:
    """Return the digest of a field's value, never 0; 0 for an empty one."""
    return crc32(orjson.dumps(value)) or 1 if value else 0
