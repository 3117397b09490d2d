"""Which rejected pages are meant: by reason, stage, time and version. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.stream.rejected_pages import RejectedPage


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rejected pages are meant: all that fit everything that is given."""

    reasons: frozenset[str] = frozenset()
    """Empty means any."""

    stage: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    """Times of the rejected record, milliseconds since 1970; the first is in, the second out."""

    written_by: str | None = None
    """A comparison with the version that rejected it, such as ``<1.4``."""

    def has(self, page: RejectedPage) -> bool:
        """Tell whether the page is meant. Pure."""
        at = page.record.timestamp_ms
        return (
            (not self.reasons or page.reason in self.reasons)
            and self.stage in (None, page.stage)
            and (self.since_ms is None or at >= self.since_ms)
            and (self.until_ms is None or at < self.until_ms)
            and (self.written_by is None or compares(page.version, self.written_by))
        )


def compares(version: str, comparison: str) -> bool:
    """Tell whether a version stands in the named relation; one that is not known stands in none. Pure.

    Args:
        version: Such as ``1.4.2``.
        comparison: One of < <= == >= > and a version; a missing part counts as 0.

    Raises:
        ValueError: The comparison is none.
    """
    found = re.fullmatch(r"(<=|>=|==|<|>)\s*(\d+(?:\.\d+)*)", comparison.strip())
    if found is None:
        raise ValueError(f"{comparison!r} is no comparison such as '<1.4'")
    if not re.match(r"\d", version):
        return False
    ours, theirs = _parts(version), _parts(found.group(2))
    width = max(len(ours), len(theirs))
    left, right = ours + (0,) * (width - len(ours)), theirs + (0,) * (width - len(theirs))
    return {
        "<": left < right,
        "<=": left <= right,
        "==": left == right,
        ">=": left >= right,
        ">": left > right,
    }[found.group(1)]


def _parts(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def moment(text: str, now: datetime) -> datetime:
    """Return the time that a person means: ``90s``, ``30m``, ``24h`` or ``7d`` before ``now``, or RFC 3339. Pure.

    Raises:
        ValueError: It is neither.
    """
    found = re.fullmatch(r"(\d{1,6})([smhd])", text.strip())
    if found:
        unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[found.group(2)]
        return now - timedelta(**{unit: int(found.group(1))})
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is no time: give 24h, 7d or 2026-01-31T12:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
