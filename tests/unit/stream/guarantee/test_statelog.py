import pytest

from worker.stream.guarantee.statelog import (
    HEADER,
    Kind,
    NotAStateRecord,
    StateRecord,
    packed,
    unpacked,
)

RECORD = StateRecord(
    Kind.SNAPSHOT,
    generation=3,
    position=1_234_567,
    begin=42,
    source=bytes(range(16)),
    snapshot=2**63 + 1,
    part=2,
    parts=5,
    changes=(b"one", b"", b"three" * 1000),
)


def test_a_state_record_comes_back_as_it_was():
    """Every field of a state record survives the topic."""
    assert RECORD == unpacked(packed(RECORD))


def test_the_header_has_the_documented_size():
    """The body begins at byte 64, as the layout says."""
    assert 64 == HEADER.size


@pytest.mark.parametrize("cut", [0, 1, 63, 65, 70, len(packed(RECORD)) - 1])
def test_a_cut_record_is_refused(cut):
    """A record that lost its end is not read as a shorter one."""
    with pytest.raises(NotAStateRecord):
        unpacked(packed(RECORD)[:cut])


@pytest.mark.parametrize("damaged", [None, b"", b"NWS2" + packed(RECORD)[4:], b"NWS1\x09" + packed(RECORD)[5:]])
def test_what_is_no_state_record_is_refused(damaged):
    """Another magic, another kind or no bytes at all are named, not guessed at."""
    with pytest.raises(NotAStateRecord):
        unpacked(damaged)
