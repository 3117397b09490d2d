"""When things happen and when they end. **Pure**: time is what pages and records say, never a clock.

Times are whole seconds since 1970 in the state, and whole microseconds where articles are compared.
"""

from datetime import UTC, datetime, timedelta

from worker.dedupe.settings import HOUR_SECONDS, DedupeSettings

PAGE_SECONDS = 24 * HOUR_SECONDS
"""So long a ``page_id`` is remembered: a page that is delivered again comes within a restart or a replay."""

MAX_AHEAD = timedelta(hours=1)
"""How far a crawler's clock may run ahead of the broker's. Beyond it one bad clock would move stream time
over every entry's end and empty the state."""

MAX_SECONDS = 2**32 - 1
"""The last second that an entry can hold, in 2106."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 24 * HOUR_SECONDS
_MICROSECONDS = 1_000_000


def event_time(fetched_at: datetime | None, received_at: datetime | None) -> tuple[datetime | None, bool]:
    """Return the event time of a page, and whether a time in the future was clamped for it.

    Args:
        fetched_at: When the crawler says that it fetched the page.
        received_at: The raw record's timestamp.

    Returns:
        (None, False) where nothing says when.
    """
    if fetched_at is None or received_at is None:
        return fetched_at or received_at, False
    # Not received_at + MAX_AHEAD: the sum may be after the year 9999.
    if fetched_at - received_at > MAX_AHEAD:
        return received_at, True
    return fetched_at, False


def microseconds(at: datetime | None) -> int:
    """Return the microseconds since 1970; 0 without a time and for one before."""
    if at is None:
        return 0
    since = at - _EPOCH
    return max(0, (since.days * _DAY_SECONDS + since.seconds) * _MICROSECONDS + since.microseconds)


def whole_seconds(micros: int) -> int:
    """Return the whole seconds of microseconds since 1970, as far as an entry can hold them."""
    return min(micros // _MICROSECONDS, MAX_SECONDS)


def seconds_of(at: datetime | None) -> int:
    """Return the whole seconds since 1970, as far as an entry can hold them; 0 without a time and for one before."""
    return whole_seconds(microseconds(at))


def moment(at_seconds: int) -> datetime:
    """Return the aware UTC time of seconds since 1970."""
    return _EPOCH + timedelta(seconds=at_seconds)


def end(first: int, last: int, settings: DedupeSettings, *, before: int = 0) -> int:
    """Return the second at which an entry is no longer known; it never moves back.

    Args:
        first: Second of its first sight.
        last: Second of its last sight, as far as it moved.
        settings: Give TTL and cap.
        before: The end so far, which may come from longer times; 0 for a new entry.
    """
    return max(before, min(last + settings.ttl_seconds, first + settings.cap_seconds, MAX_SECONDS))


def last_seen(last: int, now: int, settings: DedupeSettings) -> int:
    """Return ``now`` where it is a whole step after ``last``, else ``last``.

    What is not worth a record does not move in memory either, so that a restored state equals the live one.
    """
    return now if now - last >= settings.step_seconds else last
