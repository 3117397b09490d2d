import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from worker.cli.failures import CommandError
from worker.cli.probe import address, live, ready


@pytest.fixture
def answering(monkeypatch):
    """A server beside the probe that gives one answer, and the path it was asked for."""
    servers, asked = [], []

    def serve(status, body):
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("NEWSWORKER_HTTP_BIND", f"0.0.0.0:{server.server_port}")
        return asked

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_worker_that_is_well_is_passed_on(answering, capsys):
    """A 200 ends well and prints the body."""
    asked = answering(200, b'{"status":"ok"}')

    ready()

    assert asked == ["/readyz"]
    assert capsys.readouterr().out == '{"status":"ok"}\n'


def test_the_failing_checks_are_the_message(answering):
    """Of a 503 the checks that fail are told, and only those."""
    checks = [{"name": "loop", "ok": True, "reason": "-"}, {"name": "split.progress", "ok": False, "reason": "stalled"}]
    answering(503, json.dumps({"checks": checks}).encode())

    with pytest.raises(CommandError) as caught:
        live()

    assert (str(caught.value), caught.value.code) == ("split.progress: stalled", 1)


def test_a_strange_answer_is_shown_as_it_is(answering):
    """A 503 of something else on that port is passed on instead of being hidden."""
    answering(503, b"proxy says no")

    with pytest.raises(CommandError, match="proxy says no"):
        live()


def test_nobody_there_is_a_failure(monkeypatch):
    """A worker that does not listen is not live, and the address is named."""
    monkeypatch.setenv("NEWSWORKER_HTTP_BIND", "127.0.0.1:1")

    with pytest.raises(CommandError, match=r"127\.0\.0\.1:1"):
        live()


def test_a_worker_that_does_not_answer_is_given_up(monkeypatch):
    """A probe ends after its own timeout, whatever the worker does."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("NEWSWORKER_HTTP_BIND", f"127.0.0.1:{silent.getsockname()[1]}")

        with pytest.raises(CommandError, match="does not answer"):
            live(timeout=0.2)


@pytest.mark.parametrize(
    ("bind", "asked"),
    [("0.0.0.0:9102", "127.0.0.1:9102"), ("[::]:9102", "[::1]:9102"), ("10.0.0.7:80", "10.0.0.7:80")],
)
def test_a_worker_that_listens_everywhere_is_asked_on_loopback(bind, asked):
    """Where a worker listens on all addresses the probe asks the nearest."""
    assert address(bind) == asked
