"""The scan for known vulnerabilities tells bad from clean, and from not having looked."""

import http.server
import json
import threading
from collections.abc import Iterator

import pytest

from tests.deploy.audit import CLEAN, NOT_RUN, VULNERABLE, audited, verdict

ADVISORY = {
    "id": "OSV-1",
    "modified": "2026-01-01T00:00:00Z",
    "summary": "Made up for this test",
    "affected": [
        {
            "package": {"name": "idna", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.0"}]}],
        }
    ],
}


@pytest.fixture
def advisories() -> Iterator[tuple[str, dict]]:
    """An OSV service on loopback, and its advisories by package."""
    known: dict[str, list] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps({"vulns": known[name]} if (name := asked["package"]["name"]) in known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query", known
        server.shutdown()


@pytest.fixture
def lock(tmp_path):
    """A lock of two packages."""
    file = tmp_path / "lock.txt"
    file.write_text("".join(f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in ("idna", "orjson")))
    return file


def test_an_advisory_is_told_with_its_cure(advisories, lock):
    """pip-audit finds the advisory at the service, and the verdict says what mends it."""
    url, known = advisories
    known["idna"] = [ADVISORY]

    found = audited(lock, "-s", "osv", "--osv-url", url)

    assert (VULNERABLE, 2, ("  idna 1.0: OSV-1, mended in 9.0",)) == (found.code, found.looked_up, found.vulnerable)


def test_without_advisories_all_is_clean(advisories, lock):
    """Every package was looked up and none has an advisory."""
    found = audited(lock, "-s", "osv", "--osv-url", advisories[0])

    assert (CLEAN, 2, ()) == (found.code, found.looked_up, found.unknown)


def test_a_scan_that_looked_nothing_up_was_not_run():
    """pip-audit ends with 0 where it finds no advisories of a package; the verdict does not call that clean."""
    report = {"dependencies": [{"name": "idna", "skip_reason": "not found"}], "fixes": []}

    assert NOT_RUN == verdict(json.dumps(report)).code
    assert NOT_RUN == verdict(json.dumps({"dependencies": []})).code
