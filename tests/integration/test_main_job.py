"""Pages go in, articles and teasers come out: one installation on each broker, looked at from all sides."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from schemas.topics import ARTICLES, DECISIONS, REJECTED, SPLIT, TEASERS
from tests.integration.conftest import deployments
from tests.integration.core import expected
from tests.integration.deployment import Deployment, Raw, Read, Worker, summed
from tests.integration.pages import hostile, made, samples

TRACE = (("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("tracestate", b"a=1"))


@dataclass
class Played:
    """An installation after a first run, with what went in and what came out."""

    there: Deployment
    went_in: list[Raw]
    came_out: list[Read]
    split: list[Read]
    decisions: list[Read]
    metrics: dict[str, float]
    answers: dict[str, tuple[int, str]]
    exit_code: int
    kind: str = ""
    """``kafka`` or ``embedded``."""
    hostile: dict[str, Raw] = field(default_factory=dict)

    def on(self, *topics):
        """Return what came out on these topics."""
        return [read for read in self.came_out if read.topic in {topic.name for topic in topics}]

    def total(self, name, **labels):
        """Return the sum over the series of a metric at the end of the run."""
        return summed(self.metrics, name, **labels)


@pytest.fixture(scope="module")
def played(request, broker_kind, tmp_path_factory) -> Iterator[Played]:
    """Run a worker over samples, made pages and hostile pages, and stop it."""
    folder = tmp_path_factory.mktemp("main-job")
    with deployments(request.getfixturevalue(broker_kind), folder) as make:
        there = make(NEWSWORKER_DECISIONS="true")
        pages = [*samples(), *(made(number)._replace(headers=TRACE) for number in range(60))]
        worker = there.start()
        worker.wait_ready()
        there.feed(pages)
        there.feed(hostile().values(), **{"compression.type": "zstd"})
        there.feed([made(1000)])
        went_in = [*pages, *hostile().values(), made(1000)]
        there.wait_done(len(went_in), worker)
        yield replace(_seen(there, worker, went_in), kind=broker_kind)


def _seen(there: Deployment, worker: Worker, went_in: list[Raw]) -> Played:
    """Look at everything once, then stop the worker."""
    answers = {path: worker.get(path) for path in ("/livez", "/readyz", "/status", "/nowhere")}
    metrics = worker.metrics()
    code = worker.stop()
    outputs = there.read(ARTICLES, TEASERS, REJECTED)
    split, decisions = there.read(SPLIT), there.read(DECISIONS)
    return Played(there, went_in, outputs, split, decisions, metrics, answers, code, hostile=hostile())


def _events(messages) -> Counter:
    """Return events as what a reader can tell apart: id, key, value and headers."""
    return Counter((m.key, m.value, tuple(sorted(m.headers))) for m in messages if "ce_id" in dict(m.headers))


def _value(read: Read) -> bytes | None:
    """Return the value that was sent: a record with neither key nor value travels as an empty one."""
    return None if "rejected-null-value" in read.header else read.value


def test_what_comes_out_is_what_the_core_decides(played):
    """Every event of every page is there once, with its key, bytes and headers, and nothing else is."""
    wanted = _events(expected(played.there, played.went_in))

    found = _events(played.on(ARTICLES, TEASERS))

    assert wanted == found
    assert len(wanted) > 100


def test_every_page_has_one_outcome(played):
    """What went in is split or rejected, page by page."""
    rejected = [read for read in played.on(REJECTED) if read.header["rejected-stage"] == b"split"]

    assert len(played.went_in) == len(played.split) + len(rejected)


def test_a_rejected_page_is_kept_byte_for_byte(played):
    """Key, value and headers of what could not be used are those that were sent."""
    rejected = Counter(
        (read.key, _value(read), tuple(h for h in read.headers if not h[0].startswith("rejected-")))
        for read in played.on(REJECTED)
        if "rejected-truncated" not in read.header
    )

    assert Counter() == rejected - Counter((raw.key, raw.value, raw.headers) for raw in played.went_in)
    assert len(rejected) > 10


def test_a_rejected_page_says_why_and_where_it_lay(played):
    """Reason, stage and place stand in the headers, and no two records tell of the same place."""
    rejected = played.on(REJECTED)
    places = [tuple(read.header[f"rejected-{name}"] for name in ("topic", "partition", "offset")) for read in rejected]

    assert len(places) == len(set(places))
    assert all(read.header["rejected-reason"].decode().isidentifier() for read in rejected)


def test_nothing_is_a_bug(played):
    """No page of all those is rejected for an error that nobody foresaw."""
    bugs = [
        read.header["rejected-message"] for read in played.on(REJECTED) if read.header["rejected-reason"] == b"internal"
    ]

    assert [] == bugs


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("null", {"invalid_envelope"}),
        ("no bytes", {"invalid_envelope"}),
        ("blanks", {"empty"}),
        ("binary", {"not_text", "bad_encoding"}),
        ("png", {"not_text"}),
        ("pdf", {"not_text"}),
        ("no envelope", {"invalid_envelope"}),
        ("half an envelope", {"invalid_envelope"}),
        ("gzip bomb", {"too_large"}),
        ("fifty megabytes", {"too_large"}),
        ("deep", {"too_complex"}),
        ("attributes", {"too_complex"}),
    ],
)
def test_a_hostile_page_is_rejected_for_its_reason(played, name, reasons):
    """What can't be read is set aside with the reason that fits."""
    raw = played.hostile[name]

    found = {
        read.header["rejected-reason"].decode()
        for read in played.on(REJECTED)
        if (read.key, _value(read)) == (raw.key, raw.value) and raw.headers == read.headers[: len(raw.headers)]
    }

    assert found
    assert found <= reasons


def test_no_address_but_http_leaves_the_worker(played):
    """Script and data addresses of a page are in no event, as no value of any field."""

    def strings(value):
        match value:
            case str():
                yield value
            case dict():
                yield from (s for inner in value.values() for s in strings(inner))
            case list():
                yield from (s for inner in value for s in strings(inner))

    events = [json.loads(read.value) for read in played.on(ARTICLES, TEASERS)]

    addresses = [
        s
        for event in events
        for s in strings(event)
        if s.lower().lstrip().startswith(("javascript:", "data:", "java\tscript:"))
    ]

    assert [] == addresses


def test_the_trace_goes_through_both_stages(played):
    """Events of traced pages carry the trace of their page."""
    report = b"https://paper1.example/report-1.html"
    traced = [read.header for read in played.on(ARTICLES) if read.header.get("ce_subject") == report]

    assert [dict(TRACE)] == [{name: header[name] for name in ("traceparent", "tracestate")} for header in traced]


def test_split_pages_lie_with_their_site(played):
    """All pages of a site are in one partition, keyed by it."""
    partitions: dict[bytes, set[int]] = {}
    for read in played.split:
        partitions.setdefault(read.key, set()).add(read.partition)
        assert read.key.decode() == json.loads(read.value)["site"]

    assert {1} == {len(places) for places in partitions.values()}


def test_every_page_that_was_split_has_its_decisions(played):
    """One record of decisions a page, and its items add up to what was found."""
    found = sum(json.loads(read.value)["counts"]["found"] for read in played.split)
    items = sum(len(json.loads(read.value)["items"]) for read in played.decisions)

    assert (len(played.split), found) == (len(played.decisions), items)


def test_the_laws_of_the_counters_hold(played):
    """Received is accepted, repeat and rejected; items found are items decided; events sent are events read."""
    total = played.total
    received = {stage: total("newsworker_records_received_total", stage=stage) for stage in ("split", "dedupe")}
    ended = {stage: total("newsworker_pages_total", stage=stage) for stage in ("split", "dedupe")}
    sent = {
        t.name: total("newsworker_events_sent_total", topic=t.name, result="confirmed")
        for t in (ARTICLES, TEASERS, REJECTED)
    }
    read = {t.name: float(len(played.on(t))) for t in (ARTICLES, TEASERS, REJECTED)}

    assert {"split": len(played.went_in), "dedupe": len(played.split)} == received
    assert received == ended
    assert total("newsworker_items_found_total") == total("newsworker_items_total") > 100
    assert total("newsworker_pages_rejected_total") == total("newsworker_pages_total", outcome="rejected")
    assert read == sent
    assert total("newsworker_events_sent_total", result="failed") == 0


def test_a_caught_up_worker_shows_no_lag(played):
    """Nothing is in flight and nothing waits, transaction markers or not."""
    lag = {value for series, value in played.metrics.items() if series.startswith("newsworker_lag_records{")}

    assert {0.0} == lag
    assert 0 == played.total("newsworker_in_flight_records")


def test_health_tells_the_truth(played):
    """A worker at work is live and ready, and its status names guarantee and versions."""
    status = json.loads(played.answers["/status"][1])
    kept = {"kafka": "exactly_once", "embedded": "at_least_once"}[played.kind]

    assert (200, 200, 404) == tuple(played.answers[path][0] for path in ("/livez", "/readyz", "/nowhere"))
    assert kept == status["stages"]["dedupe"]["guarantee"]
    assert f'guarantee="{kept}"' in next(name for name in played.metrics if name.startswith("newsworker_build_info"))
    assert 0 == len([check for check in status["checks"] if not check["ok"]])


def test_sigterm_ends_with_0(played):
    """A worker that is asked to stop says that it did."""
    assert 0 == played.exit_code


def test_a_restart_goes_on_where_it_stopped(played):
    """After a restart only what is new comes out; pages that are sent again bring nothing."""
    again = [*played.went_in[40:60], made(1001)]
    fresh = len(_events(expected(played.there, [*played.went_in, *again]))) - len(
        _events(expected(played.there, played.went_in))
    )
    worker = played.there.start(NEWSWORKER_GUARANTEE="auto")
    worker.wait_ready()

    played.there.feed(again)
    played.there.wait_done(len(again), worker)
    after = played.there.read(ARTICLES, TEASERS)
    code = worker.stop(signal.SIGINT)

    assert len(played.on(ARTICLES, TEASERS)) + fresh == len(after)
    assert len(after) == len({read.header["ce_id"] for read in after})
    assert (0, True) == (code, fresh > 1)
