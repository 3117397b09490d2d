from hypothesis import given
from hypothesis import strategies as st

from worker.stream.guarantee import PartitionStatus, Phase
from worker.stream.looking import oldest_seconds

NOW = 1_000.0


def test_caught_up_is_no_age():
    """Without a lag in records there is none in seconds, whatever was seen waiting before."""
    part = PartitionStatus(0, Phase.LIVE, position=7, stable_end=7, waiting_since=NOW - 71, oldest_in_flight_ms=929_000)

    assert 0.0 == oldest_seconds([part], NOW)


def test_the_oldest_of_all_partitions_counts():
    """The record that waits longest is told, by when it came to the log or when its log was seen longer."""
    parts = [
        PartitionStatus(0, Phase.LIVE, position=5, stable_end=7, waiting_since=NOW - 3, oldest_in_flight_ms=990_000),
        PartitionStatus(1, Phase.LIVE, position=5, stable_end=9, waiting_since=NOW - 4),
        PartitionStatus(2, Phase.LIVE, position=9, stable_end=9),
    ]

    assert 10.0 == oldest_seconds(parts, NOW)


def test_a_claim_has_no_lag():
    """Before the position is known the whole log is not a lag: the series is missing, not wrong."""
    part = PartitionStatus(0, Phase.CLAIMING, position=0, stable_end=90_000)

    assert part.lag is None
    assert 0.0 == oldest_seconds([part], NOW)


TIMES = st.none() | st.floats(0, 2 * NOW)
PARTS = st.builds(
    PartitionStatus,
    partition=st.integers(0, 9),
    phase=st.sampled_from(Phase),
    position=st.integers(0, 20),
    stable_end=st.none() | st.integers(0, 20),
    waiting_since=TIMES,
    oldest_in_flight_ms=st.none() | st.integers(0, 2_000_000),
)


@given(st.lists(PARTS, max_size=4))
def test_lag_in_seconds_agrees_with_lag_in_records(parts):
    """Whatever the partitions say, seconds are never negative and 0 where no records lag."""
    seconds = oldest_seconds(parts, NOW)

    assert seconds >= 0.0
    assert seconds == 0.0 or any(part.lag for part in parts)
