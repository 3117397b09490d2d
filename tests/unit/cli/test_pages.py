import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas import RejectReason
from worker.cli.failures import CommandError
from worker.cli.pages import checked, page_files, read_manifest

HTML = b"<html><body><h1>A ferry goes electric</h1></body></html>"


def read(*paths: Path, manifest: Path | None = None):
    return list(page_files(checked(paths), read_manifest(manifest)))


def test_a_folder_gives_its_pages_in_sorted_order(tmp_path: Path):
    """Files with a known ending, also in folders below, come in the order of their paths; others are passed over."""
    (tmp_path / "sub").mkdir()
    for name in ("b.html", "a.txt", "c.HTML", "notes.md", "sub/d.html.gz", "sub/e.jsonl"):
        (tmp_path / name).write_bytes(gzip.compress(HTML) if name.endswith("gz") else b"{}\n")

    assert ["a", "b", "c", "d", "e:1"] == [page.id for page in read(tmp_path)]


def test_every_line_of_envelopes_is_a_page_or_an_error(tmp_path: Path):
    """Blank lines, lines that are no JSON and a last line without an end all count."""
    path = tmp_path / "pages.jsonl"
    path.write_bytes(
        b'{"body": "<p>text</p>", "url": "https://paper.example/a"}\n\nno json\n{"url": "x"}\n[1]\r\n{"body": "last"}'
    )

    pages = read(path)

    assert [f"pages:{n}" for n in range(1, 7)] == [page.id for page in pages]
    assert [None, *[RejectReason.INVALID_ENVELOPE] * 4, None] == [page.reason for page in pages]
    assert [None, b"", b"no json", b'{"url": "x"}', b"[1]", None] == [page.line for page in pages]
    assert "https://paper.example/a" == pages[0].page.url


def test_a_line_that_is_too_long_is_one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A line over the limit is passed over whole, and the next is read."""
    monkeypatch.setattr("worker.cli.pages.LONGEST_LINE_BYTES", 50)
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b'{"body": "' + b"x" * 500 + b'"}\n{"body": "short"}\n')

    assert [RejectReason.TOO_LARGE, None] == [page.reason for page in read(path)]


def test_the_manifest_gives_address_and_time(tmp_path: Path):
    """Lines of a manifest are matched by id; a time without zone is UTC, other keys are ignored."""
    (tmp_path / "a.html").write_bytes(HTML)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(HTML))
    manifest = tmp_path / "truth.jsonl"
    manifest.write_text(
        '{"id": "a", "url": "https://paper.example/a", "crawled_at": "2026-01-31T12:00:00", "lang": "de"}\n'
        '\n{"id": "b", "fetched_at": "2026-01-31T12:00:00+02:00"}\n{"id": "other", "fetched_at": "yesterday"}\n'
    )

    first, second = read(tmp_path / "a.html", tmp_path / "b.html.gz", manifest=manifest)

    assert ("https://paper.example/a", datetime(2026, 1, 31, 12, tzinfo=UTC)) == (first.page.url, first.page.fetched_at)
    assert (None, datetime(2026, 1, 31, 10, tzinfo=UTC)) == (second.page.url, second.page.fetched_at)


def test_without_a_manifest_nothing_is_made_up(tmp_path: Path):
    """A file's own time is not taken for the time at which the page was fetched."""
    (tmp_path / "a.html").write_bytes(HTML)

    (page,) = read(tmp_path)

    assert (None, None) == (page.page.url, page.page.fetched_at)


@pytest.mark.parametrize(
    "line", ["no json", "[1]", '{"url": "x"}', '{"id": 7}', '{"id": "a", "url": 7}', "[" * 100_000]
)
def test_a_bad_manifest_names_file_and_line(tmp_path: Path, line: str):
    """The error says which line and how one is written."""
    manifest = tmp_path / "truth.jsonl"
    manifest.write_text(f'{{"id": "a"}}\n{line}\n')

    with pytest.raises(CommandError, match=r"truth\.jsonl, line 2: no page; write"):
        read_manifest(manifest)


@pytest.mark.parametrize("name", ["missing.html", "page.pdf"])
def test_a_path_that_is_no_page_ends_the_command(tmp_path: Path, name: str):
    """A path that does not exist, or is of another kind, is an error of use and not a page."""
    (tmp_path / "page.pdf").write_bytes(b"%PDF")

    with pytest.raises(CommandError) as caught:
        checked([tmp_path / name])

    assert 2 == caught.value.code


def warc(*records: tuple[str, str, bytes]) -> bytes:
    target = io.BytesIO()
    writer = WARCWriter(target, gzip=True)
    for status, kind, body in records:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            "https://paper.example/a",
            "response",
            payload=io.BytesIO(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2026-01-31T12:00:00Z"},
        )
        writer.write_record(record)
    return target.getvalue()


def test_a_warc_gives_its_pages(tmp_path: Path):
    """Successful responses that hold text are pages, with address, time and type; pictures and errors are none."""
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(
        warc(
            ("200 OK", "text/html; charset=utf-8", HTML),
            ("404 Not Found", "text/html", HTML),
            ("200 OK", "image/png", b"x"),
        )
    )

    (page,) = read(path)

    assert ("crawl:1", "https://paper.example/a", HTML) == (page.id, page.page.url, page.page.body)
    assert datetime(2026, 1, 31, 12, tzinfo=UTC) == page.page.fetched_at
    assert "text/html; charset=utf-8" == page.page.content_type


def test_a_file_that_is_no_warc_is_one_bad_page(tmp_path: Path):
    """What can't be read as a WARC is told as a page that can't be unpacked."""
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"this is no warc at all\r\n" * 5)

    assert [("crawl:1", RejectReason.BAD_ENCODING)] == [(page.id, page.reason) for page in read(path)]


def test_a_packed_file_stays_packed_until_the_core_unpacks_it(tmp_path: Path):
    """A bomb in a .html.gz is the core's affair, which has the limits."""
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(bytes(20_000_000)))

    (page,) = read(tmp_path)

    assert len(page.page.body) < 100_000
