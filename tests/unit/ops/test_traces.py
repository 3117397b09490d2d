"""Traces with OpenTelemetry's own SDK, and none of it where they are off."""

import asyncio
import subprocess
import sys
import threading

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.settings import Settings
from worker.ops.traces import Traces, traces
from worker.samples import sample_pages
from worker.stream.dedupe_stage import DedupeStage
from worker.stream.guarantee import Record
from worker.stream.installation import Installation
from worker.stream.observing import StageObserver
from worker.stream.split_stage import SplitStage

WHEN_MS = 1_795_000_000_123
INSTALLATION = Installation(Settings(kafka_bootstrap="kafka:9092"), host="pod-1")
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT_ID = "00f067aa0ba902b7"
CARRIED = (("traceparent", f"00-{TRACE_ID}-{PARENT_ID}-01".encode()),)


class Worked:
    """Both stages, their observers, and the spans that they made."""

    def __init__(self):
        self.exporter = InMemorySpanExporter()
        made, metrics = Traces(SimpleSpanProcessor(self.exporter), "dev"), Metrics(INSTALLATION.settings.stages)
        spans = {stage: made.of(stage) for stage in Stage}
        self.split = SplitStage(INSTALLATION, metrics, spans[Stage.SPLIT])
        self.dedupe = DedupeStage(INSTALLATION, metrics, spans[Stage.DEDUPE])
        self.observers = {s: StageObserver(s, metrics, {}, traces=spans[s]) for s in Stage}

    def commit(self, stage, *units):
        """Do what the layer does once a commit is through."""
        self.observers[stage].committed(len(units), 0.25)
        for unit in units:
            unit.then()

    @property
    def spans(self):
        return self.exporter.get_finished_spans()


@pytest.fixture
def worked():
    return Worked()


def raw(headers=CARRIED, value=None, offset=7):
    sample = next(sample_pages())
    return Record("pages.raw.v1", 3, offset, WHEN_MS, None, sample.value if value is None else value, headers)


def through_both(worked, record):
    """Take a page through both stages and return what dedupe sends."""
    unit = worked.split.handle(record)
    worked.commit(Stage.SPLIT, unit)
    (message,) = unit.messages
    split = Record("pages.split.v1", 0, 9, WHEN_MS, message.key, message.value, message.headers)
    decided = worked.dedupe.handle(split, worked.dedupe.new_state())
    worked.commit(Stage.DEDUPE, decided)
    return decided.messages


def test_a_page_has_a_span_a_stage_and_their_commits(worked):
    """Both spans stand under the crawler's own, in its trace, and each leads to its commit."""
    through_both(worked, raw())

    spans = {span.name: span for span in worked.spans if span.name != "commit"}
    commits = {
        span.context.span_id: span.attributes["newsworker.stage"] for span in worked.spans if span.name == "commit"
    }
    assert {"split", "dedupe"} == spans.keys()
    assert {TRACE_ID} == {f"{span.context.trace_id:032x}" for span in spans.values()}
    assert {PARENT_ID} == {f"{span.parent.span_id:016x}" for span in spans.values()}
    assert {name: name for name in spans} == {n: commits[s.links[0].context.span_id] for n, s in spans.items()}
    assert ["decode", "extract"] == [event.name for event in spans["split"].events]
    assert ["decode", "decide"] == [event.name for event in spans["dedupe"].events]


def test_a_span_says_where_the_record_lay(worked):
    """Topic, partition and offset have the names of OpenTelemetry's conventions."""
    through_both(worked, raw())

    span = next(span for span in worked.spans if span.name == "split")
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": "pages.raw.v1",
        "messaging.destination.partition.id": "3",
        "messaging.kafka.offset": 7,
    }


def test_what_goes_in_comes_out(worked):
    """The trace context of the page is that of its events, byte for byte: spans change no output."""
    messages = through_both(worked, raw((*CARRIED, ("tracestate", b"a=1"))))

    assert messages
    assert {(*CARRIED, ("tracestate", b"a=1"))} == {m.headers[-2:] for m in messages}


def test_pages_of_one_commit_share_its_span(worked):
    """A commit of three pages, two of them traced, is one span that counts all three."""
    units = [worked.split.handle(raw(h, offset=n)) for n, h in enumerate((CARRIED, (), CARRIED))]

    worked.commit(Stage.SPLIT, *units)

    pages = [span for span in worked.spans if span.name == "split"]
    (commit,) = (span for span in worked.spans if span.name == "commit")
    assert (2, 3) == (len(pages), commit.attributes["messaging.batch.message_count"])
    assert {commit.context.span_id} == {page.links[0].context.span_id for page in pages}
    assert 0.25 == pytest.approx((commit.end_time - commit.start_time) / 1e9)


def test_a_rejected_page_is_an_error_with_its_reason(worked):
    """The reason is the same word as in log and metrics."""
    worked.commit(Stage.SPLIT, worked.split.handle(raw(value=b"")))

    (span,) = (span for span in worked.spans if span.name == "split")
    assert (StatusCode.ERROR, "invalid_envelope") == (span.status.status_code, span.attributes["newsworker.reason"])


def test_what_is_not_committed_leaves_no_span(worked):
    """Work that a crash undoes is not told as done."""
    worked.split.handle(raw())

    assert () == worked.spans


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("traceparent", b"nonsense"),),
        (("traceparent", b"\xff\xfe"),),
        (("traceparent", f"00-{'0' * 32}-{PARENT_ID}-01".encode()),),
        (("traceparent", f"00-{TRACE_ID}-{PARENT_ID}-00".encode()),),
    ],
)
def test_a_page_that_asks_for_no_trace_gets_none(worked, headers):
    """No context, a broken one, or one that its sender does not sample: no span, and the page goes on."""
    assert through_both(worked, raw(headers))

    assert () == worked.spans


def test_a_stop_does_not_wait_for_a_collector_that_hangs():
    """What waits is sent in the time that there is, or given up."""
    released, ended = threading.Event(), threading.Event()

    class Hanging(InMemorySpanExporter):
        def shutdown(self):
            released.wait(30)
            ended.set()

    async def stopped():
        await Traces(SimpleSpanProcessor(Hanging()), "dev").close(seconds=0.01)
        was_waited_for = ended.is_set()
        released.set()
        return was_waited_for

    assert not asyncio.run(stopped())


def test_without_the_setting_nothing_of_it_is_imported():
    """The worker's own modules bring in no OpenTelemetry: off costs nothing, and needs no extra."""
    code = "import sys, worker.stream.service; print([m for m in sys.modules if m.startswith('opentelemetry')])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ("[]\n", None) == (done.stdout, traces(INSTALLATION.settings))
