import random

from hypothesis import given
from hypothesis import strategies as st

from worker.stream.guarantee.waiting import MOST_MARKS, Waiting


def test_a_stage_that_is_always_a_little_behind_waits_a_little():
    """At every look some records wait, but never the same ones: the age is that of the oldest, not of the load."""
    waiting = Waiting()
    for second in range(100):
        waiting.seen(end=10 * second + 10, at=1000.0 + second)

    assert 1098.0 == waiting.since(position=985)


def test_a_position_that_stands_still_keeps_its_age():
    """While nothing is done the age grows from the look that first saw the next record."""
    waiting = Waiting()
    for second in range(100):
        waiting.seen(end=500 + second, at=1000.0 + second)

    assert 1000.0 == waiting.since(position=40)


def test_nothing_waits_behind_the_end():
    """Where everything is done there is no age, also if the log was longer a while ago."""
    waiting = Waiting()
    waiting.seen(end=7, at=1000.0)

    assert waiting.since(position=7) is None
    waiting.seen(end=7, at=1001.0)
    assert waiting.since(position=7) is None


def test_a_long_wait_costs_bounded_memory_and_never_looks_younger():
    """However long nothing is done, few marks are kept, and the first moment stays exact."""
    waiting = Waiting()
    for second in range(100 * MOST_MARKS):
        waiting.seen(end=second + 1, at=float(second))

    assert len(waiting._marks) <= MOST_MARKS
    assert 0.0 == waiting.since(position=0)
    assert waiting.since(position=50 * MOST_MARKS) <= 50 * MOST_MARKS


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=80), st.randoms())
def test_the_age_is_that_of_the_first_look_that_saw_the_record(moves, chance: random.Random):
    """Whatever comes and whatever is done, the moment is the first one at which the log was longer."""
    waiting, ends, end, position = Waiting(), [], 0, 0
    for second, (come, done) in enumerate(moves):
        end += come
        ends.append(end)
        waiting.seen(end, float(second))
        position = min(end, position + chance.randint(0, done))

        assert waiting.since(position) == next((float(at) for at, seen in enumerate(ends) if seen > position), None)
