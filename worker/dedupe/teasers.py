"""Teasers against the state: new, richer or a repeat. **Pure**.

A field's rank says how good its value is; at equal rank what was emitted stays. So the end state does not
depend on the order of pages, but for contradictions of equal rank, which are counted.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

from orjson import dumps

from schemas import ENRICHABLE, Reason, TeaserKind
from worker.dedupe.entries import Entry
from worker.identity import STORY_HOSTS, site_of

RANK_BITS = 3
MAX_RANK = (1 << RANK_BITS) - 1
UNSTATED_RANK = 5
"""Rank of a value that comes without one: a complete one of a text group."""

PACKED_RANKS_KEPT = 4_096
"""Combinations of ranks remembered; real pages have some dozens."""

WITHOUT_ADDRESS = 128
"""Added to the place of a kind for a teaser that has no address: it is known by its headline."""

Shown: TypeAlias = tuple[Any, ...]
"""What a page shows of a teaser, as it is compared: values in the order of ``ENRICHABLE``, then their ranks."""

shown_of: Callable[[dict[str, Any]], Shown] = itemgetter(*ENRICHABLE, "ranks")
"""Return what is compared, from the fields of a teaser."""

_HASHES = struct.Struct(f">{len(ENRICHABLE)}I")
_PLACES = range(len(ENRICHABLE))
_CONFLICT_REASONS = {"headline": Reason.HEADLINE_CONFLICT, "lead": Reason.LEAD_CONFLICT}
_NUMBERED_SITES = frozenset(site_of(f"https://{host}/", "") for host in STORY_HOSTS)


class Better(NamedTuple):
    """What a repeat adds to what is known of its teaser, beyond being one."""

    changed: tuple[str, ...]
    """Fields to take from it; empty where it brings nothing a reader would see."""

    conflicts: tuple[str, ...]
    """Fields that contradict what was emitted at equal rank."""

    reason: Reason | None
    """enriched, corrected or a contradiction; None for a mere repeat."""

    is_nothing: bool
    """Whether it changes nothing, contradicts nothing and raises no rank."""

    ranks: int
    """Packed ranks of the best values known now."""

    hashes: bytes
    """Their digests."""


@lru_cache(PACKED_RANKS_KEPT)
def packed_ranks(ranks: tuple[int, ...]) -> int:
    """Return the ranks in three bits each, the first in the lowest. What is missing has rank 0."""
    packed = 0
    for at, rank in enumerate(ranks[: len(ENRICHABLE)]):
        packed |= min(max(rank, 0), MAX_RANK) << RANK_BITS * at
    return packed


def stated_ranks(shown: Shown) -> int:
    """Return the packed ranks as the split states them, or the usual rank of what is filled."""
    *values, ranks = shown
    return packed_ranks(ranks or tuple(UNSTATED_RANK if value else 0 for value in values))


def new_entry(shown: Shown) -> tuple[int, bytes]:
    """Return the packed ranks and digests to remember of a new teaser."""
    *values, ranks = shown
    hashes = [crc32(dumps(value)) or 1 if value else 0 for value in values]  # `_hash`, seven calls saved
    return _ranks_of_filled(ranks, tuple(map(bool, hashes))), _HASHES.pack(*hashes)


def compared(shown: Shown, known: Entry) -> Better:
    """Return what a repeat adds to a known entry.

    Args:
        shown: The repeat.
        known: The live entry of the same ``teaser_id``.
    """
    known_ranks, hashes = known[3], _HASHES.unpack(known[6])
    raised: dict[int, int] = {}
    changed: list[str] = []
    conflicts: list[str] = []
    fills = False
    for at, rise in contested(stated_ranks(shown), known_ranks):
        value = shown[at]
        if not value:  # an empty value is never a better one, whatever rank comes with it
            continue
        digest = _hash(value)
        # A better form of the same text changes nothing for a reader.
        if digest != hashes[at]:
            (changed if rise else conflicts).append(ENRICHABLE[at])
        if rise:
            fills = fills or not known_ranks >> RANK_BITS * at & MAX_RANK
            raised[at] = digest
            known_ranks += rise << RANK_BITS * at
    reason = _reason(changed, conflicts, fills=fills)
    packed = _HASHES.pack(*(raised.get(at, digest) for at, digest in enumerate(hashes))) if raised else known[6]
    is_nothing = not (raised or conflicts)
    return Better(tuple(changed), tuple(conflicts), reason, is_nothing, known_ranks, packed)


@lru_cache(PACKED_RANKS_KEPT)
def _ranks_of_filled(ranks: tuple[int, ...], are_filled: tuple[bool, ...]) -> int:
    """Return the packed ranks, stated or usual, of what is filled: an empty value has none, whatever comes with it."""
    ranks = ranks or (UNSTATED_RANK,) * len(are_filled)
    return packed_ranks(ranks) & packed_ranks(tuple(MAX_RANK * is_filled for is_filled in are_filled))


@lru_cache(PACKED_RANKS_KEPT)
def contested(ranks: int, known_ranks: int) -> tuple[tuple[int, int], ...]:
    """Return the places of the fields that a repeat has at no lower rank, each with how much it is higher."""
    both = ((at, ranks >> RANK_BITS * at & MAX_RANK, known_ranks >> RANK_BITS * at & MAX_RANK) for at in _PLACES)
    return tuple((at, rank - before) for at, rank, before in both if rank and rank >= before)


def repeat_reasons(site: str, drop_kinds: frozenset[TeaserKind]) -> Sequence[Reason]:
    """Return what becomes of a mere repeat on this site, by how it is shown (`marks.Marks.hows`).

    A site that declares story numbers knows its stories by them, whatever else their addresses say.
    """
    return _repeat_reasons(drop_kinds, Reason.REPEAT_STORY if site in _NUMBERED_SITES else Reason.REPEAT_URL)


@lru_cache
def _repeat_reasons(drop_kinds: frozenset[TeaserKind], with_address: Reason) -> Sequence[Reason]:
    reasons = [Reason.REPEAT_HEADLINE] * (2 * WITHOUT_ADDRESS)
    reasons[:WITHOUT_ADDRESS] = [with_address] * WITHOUT_ADDRESS
    for place, kind in enumerate(TeaserKind):
        if kind in drop_kinds:
            reasons[place] = reasons[place + WITHOUT_ADDRESS] = Reason.SPONSORED
    return reasons


def known_fields(ranks: int) -> Mapping[str, int]:
    """Return the rank of each field that is filled, from packed ranks."""
    all_ranks = ((name, ranks >> RANK_BITS * at & MAX_RANK) for at, name in enumerate(ENRICHABLE))
    return {name: rank for name, rank in all_ranks if rank}


def _reason(changed: list[str], conflicts: list[str], *, fills: bool) -> Reason | None:
    if changed:
        return Reason.ENRICHED if fills else Reason.CORRECTED
    return next((_CONFLICT_REASONS[name] for name in conflicts if name in _CONFLICT_REASONS), None)


def _hash(value: object) -> int:
    """Return the digest of a field's value, never 0; 0 for an empty one."""
    return crc32(dumps(value)) or 1 if value else 0
