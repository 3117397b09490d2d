from datetime import UTC, datetime

import pytest

from schemas import ContractError, RawPage, encode
from worker.stream.guarantee import Record
from worker.stream.wire import raw_page, trace

URL = "https://nordlicht.example/a-1.html"
BODY = "<h1>Fähre</h1>".encode("latin-1")


def record(value, *headers):
    return Record("pages.raw.v1", 0, 7, 1_700_000_000_000, None, value, tuple(headers))


def test_an_envelope_is_the_page_it_was_made_from():
    """A page that travels as an envelope arrives as it left."""
    page = RawPage(url=URL, fetched_at=datetime(2026, 11, 9, tzinfo=UTC), body=BODY, source="crawl")

    read = raw_page(record(encode(page)))

    assert (page.url, page.fetched_at, page.source) == (read.url, read.fetched_at, read.source)
    assert BODY == read.body


def test_a_bare_body_takes_everything_else_from_its_headers():
    """The bare form gives the same page as the envelope."""
    page = raw_page(
        record(
            BODY,
            ("URL", URL.encode()),
            ("Content-Type", b"text/html; charset=latin-1"),
            ("fetched-at", b"2026-11-09T06:05:00Z"),
            ("charset", b"latin-1"),
            ("source", b"crawl"),
            ("traceparent", b"00-a-b-01"),
        )
    )

    assert (
        RawPage(
            url=URL,
            content_type="text/html; charset=latin-1",
            fetched_at=datetime(2026, 11, 9, 6, 5, tzinfo=UTC),
            charset="latin-1",
            source="crawl",
            body=BODY,
        )
        == page
    )


def test_a_json_content_type_makes_an_envelope():
    """Producers that mark an envelope as JSON are understood."""
    page = RawPage(url=URL, body="x")

    assert page == raw_page(record(encode(page), ("content-type", b"application/cloudevents+json; charset=utf-8")))


def test_a_bare_body_that_looks_like_json_stays_a_body():
    """What the headers call HTML is not read as an envelope."""
    assert b'{"body": "x"}' == raw_page(record(b'{"body": "x"}', ("content-type", b"text/html"))).body


def test_a_missing_bare_body_is_an_empty_one():
    """A page without bytes is a page, for the core to refuse."""
    assert b"" == raw_page(record(None, ("url", URL.encode()))).body


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (None, ()),
        (b"", ()),
        (b"<html>no headers", ()),
        (b"[]", ()),
        (b'{"url": null}', ()),
        (b'{"body": "x", "fetched_at": "2026-11-09T06:05:00"}', ()),
        (b'{"body": "!", "body_encoding": "gzip"}', ()),
        (b"x", (("url", b"\xff"),)),
        (b"x", (("url", URL.encode()), ("fetched-at", b"yesterday"))),
        (b"x", (("url", URL.encode()), ("source", b"s" * 201))),
    ],
)
def test_what_is_neither_form_is_refused_with_a_reason(value, headers):
    """Whatever is no raw page is told by what is wrong with it, and without its text."""
    with pytest.raises(ContractError, match="RawPage"):
        raw_page(record(value, *headers))


def test_the_trace_context_is_carried_as_it_came():
    """Trace headers pass, others don't."""
    headers = (("TraceParent", b"00-a-b-01"), ("tracestate", b"x=1"), ("baggage", b"y"))

    assert (("traceparent", b"00-a-b-01"), ("tracestate", b"x=1")) == trace(headers)
