"""`newsworker feed`: pages from files onto the raw topic."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from schemas import ContractError, RawPage, encode
from schemas.topics import RAW
from worker.samples import sample_pages
from worker.stream.guarantee import Record
from worker.stream.wire import raw_page

HTML = "<h1>Hafen</h1><p>Die Fähre fährt.</p>".encode()
URL = "https://paper.example/a-1.html"
BROKEN = b'{"no": "page"}'


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with a page of each kind of file, a broken line, and a file that is none."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_bytes(HTML)
    (pages / "b.html.gz").write_bytes(gzip.compress(HTML))
    (pages / "c.txt").write_bytes(b"Headline\n|\nLead")
    (pages / "d.jsonl").write_bytes(encode(RawPage(url=URL, body=HTML.decode())) + b"\n" + BROKEN + b"\n")
    (pages / "e.warc").write_bytes(b"no WARC")
    (pages / "notes.md").write_text("none")
    (tmp_path / "manifest.jsonl").write_text(json.dumps({"id": "a", "url": URL, "fetched_at": "2026-11-09T06:05:00Z"}))
    return pages


def fed(there):
    """Return the pages that lie on the raw topic, by how a reader understands them; what is none, as bytes."""
    return [_understood(Record(RAW.name, 0, 0, 0, read.key, read.value, read.headers)) for read in there.read(RAW)]


def _understood(record):
    try:
        return raw_page(record)
    except ContractError:
        return record.value


def test_pages_of_every_kind_arrive_as_they_were_read(deployed, folder):
    """Files, packed files, text and envelopes arrive, with what the manifest says; so do broken lines, named."""
    there = deployed(partitions=1)

    done = there.command("feed", str(folder), "--manifest", str(folder.parent / "manifest.jsonl"))
    a, b, c, d, broken = fed(there)

    assert (URL, HTML, "2026-11-09T06:05:00+00:00") == (a.url, a.body, a.fetched_at.isoformat())
    assert (HTML, "gzip") == (gzip.decompress(b.body), b.body_encoding)
    assert ("text/plain", HTML.decode()) == (c.content_type, d.body)
    assert BROKEN == broken
    assert "5 pages confirmed" in done.stdout
    assert "1 of them broken lines, to be rejected" in done.stdout
    assert "d:2: fed as it is, invalid_envelope" in done.stderr


def test_what_can_not_be_fed_fails_the_command(deployed, folder):
    """A file that holds no page at all is named and counted, and the command ends with 1."""
    there = deployed(partitions=1)

    done = there.command("feed", str(folder / "e.warc"), str(folder / "a.html"))

    assert (1, 1) == (done.returncode, len(fed(there)))
    assert "1 pages confirmed" in done.stdout
    assert "1 bad_encoding" in done.stdout
    assert "e:1: not fed, bad_encoding" in done.stderr


def test_broken_lines_do_not_fail_the_command(deployed, folder):
    """All of a file of envelopes is fed, so the command ends with 0."""
    there = deployed(partitions=1)

    assert 0 == there.command("feed", str(folder / "d.jsonl")).returncode


def test_a_rate_is_kept(deployed, folder):
    """At two pages a second, three pages take a second at least."""
    there = deployed(partitions=1)
    files = [str(folder / name) for name in ("a.html", "b.html.gz", "c.txt")]

    done = there.command("feed", *files, "--rate", "2")

    seconds = float(done.stdout.partition(" in ")[2].partition(" s")[0])
    assert (0, True) == (done.returncode, seconds >= 1.0)


@pytest.mark.parametrize("broker", ["embedded"], indirect=True)
def test_what_stands_in_the_way_is_told(deployed, folder):
    """A path that is not there, a topic that is not there, and a broker that is not there end with their codes."""
    there = deployed(partitions=0)
    page = str(folder / "a.html")

    path = there.command("feed", str(folder / "none.html"))
    topic = there.command("feed", page)
    broker = there.command("feed", page, NEWSWORKER_KAFKA_BOOTSTRAP="127.0.0.1:1")

    assert (2, 78, 75) == (path.returncode, topic.returncode, broker.returncode)
    assert "none.html does not exist" in path.stderr
    assert f"there is no topic {there.topic(RAW)}: `newsworker topics apply` creates it" in topic.stderr
    assert "no broker answers: 127.0.0.1:1" in broker.stderr


def test_the_samples_arrive_as_they_are_kept(deployed):
    """Every invented page is fed byte for byte, in order, broken ones too."""
    there = deployed(partitions=1)

    done = there.command("feed", "--samples")

    assert [(s.key, s.value, s.headers) for s in sample_pages()] == [
        (read.key, read.value, tuple(read.headers)) for read in there.read(RAW)
    ]
    assert 0 == done.returncode


def test_files_and_samples_together_are_wrong_use(deployed, folder):
    """Who names both, or neither, is told what to give."""
    there = deployed(partitions=1)

    ended = [there.command("feed", *given) for given in ((), ("--samples", str(folder)))]

    assert [2, 2] == [done.returncode for done in ended]
    assert all("or --samples" in done.stderr for done in ended)
