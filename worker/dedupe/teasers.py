"""How teasers are shown, what is compared of them and what becomes of them. **Pure**."""

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from schemas import ENRICHABLE, Reason, TeaserKind
from worker.dedupe.events import ToldTeaser
from worker.identity import STORY_HOSTS, site_of

WITHOUT_ADDRESS = 128
"""Added to the place of a kind for a teaser that has no address: it is known by its headline."""

Shown: TypeAlias = tuple[Any, ...]
"""What a page shows of a teaser, as it is compared: values in the order of ``ENRICHABLE``, then their ranks."""

shown_of: Callable[[dict[str, Any]], Shown] = itemgetter(*ENRICHABLE, "ranks")
"""Return what is compared, from the fields of a teaser."""

_NUMBERED_SITES = frozenset(site_of(f"https://{host}/", "") for host in STORY_HOSTS)


class Repeats(NamedTuple):
    """What becomes of mere repeats, by how they are shown: the last byte of a mark."""

    reasons: list[Reason]
    dropped: bytes
    """1 for what is dropped unseen."""


class Judged(NamedTuple):
    """What becomes of the teasers of a page."""

    reasons: list[Reason]
    """One for each."""

    records: list[bytes]
    """Every entry that is new or moved."""

    told: list[ToldTeaser]
    """Those that make an event."""

    conflicts: list[str]
    """The field of each contradiction of equal rank."""


def repeats(site: str, drop_kinds: frozenset[TeaserKind]) -> Repeats:
    """Return what becomes of mere repeats on this site.

    A site that declares story numbers knows its stories by them, whatever else their addresses say.
    """
    return _repeats(drop_kinds, Reason.REPEAT_STORY if site in _NUMBERED_SITES else Reason.REPEAT_URL)


@lru_cache
def _repeats(drop_kinds: frozenset[TeaserKind], with_address: Reason) -> Repeats:
    reasons = [Reason.REPEAT_HEADLINE] * (2 * WITHOUT_ADDRESS)
    reasons[:WITHOUT_ADDRESS] = [with_address] * WITHOUT_ADDRESS
    for place, kind in enumerate(TeaserKind):
        if kind in drop_kinds:
            reasons[place] = reasons[place + WITHOUT_ADDRESS] = Reason.SPONSORED
    return Repeats(reasons, bytes([reason is Reason.SPONSORED for reason in reasons]))
