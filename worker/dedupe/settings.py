"""What an installation may set of deduplication, in the units in which it decides."""

from dataclasses import dataclass, field

from schemas import TeaserKind

HOUR_SECONDS = 3_600

STEPS_A_TTL = 8
"""``last seen`` moves by an eighth of the TTL or more. A finer step writes a state record for every re-crawl
that a restore has to read; a coarser one forgets a story up to a quarter of its time too early."""


@dataclass(frozen=True, slots=True)
class DedupeSettings:
    """How long a story is known, and what is not passed on."""

    ttl_seconds: int = 168 * HOUR_SECONDS
    """A story not seen for so long is forgotten."""

    cap_seconds: int = 672 * HOUR_SECONDS
    """A story first seen so long ago is forgotten even when it was seen since."""

    drop_kinds: frozenset[TeaserKind] = field(default=frozenset({TeaserKind.SPONSORED}))
    """Kinds of teasers that make no event and leave no entry."""

    @classmethod
    def of_hours(cls, ttl_hours: float, cap_hours: float, drop_kinds: tuple[TeaserKind, ...]) -> "DedupeSettings":
        """Return the settings from the installation's, which are in hours; a second is the least."""
        ttl, cap = (max(1, round(hours * HOUR_SECONDS)) for hours in (ttl_hours, cap_hours))
        return cls(ttl, cap, frozenset(drop_kinds))

    @property
    def step_seconds(self) -> int:
        """Return the least by which ``last seen`` moves."""
        return max(1, self.ttl_seconds // STEPS_A_TTL)
