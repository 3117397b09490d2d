import json
from datetime import UTC, datetime

import pytest

from schemas import FoundOn, Provenance, SplitPage, Teaser, TeaserKind
from schemas.topics import SPLIT, TEASERS
from worker.extract.errors import PageTooLarge
from worker.identity import event_id
from worker.ops.settings import Settings
from worker.stream.installation import Installation
from worker.stream.sinks import Sinks

AT = datetime(2026, 11, 9, 6, 5, tzinfo=UTC)
TRACE = (("traceparent", b"00-a-b-01"),)
VERSIONS = {"extractor_version": "1", "identity_version": "2"}


@pytest.fixture
def to():
    """An installation with a prefix, on a shared cluster."""
    return Installation(Settings(kafka_bootstrap="kafka:9092", topic_prefix="eu.", environment="stage"), host="pod-1")


def page(url="https://paper.example/a"):
    return SplitPage(page_id="0" * 32, url=url, site="paper.example", fetched_at=AT, **VERSIONS)


def teaser(headline="Council weighs options"):
    return Teaser(
        teaser_id="a" * 32,
        story_id="b" * 32,
        kind=TeaserKind.RELATED,
        position=1,
        headline=headline,
        status="new",
        revision=1,
        found_on=FoundOn(page_id="0" * 32),
        provenance=Provenance(page_id="0" * 32, **VERSIONS),
    )


def test_a_split_page_is_keyed_by_its_site_and_carries_the_trace(to):
    """One site lies in one partition; the trace goes on."""
    message = Sinks(to).split_page(page(), TRACE)

    assert ("eu.pages.split.v1", b"paper.example") == (message.topic, message.key)
    assert b"00-a-b-01" == dict(message.headers)["traceparent"]


def test_an_event_is_a_cloudevent_in_binary_mode(to):
    """The attributes are headers, with ids and times of the page and never of a clock."""
    (message,) = Sinks(to).events((teaser(),), page(), AT, TRACE)

    headers = dict(message.headers)
    assert ("eu.teasers.v1", b"a" * 32) == (message.topic, message.key)
    assert {
        "ce_specversion": b"1.0",
        "ce_id": event_id("teaser", "a" * 32, "0" * 32).encode(),
        "ce_source": b"/newsworker/stage",
        "ce_type": b"news.teaser.v1",
        "ce_subject": b"https://paper.example/a",
        "ce_time": b"2026-11-09T06:05:00Z",
        "ce_dataschema": TEASERS.schema_ref.encode(),
        "content-type": b"application/json",
        "traceparent": b"00-a-b-01",
        "newsworker-version": headers["newsworker-version"],
    } == headers
    assert 1 == json.loads(message.value)["revision"]


def test_an_event_of_a_page_without_address_has_no_subject(to):
    """An attribute that is not known is left out."""
    (message,) = Sinks(to).events((teaser(),), page(url=None), AT, ())

    assert "ce_subject" not in dict(message.headers)


def test_the_same_event_is_the_same_bytes(to):
    """A replay repeats itself to the byte."""
    sinks = Sinks(to)

    assert sinks.events((teaser(),), page(), AT, TRACE) == sinks.events((teaser(),), page(), AT, TRACE)


def test_what_its_topic_does_not_take_is_refused_before_it_is_sent(to):
    """A record that the broker would refuse rejects its page; sending it would end the process for ever."""
    large = page(url="https://paper.example/" + "x" * to.max_bytes(SPLIT))

    with pytest.raises(PageTooLarge, match=r"eu\.pages\.split\.v1 takes"):
        Sinks(to).split_page(large, ())
    with pytest.raises(PageTooLarge, match=r"eu\.teasers\.v1 takes"):
        Sinks(to).events((teaser("x" * to.max_bytes(TEASERS)),), page(), AT, ())
