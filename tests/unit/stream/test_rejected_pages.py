import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import RawPage, RejectReason, encode
from tests.golden.case import Case
from worker.extract import DEFAULT_LIMITS
from worker.ops.names import Stage
from worker.stream.cases import from_line, to_line, write_golden
from worker.stream.guarantee import Record
from worker.stream.judging import judge
from worker.stream.rejected import Desk, Rejection, rejected
from worker.stream.rejected_pages import RejectedPage, again, judged, refusal
from worker.stream.selection import Selection, compares, moment

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DESK = Desk("pages.rejected.v1", 7_000_000, Stage.SPLIT, "newsworker/1.4.2 host")
PROSE = f"<article><h1>What the town decided</h1>{'<p>Many words were said about it. </p>' * 20}</article>"
WHY = Rejection(RejectReason.NO_CONTENT, "nothing there", "NoContent")


def page(value=b"<p>", *, key=b"k", headers=(("url", b"https://a.example/"),), why=WHY, desk=DESK):
    """A rejected page as the stage writes it and the broker gives it back."""
    original = Record("pages.raw.v1", 3, 41, 1_700_000_000_123, key, value, tuple(headers))
    message = rejected(original, why, desk, NOW)
    return RejectedPage(Record(message.topic, 0, 7, 1_000, message.key, message.value, message.headers))


def test_what_the_stage_wrote_is_read_back():
    """Reason, stage, origin, version and count of a rejected page are what its headers say."""
    found = page()

    assert (found.reason, found.stage, found.version, found.attempts) == ("no_content", "split", "1.4.2", 1)
    assert (found.topic, found.origin, found.place) == ("pages.raw.v1", "pages.raw.v1/3:41", "0:7")
    assert found.received_ms == 1_700_000_000_123


NAMES = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=8)


@given(
    st.none() | st.binary(max_size=50),
    st.none() | st.binary(max_size=20),
    st.lists(st.tuples(NAMES, st.none() | st.binary(max_size=10)), max_size=4),
)
def test_a_page_goes_back_as_it_came(value, key, headers):
    """Whatever a page is made of, key, value and its own headers are sent in again byte for byte, in order."""
    message = again(page(value, key=key, headers=headers))

    kept = b"" if key is None and value is None else value  # the client sends no record of nothing
    assert (message.key, message.value) == (key, kept)
    assert message.headers == (*headers, ("rejected-attempts", b"2"))
    assert (message.topic, message.timestamp_ms) == ("pages.raw.v1", 1_700_000_000_123)


def test_a_page_that_is_rejected_again_counts_up():
    """Each replay raises the count by one, and nothing else of ours is carried along."""
    first = again(page())
    second = rejected(Record("pages.raw.v1", 0, 9, 1, first.key, first.value, first.headers), WHY, DESK, NOW)

    assert dict(second.headers)["rejected-attempts"] == b"2"
    assert again(RejectedPage(Record("x", 0, 8, 1, None, b"", second.headers))).headers[-1][1] == b"3"


@given(
    st.none() | st.binary(max_size=50),
    st.lists(st.tuples(NAMES, st.none() | st.binary(max_size=10)), max_size=4),
)
def test_a_line_is_the_page(value, headers):
    """What is written to a file is read back as the same page, whatever bytes it has."""
    original = page(value, headers=headers)

    assert from_line(to_line(original)).record == original.record


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"topic": 1}', b"\xff"])
def test_a_line_that_is_none_is_refused(line):
    """A line of another kind is named as such."""
    with pytest.raises(ValueError, match="no rejected page"):
        from_line(line)


@pytest.mark.parametrize(
    ("why", "is_forced", "told"),
    [
        ({}, False, None),
        ({"attempts": 2}, False, None),
        ({"attempts": 3}, False, "attempts"),
        ({"attempts": 3}, True, None),
        ({"reason": RejectReason.QUARANTINED}, False, "quarantined"),
        ({"reason": RejectReason.QUARANTINED}, True, None),
    ],
)
def test_pages_that_were_tried_enough_stay(why, is_forced, told):
    """A page tried three times, or one that ended a process, goes back only when somebody insists."""
    headers = [("rejected-attempts", str(why.get("attempts", 1)).encode())]
    reason = Rejection(why.get("reason", RejectReason.EMPTY), "", "E")

    assert refusal(page(headers=headers, why=reason), is_forced=is_forced) == told


def test_a_cut_page_can_not_go_back():
    """Of a page too large to copy only the head was kept: nobody can insist."""
    small = Desk("pages.rejected.v1", 200_000, Stage.SPLIT, "newsworker/1.4.2 host")
    cut = page(b"x" * 300_000, desk=small)

    assert refusal(cut, is_forced=True) == "truncated"
    assert judged(cut, DEFAULT_LIMITS).reason is RejectReason.INVALID_ENVELOPE


@pytest.mark.parametrize(
    ("selection", "is_meant"),
    [
        (Selection(), True),
        (Selection(frozenset({"no_content", "empty"})), True),
        (Selection(frozenset({"empty"})), False),
        (Selection(stage="dedupe"), False),
        (Selection(since_ms=1_000, until_ms=1_001), True),
        (Selection(until_ms=1_000), False),
        (Selection(since_ms=1_001), False),
        (Selection(written_by="<1.4"), False),
        (Selection(written_by="<=1.4.2"), True),
    ],
)
def test_a_selection_means_what_fits_all_of_it(selection, is_meant):
    """A page is meant when reason, stage, time and version all fit."""
    assert selection.has(page()) == is_meant


@pytest.mark.parametrize(
    ("version", "comparison", "holds"),
    [
        ("1.3.9", "<1.4", True),
        ("1.4.0", "<1.4", False),
        ("1.10", ">1.9", True),
        ("2", ">=2.0.0", True),
        ("1.4.0", "==1.4", True),
        ("", "<9", False),
        ("unknown", "<9", False),
    ],
)
def test_versions_compare_by_number(version, comparison, holds):
    """Versions compare part by part as numbers; one that is not known stands in no relation."""
    assert compares(version, comparison) == holds


def test_a_comparison_that_is_none_is_refused():
    """A typo does not select everything or nothing in silence."""
    with pytest.raises(ValueError, match="no comparison"):
        compares("1.0", "1.4")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("24h", datetime(2026, 2, 28, 12, tzinfo=UTC)),
        ("90s", datetime(2026, 3, 1, 11, 58, 30, tzinfo=UTC)),
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
    ],
)
def test_times_are_given_as_people_say_them(text, at):
    """A span before now or a time of the calendar, UTC where no zone is given."""
    assert moment(text, NOW) == at


def test_a_time_that_is_none_is_refused_with_examples():
    """The message shows what would do."""
    with pytest.raises(ValueError, match="give 24h, 7d or 2026"):
        moment("yesterday", NOW)


async def test_a_page_that_ended_a_process_is_judged_without_harm():
    """A quarantined page that today's code survives is judged like any other, in a child first."""
    quarantined = page(b"", why=Rejection(RejectReason.QUARANTINED, "", "Quarantined"))

    found = await judge(quarantined, DEFAULT_LIMITS)

    assert found.reason is RejectReason.EMPTY


def test_a_split_page_is_judged_by_its_contract():
    """What dedupe rejected is read as a split page."""
    desk = Desk("pages.rejected.v1", 7_000_000, Stage.DEDUPE, "newsworker/1.4.2 host")

    assert judged(page(b"{}", desk=desk), DEFAULT_LIMITS).reason is RejectReason.INVALID_SPLIT_PAGE


def test_a_rejected_page_becomes_a_golden_case(tmp_path):
    """The case has the page's bytes, what is known and what is made of it, and a note that says what to complete."""
    headers = [("url", b"https://a.example/x"), ("content-type", b"text/html"), ("fetched-at", b"2026-01-01T00:00:00Z")]

    files = write_golden(page(b"<p>\xff", headers=headers), tmp_path / "case", DEFAULT_LIMITS)

    assert ["page.html", "page.json", "expected.json", "NOTE.md"] == [file.name for file in files]
    assert files[0].read_bytes() == b"<p>\xff"
    assert '"url": "https://a.example/x"' in files[1].read_text()
    assert "# Rejected as `no_content`" in files[3].read_text()


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (
            b"<h1>Gr\xfc\xdfe</h1>",
            [("content-type", b"text/html; charset=iso-8859-1"), ("url", b"https://a.example/x")],
        ),
        (
            encode(RawPage(body=f"<h1>Gr\u00fc\u00dfe</h1>{PROSE}", content_type="text/html; charset=iso-8859-1")),
            [],
        ),
        (encode(RawPage(body=gzip.compress(PROSE.encode()), body_encoding="gzip", url="https://a.example/x")), []),
        (b"", [("url", b"https://a.example/x")]),
    ],
    ids=["bytes", "text", "gzip", "empty"],
)
def test_a_golden_case_is_whole_and_true_at_once(tmp_path, value, headers):
    """The golden tests read the page from the case as the worker reads it from the topic, and the case holds."""
    rejected_page = page(value, headers=headers)
    write_golden(rejected_page, tmp_path / "case", DEFAULT_LIMITS)
    case = Case(tmp_path / "case")

    assert case.expected == case.result()
    why = judged(rejected_page, DEFAULT_LIMITS)
    assert (why.reason if why else None) == case.expected.get("rejected")
