from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import RawPage, SplitPage, decode, encode
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.settings import Settings
from worker.samples import sample_pages
from worker.stream.dedupe_stage import DedupeStage
from worker.stream.guarantee import Record
from worker.stream.installation import Installation
from worker.stream.split_stage import SplitStage, try_page

WHEN_MS = 1_795_000_000_123
INSTALLATION = Installation(Settings(kafka_bootstrap="kafka:9092", decisions=True), host="pod-1")


@pytest.fixture
def metrics():
    """Metrics of a worker with both stages."""
    return Metrics(INSTALLATION.settings.stages)


def raw(value, headers=(), offset=0, key=b"k"):
    return Record("pages.raw.v1", 0, offset, WHEN_MS, key, value, tuple(headers))


def split_records(units):
    messages = [message for unit in units for message in unit.messages if message.topic == "pages.split.v1"]
    return [Record("pages.split.v1", 0, i, WHEN_MS, m.key, m.value, m.headers) for i, m in enumerate(messages)]


def samples(stage):
    return [stage.handle(raw(s.value, s.headers, i, s.key)) for i, s in enumerate(sample_pages())]


def value_of(metrics, series):
    lines = metrics.exposition()[0].decode().splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))


def test_a_page_becomes_one_record_with_the_time_it_was_received(metrics):
    """The raw record's timestamp goes along: dedupe takes it for a page without one of its own."""
    unit = SplitStage(INSTALLATION, metrics).handle(raw(next(sample_pages()).value))

    (message,) = unit.messages
    assert datetime.fromtimestamp(WHEN_MS / 1000, UTC) == decode(SplitPage, message.value).received_at


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.none(), st.binary(max_size=300), st.text(max_size=300).map(lambda t: encode(RawPage(body=t)))),
    st.lists(st.tuples(st.sampled_from(["url", "content-type", "charset", "fetched-at", "x"]), st.binary(max_size=30))),
)
def test_any_record_has_one_outcome(value, headers):
    """Whatever lies on the raw topic becomes exactly one record: split, or rejected with its bytes."""
    unit = SplitStage(INSTALLATION, Metrics(INSTALLATION.settings.stages)).handle(raw(value, headers))

    (message,) = unit.messages
    assert message.topic in ("pages.split.v1", "pages.rejected.v1")
    assert message.topic == "pages.split.v1" or value == message.value


@given(st.one_of(st.none(), st.binary(max_size=300)))
def test_any_split_record_has_one_outcome(value):
    """Whatever lies on the topic of split pages is decided or rejected; dedupe does not end for it."""
    stage = DedupeStage(INSTALLATION, Metrics(INSTALLATION.settings.stages))

    unit = stage.handle(Record("pages.split.v1", 0, 0, WHEN_MS, b"k", value), stage.new_state())

    assert [("pages.rejected.v1", value)] == [(message.topic, message.value) for message in unit.messages]


def test_counters_move_only_once_a_page_is_done(metrics):
    """Handling counts nothing; what was handled and not committed is handled again."""
    stage = SplitStage(INSTALLATION, metrics)
    metrics.received(Stage.SPLIT)
    unit = stage.handle(raw(b"{"))
    series = 'newsworker_pages_total{outcome="rejected",stage="split"}'

    before = value_of(metrics, series)
    unit.then()

    assert (0.0, 1.0) == (before, value_of(metrics, series))


def test_deciding_leaves_the_state_as_it_is(metrics):
    """The layer remembers, not the handler: the same page decides the same until its entries are applied."""
    stage = DedupeStage(INSTALLATION, metrics)
    state = stage.new_state()
    (record, *_) = split_records(samples(SplitStage(INSTALLATION, metrics)))

    first, second = stage.handle(record, state), stage.handle(record, state)
    state.apply(first.entries)
    third = stage.handle(record, state)

    assert (first.messages, first.entries) == (second.messages, second.entries)
    assert ["decisions.v1"] == [message.topic for message in third.messages]


def test_the_laws_of_the_counters_hold_over_the_samples(metrics):
    """Received is ended, and items found are items decided, page by page."""
    split, dedupe = SplitStage(INSTALLATION, metrics), DedupeStage(INSTALLATION, metrics)
    state = dedupe.new_state()
    units = samples(split)

    for unit in units:
        metrics.received(Stage.SPLIT)
        unit.then()
    for record in split_records(units):
        metrics.received(Stage.DEDUPE)
        unit = dedupe.handle(record, state)
        state.apply(unit.entries) if unit.entries else None
        unit.then()

    text = metrics.exposition()[0].decode().splitlines()
    items = sum(float(line.rpartition(" ")[2]) for line in text if line.startswith("newsworker_items_total{"))
    assert value_of(metrics, "newsworker_items_found_total") == items > 30
    assert 0.0 == value_of(metrics, 'newsworker_in_flight_records{stage="split"}')
    assert 0.0 == value_of(metrics, 'newsworker_in_flight_records{stage="dedupe"}')


def test_a_page_that_kills_is_set_aside_unread(metrics):
    """A quarantined page keeps its bytes and says so."""
    unit = SplitStage(INSTALLATION, metrics).quarantine(raw(b"\x00deadly"))

    (message,) = unit.messages
    assert (b"\x00deadly", b"quarantined") == (message.value, dict(message.headers)["rejected-reason"])


def test_a_trial_does_what_the_stage_does():
    """What would end the stage's interpreter ends the trial's: the same code reads the page."""
    sample = next(sample_pages())

    assert try_page(raw(sample.value, sample.headers), INSTALLATION.settings.limits) is None
