import pytest

from tests.split_pages import Run, at, page, teaser
from worker.dedupe import DedupeSettings
from worker.dedupe.expiry import MAX_SECONDS, end, event_time, last_seen, microseconds, seconds_of

HOURS = DedupeSettings.of_hours(8, 24, ())


def seen(hours, name=None, **more):
    moment = at(hours=hours, **more)
    return page(teaser("a"), fetched=moment, name=name or str(moment))


@pytest.mark.parametrize(("seconds_after", "reason"), [(-1, "repeat_url"), (0, "new"), (1, "new")])
def test_a_story_ends_to_the_second(new_state, seconds_after, reason):
    """At last seen plus TTL it is not known any more, a second earlier it is."""
    run = Run(new_state(HOURS), HOURS)

    assert [["new"], [reason]] == run.reasons(seen(0), seen(8, seconds=seconds_after))


def test_being_seen_moves_the_end_by_whole_steps(new_state):
    """Last seen moves by an eighth of the TTL: a sight within the first hour moves nothing."""
    run = Run(new_state(HOURS), HOURS)

    assert [["new"], ["repeat_url"], ["new"]] == run.reasons(seen(0), seen(0.9), seen(8))
    assert [["repeat_url"], ["repeat_url"], ["new"]] == run.reasons(seen(9), seen(16.9), seen(24.9))


def test_the_cap_counts_from_the_first_sight(new_state):
    """Seen every hour, it ends 24 hours after it was new."""
    run = Run(new_state(HOURS), HOURS)
    reasons = [reason for (reason,) in run.reasons(*(seen(hour) for hour in range(26)))]

    assert ["new"] + ["repeat_url"] * 23 + ["new", "repeat_url"] == reasons


def test_a_late_page_is_judged_at_stream_time(new_state):
    """Repeats of a late page are found, and it does not turn time back."""
    run = Run(new_state(HOURS), HOURS)
    run.take(seen(10))
    late = run.take(seen(1))
    after = run.take(seen(17.5))

    assert ["repeat_url"] == [str(reason) for reason in late.reasons]
    assert at(hours=10) == late.stream_time
    assert at(hours=1) == late.seen_at
    assert ["repeat_url"] == [str(reason) for reason in after.reasons]


def test_what_ended_starts_again_at_one(new_state):
    """After its end a teaser is new with revision 1, and replaces what readers hold."""
    run = Run(new_state(HOURS), HOURS)
    run.take(seen(0))
    run.take(page(teaser("a", lead="A lead."), fetched=at(hours=1), name="rich"))
    outcome = run.take(seen(20))

    assert [("new", 1)] == [(event.status, event.revision) for event in outcome.teasers]


def test_an_end_never_moves_back():
    """A shorter TTL after a restart leaves what was promised under the longer one."""
    assert 1_000_000 == end(0, 10, HOURS, before=1_000_000)


def test_times_that_an_entry_can_not_hold_are_bounded():
    """Times before 1970 and after 2106 are taken to the nearest that fits."""
    assert [0, 0] == [reads(at(days=-365 * 100)) for reads in (microseconds, seconds_of)]
    assert MAX_SECONDS == seconds_of(at(days=365 * 1000))
    assert MAX_SECONDS == end(MAX_SECONDS, MAX_SECONDS, HOURS)


def test_the_event_time_is_the_fetch_unless_it_lies_ahead():
    """An hour is allowed; the last hour of the calendar is no special case."""
    year_9999 = at().replace(year=9999, month=12, day=31, hour=23, minute=59)

    assert (at(hours=1), False) == event_time(at(hours=1), at())
    assert (at(), True) == event_time(at(hours=1, microseconds=1), at())
    assert (year_9999, False) == event_time(year_9999, year_9999)
    assert (at(), True) == event_time(year_9999, at())
    assert (at(), False) == event_time(None, at())
    assert (None, False) == event_time(None, None)


def test_last_seen_moves_by_steps():
    """Less than a step moves nothing, a step or more moves to now."""
    assert [100, 100, 3700] == [last_seen(100, now, HOURS) for now in (100, 3699, 3700)]
