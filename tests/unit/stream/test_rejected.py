from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import ContractError, RejectReason
from worker.extract.errors import NoContent
from worker.ops.names import Stage
from worker.stream.guarantee import Record
from worker.stream.rejected import TRUNCATED_BYTES, Desk, Rejection, rejected, rejection, size

NOW = datetime(2026, 11, 9, 12, 0, 0, 5000, tzinfo=UTC)
DESK = Desk("pages.rejected.v1", 200_000, Stage.SPLIT, "newsworker/1 host")
WHY = Rejection(RejectReason.NO_CONTENT, "nothing there", "NoContent")


def record(value=b"<html>\xff", key=b"k\x00", headers=()):
    return Record("pages.raw.v1", 3, 42, 1_700_000_000_123, key, value, tuple(headers))


def test_the_input_stays_byte_for_byte():
    """Key, value and headers of the input are those of the rejected record."""
    headers = (("url", b"\xff"), ("url", b"again"), ("empty", b""))

    message = rejected(record(headers=headers), WHY, DESK, NOW)

    assert (b"k\x00", b"<html>\xff", headers) == (message.key, message.value, message.headers[:3])


def test_the_why_is_in_the_headers():
    """Every promised header is there."""
    message = rejected(record(), WHY, DESK, NOW)

    assert {
        "rejected-reason": b"no_content",
        "rejected-stage": b"split",
        "rejected-message": b"nothing there",
        "rejected-error-class": b"NoContent",
        "rejected-topic": b"pages.raw.v1",
        "rejected-partition": b"3",
        "rejected-offset": b"42",
        "rejected-timestamp": b"2023-11-14T22:13:20.123Z",
        "rejected-at": b"2026-11-09T12:00:00.005Z",
        "rejected-by": b"newsworker/1 host",
        "rejected-attempts": b"1",
    } == dict(message.headers)


def test_a_replayed_page_keeps_its_count_and_gets_a_new_why():
    """Headers of an earlier rejection are replaced, but for the attempts that the replay counted."""
    earlier = (("rejected-attempts", b"2"), ("rejected-reason", b"internal"), ("url", b"u"))

    names = [name for name, _ in rejected(record(headers=earlier), WHY, DESK, NOW).headers]
    values = dict(rejected(record(headers=earlier), WHY, DESK, NOW).headers)

    assert (1, b"no_content", b"2") == (
        names.count("rejected-reason"),
        values["rejected-reason"],
        values["rejected-attempts"],
    )


def test_a_value_that_does_not_fit_is_cut_and_marked():
    """The rejected topic takes every record that is made for it."""
    message = rejected(record(value=b"x" * 300_000), WHY, DESK, NOW)

    assert (TRUNCATED_BYTES, b"true") == (len(message.value), dict(message.headers)["rejected-truncated"])


def test_a_record_of_nothing_becomes_an_empty_one_and_is_marked():
    """The client refuses a record without key and value, and the worker must not end for it."""
    message = rejected(record(value=None, key=None), WHY, DESK, NOW)

    assert (None, b"", b"true") == (message.key, message.value, dict(message.headers)["rejected-null-value"])


@given(
    st.binary(max_size=100_000).map(lambda b: b * 4),
    st.one_of(st.none(), st.binary(max_size=1000).map(lambda b: b * 300)),
    st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=1000).map(lambda b: b * 200)), max_size=4),
)
def test_whatever_the_input_its_rejected_record_fits(value, key, headers):
    """No input makes a rejected record that its topic refuses."""
    assert size(rejected(record(value, key, headers), WHY, DESK, NOW)) <= DESK.max_bytes


@pytest.mark.parametrize(
    ("error", "stage", "reason"),
    [
        (NoContent("x"), Stage.SPLIT, RejectReason.NO_CONTENT),
        (ContractError("x"), Stage.SPLIT, RejectReason.INVALID_ENVELOPE),
        (ContractError("x"), Stage.DEDUPE, RejectReason.INVALID_SPLIT_PAGE),
        (KeyError("text of the page"), Stage.SPLIT, RejectReason.INTERNAL),
        (RecursionError(), Stage.DEDUPE, RejectReason.INTERNAL),
    ],
)
def test_every_error_has_its_reason(error, stage, reason):
    """An error of the core says its reason; any other is a bug of ours."""
    assert reason == rejection(error, stage).reason


def test_a_bug_shows_its_place_and_no_text_of_the_page():
    """The message of an unforeseen error names code, not content."""
    error = None
    try:
        {}["text of the page"]
    except KeyError as caught:
        error = caught

    message = rejection(error, Stage.SPLIT).message

    assert ("text of the page" in message, "test_rejected.py" in message) == (False, True)


def test_a_message_ends_after_500_characters():
    """The header stays small whatever the error says."""
    assert 500 == len(rejection(ContractError("x" * 5_000), Stage.SPLIT).message)
