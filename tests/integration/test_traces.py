"""Traces through real Apache Kafka, to a collector that reads OTLP as others write it."""

import gzip
import http.server
import threading
from collections.abc import Iterator

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from schemas.topics import ARTICLES, TEASERS
from tests.integration.conftest import deployments
from tests.integration.pages import made

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
CARRIED = (("traceparent", f"00-{TRACE_ID}-00f067aa0ba902b7-01".encode()), ("tracestate", b"a=1"))
PAGES = 5


class Collector:
    """Takes OTLP over HTTP on loopback."""

    def __init__(self):
        self.spans, self.services = [], set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/traces"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, body):
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            told = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            self.services.add((told["service.name"], told["deployment.environment.name"]))
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector, closed in the end."""
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


def test_a_traceparent_that_goes_in_comes_out(kafka, tmp_path, collector):
    """Events carry their page's context, and the collector has a span a stage and page, under the crawler's."""
    with deployments(kafka, tmp_path) as make:
        there = make(NEWSWORKER_TRACES_URL=collector.url)
        worker = there.start().wait_ready()
        there.feed(made(number)._replace(headers=CARRIED) for number in range(PAGES))
        there.wait_done(PAGES, worker)
        code = worker.stop()
        events = there.read(ARTICLES, TEASERS)

    names = [span.name for span in collector.spans if span.trace_id.hex() == TRACE_ID]
    commits = {span.span_id for span in collector.spans if span.name == "commit"}
    assert (0, {("newsworker", "dev")}) == (code, collector.services)
    assert len(events) >= PAGES
    assert all(set(CARRIED) <= set(event.headers) for event in events)
    assert ["dedupe"] * PAGES + ["split"] * PAGES == sorted(names)
    assert commits == {span.links[0].span_id for span in collector.spans if span.name != "commit"}


def test_a_collector_that_is_away_holds_up_nothing(kafka, tmp_path):
    """With nobody at the address every page goes through, and the stop is in order."""
    with deployments(kafka, tmp_path) as make:
        there = make(NEWSWORKER_TRACES_URL="http://127.0.0.1:9/v1/traces")
        worker = there.start().wait_ready()
        there.feed(made(number)._replace(headers=CARRIED) for number in range(PAGES))
        there.wait_done(PAGES, worker)

        assert 0 == worker.stop()
