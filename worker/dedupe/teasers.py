"""Teasers against the state: new, richer or a repeat. **Pure**.

A field's rank says how good its value is; at equal rank what was emitted stays. So the end state does not
depend on the order of pages, but for contradictions of equal rank, which are counted.
"""

import struct
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
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

values_of = attrgetter(*ENRICHABLE)
"""Return the values of a teaser's fields that may be enriched, in the order of ``ENRICHABLE``."""

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


def digest_of(teaser: SplitTeaser, ranks: int) -> int:
    """Return the digest of all that may be enriched, ranks included: equal for an exact repeat."""
    return crc32(orjson.dumps(values_of(teaser)), ranks)


@lru_cache(PACKED_RANKS_KEPT)
def packed_ranks(ranks: tuple[int, ...]) -> int:
    """Return the ranks in three bits each, the first in the lowest. What is missing has rank 0."""
    packed = 0
    for at, rank in enumerate(ranks[: len(ENRICHABLE)]):
        packed |= min(max(rank, 0), MAX_RANK) << RANK_BITS * at
    return packed


def stated_ranks(teaser: SplitTeaser) -> int:
    """Return the packed ranks as the split states them, or the usual rank of what is filled."""
    if teaser.ranks:
        return packed_ranks(teaser.ranks)
    return packed_ranks(tuple(UNSTATED_RANK if value else 0 for value in values_of(teaser)))


def new_entry(teaser: SplitTeaser, ranks: int) -> tuple[int, bytes]:
    """Return the packed ranks and digests to remember of a new teaser."""
    values = values_of(teaser)
    return _filled(values, ranks), _HASHES.pack(*map(_hash, values))


def compared(teaser: SplitTeaser, ranks: int, known: Entry, site: str) -> Better:
    """Return what the teaser adds to a known entry.

    Args:
        teaser: A repeat.
        ranks: Its packed ranks, as stated.
        known: The live entry of the same ``teaser_id``.
        site: Site of the page.
    """
    values = values_of(teaser)
    ranks = _filled(values, ranks)
    known_ranks, known_hashes = known[3], _HASHES.unpack(known[6])
    hashes = list(known_hashes)
    changed, conflicts, fills = [], [], False
    for at, (name, value) in enumerate(zip(ENRICHABLE, values, strict=True)):
        shift = RANK_BITS * at
        rank, before = ranks >> shift & MAX_RANK, known_ranks >> shift & MAX_RANK
        if rank < before or not rank:
            continue
        digest = _hash(value)
        if rank == before:
            if digest != hashes[at]:
                conflicts.append(name)
            continue
        fills = fills or not before
        # A better form of the same text changes nothing for a reader.
        if digest != hashes[at] or not before:
            changed.append(name)
        hashes[at] = digest
        known_ranks += rank - before << shift
    reason = _reason(repeat_reasons(site)[teaser.url is None], changed, conflicts, fills=fills)
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


def _filled(values: tuple[Any, ...], ranks: int) -> int:
    """Return the ranks without those of fields that are empty: an empty value is never a better one."""
    for at, value in enumerate(values):
        if not value:
            ranks &= ~(MAX_RANK << RANK_BITS * at)
    return ranks


def _hash(value: object) -> int:
    """Return the digest of a field's value; 0 for an empty one."""
    return crc32(orjson.dumps(value)) if value else 0
