from dataclasses import replace

import pytest

from worker.ops.checks import BROKER_SECONDS, LOOP_SECONDS, StageState, live_checks, loop_check, ready_checks
from worker.ops.names import Stage

NOW = 10_000.0
STALL = 300.0

WELL = StageState(
    Stage.SPLIT,
    is_joined=True,
    assigned=(0, 1),
    lag_records=5,
    last_progress=NOW - 1,
    waiting_since=NOW - 2,
    broker_answered=NOW - 1,
)


def failing(checks):
    return [check.name for check in checks if not check.is_ok]


def test_a_stage_that_works_is_live_and_ready():
    """Records waiting are no fault while pages get done."""
    assert [] == failing(live_checks([WELL], NOW, STALL))
    assert [] == failing(ready_checks([WELL], NOW, is_draining=False))


def test_a_loop_that_does_not_tick_hangs():
    """Up to the limit the loop is busy, beyond it hangs."""
    assert loop_check(LOOP_SECONDS).is_ok
    assert not loop_check(LOOP_SECONDS + 0.1).is_ok


STALLED = replace(WELL, last_progress=NOW - STALL - 1, waiting_since=NOW - STALL - 1)


def test_records_that_wait_and_are_not_done_stall():
    """With partitions, lag and no page done for too long, a restart helps."""
    assert ["split.progress"] == failing(live_checks([STALLED], NOW, STALL))


@pytest.mark.parametrize(
    "excuse",
    [
        {"assigned": ()},
        {"lag_records": 0},
        {"waiting_since": None},
        {"is_rebalancing": True},
        {"claiming": (1,)},
        {"broker_answered": NOW - BROKER_SECONDS - 1},
        {"broker_answered": 0.0},
    ],
    ids=str,
)
def test_a_stage_that_can_not_work_is_not_stalled(excuse):
    """Nothing to do, a rebalance, a restore, a broker that is down: a restart would not help."""
    assert [] == failing(live_checks([replace(STALLED, **excuse)], NOW, STALL))


def test_the_first_record_after_an_idle_night_is_no_stall():
    """What counts is how long records wait, not how long there were none."""
    morning = replace(WELL, last_progress=NOW - 30_000, waiting_since=NOW - 1)

    assert [] == failing(live_checks([morning], NOW, STALL))


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"is_joined": False}, "split.group"),
        ({"claiming": (3,)}, "split.claims"),
        ({"broker_answered": 0.0}, "split.broker"),
        ({"broker_answered": NOW - BROKER_SECONDS - 1}, "split.broker"),
        ({"refused": "the broker refuses records of pages.split.v1"}, "split.sends"),
    ],
    ids=str,
)
def test_what_keeps_a_stage_from_its_share_is_named(fault, named):
    """A stage out of its group, in a claim, without a broker or refused is not ready, by name."""
    assert [named] == failing(ready_checks([replace(WELL, **fault)], NOW, is_draining=False))


def test_a_member_without_partitions_is_ready():
    """More workers than partitions is no fault of the one that got none."""
    assert [] == failing(ready_checks([replace(WELL, assigned=())], NOW, is_draining=False))


def test_a_draining_process_is_not_ready():
    """From SIGTERM on a process does not do its share, whatever its stages do."""
    assert ["drain"] == failing(ready_checks([WELL], NOW, is_draining=True))


def test_each_stage_answers_for_itself():
    """Of two stages the one that is not well is named."""
    checks = ready_checks([WELL, replace(WELL, stage=Stage.DEDUPE, is_joined=False)], NOW, is_draining=False)

    assert ["dedupe.group"] == failing(checks)
    assert all(check.reason for check in checks)
