import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from worker import samples
from worker.cli.main import app

TEXT = """\
A ferry goes electric on the fjord
Ann Lee |
The first battery ship of the line sails in spring.
The ship takes a hundred and eighty guests over the water each day.
RELATED NEWS
A bridge is closed until Easter
|
Cars go round by the dam.
A bridge is closed until Easter
Bob Ray |
Cars go round by the dam.
A headline that was cut off
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(app, ["split", *map(str, arguments)])


def lines(*arguments: object) -> list[dict]:
    return [json.loads(line) for line in run(*arguments).stdout.splitlines()]


def test_a_page_is_one_line(page: Path):
    """The line has the five keys, the article, the teasers and totals that add up."""
    (line,) = lines(page)

    assert ["id", "article", "teasers", "counts", "rejected"] == list(line)
    assert ("ferry", "A ferry goes electric on the fjord", None) == (
        line["id"],
        line["article"]["headline"],
        line["rejected"],
    )
    assert [["Bob Ray"]] == [teaser["authors"] for teaser in line["teasers"]]
    assert {"found": 4, "merged_in_page": 1, "dropped": 0, "rejected": 1} == line["counts"]


@pytest.mark.usefixtures("page")
def test_a_bad_page_stops_nothing(tmp_path: Path):
    """Rejected pages have a reason and neither article nor teasers; the pages after them are read."""
    (tmp_path / "a.html").write_bytes(b"")
    (tmp_path / "b.html").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "c.html.gz").write_bytes(b"no gzip")
    (tmp_path / "d.html").mkdir()

    found = lines(tmp_path)

    assert [("a", "empty"), ("b", "not_text"), ("c", "bad_encoding"), ("ferry", None)] == [
        (line["id"], line["rejected"]) for line in found
    ]
    assert all(line["article"] is None and line["teasers"] == [] for line in found[:3])


def test_out_takes_the_lines(tmp_path: Path, page: Path):
    """With --out nothing is printed and the file has the same bytes."""
    printed = run(page).stdout_bytes

    result = run(page, "--out", tmp_path / "out.jsonl")

    assert b"" == result.stdout_bytes
    assert printed == (tmp_path / "out.jsonl").read_bytes()


def test_the_same_page_gives_the_same_bytes(page: Path):
    """No clock and no chance gets into a line."""
    assert run(page).stdout_bytes == run(page).stdout_bytes


def test_explain_tells_of_every_item(page: Path):
    """Each item that is not passed on stands there with decision, reason and place."""
    (line,) = lines(page, "--explain")

    assert [("merged_in_page", "repeat_in_page", "lines 9-11"), ("rejected", "partial", "line 12")] == [
        (item["decision"], item["reason"], item["where"]) for item in line["explain"]["settled"]
    ]


def test_explain_tells_why_of_sample_pages():
    """On every invented page with an article a source of its headline won, and the lines in are the article's."""
    pages = sorted((Path(samples.__file__).parent / "pages").glob("*.html"))[:6]

    told = lines(*pages, "--explain")

    assert len(told) == len(pages)
    for line in told:
        article, why = line["article"], line["explain"]
        body = {article["lead"], *[block["text"] for block in article["body"]]}
        assert ["headline"] == [claim["field"] for claim in why["claims"] if claim["won"]][:1]
        assert {each["text"] for each in why["lines"] if each["is_in"]} == body - {None}
        assert all(each["score"] < 0 or each["why"] != "score" for each in why["lines"] if not each["is_in"])


def test_a_table_tells_which_source_won():
    """Explained, a table has a row for each claim and each line, with what speaks for it."""
    page = min((Path(samples.__file__).parent / "pages").glob("*.html"))

    shown = run(page, "--format", "table", "--explain").stdout

    assert "headline: markup won" in " ".join(shown.split())
    assert "in by score" in " ".join(shown.split())


def test_a_table_is_for_people(page: Path):
    """A row shows headline, authors and numbers; explained, each item has one of its own."""
    plain, explained = run(page, "--format", "table").stdout, run(page, "--format", "table", "--explain").stdout

    assert "A ferry goes" in plain
    assert "Ann Lee" in plain
    assert "repeat_in_page" in explained


def test_a_path_that_does_not_exist_is_told(tmp_path: Path):
    """The command ends with a clear message and code 2, before any page is read."""
    ended = subprocess.run(
        [sys.executable, "-m", "worker", "split", str(tmp_path / "no.html")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (2, "") == (ended.returncode, ended.stdout)
    assert "does not exist" in ended.stderr


def test_a_picture_is_one_file_that_loads_nothing(page: Path):
    """The picture has every line of the page, its reasons on hover, and no script or address to load."""
    shown = run(page, "--format", "html").stdout

    assert 'title="merged_in_page: repeat_in_page"' in shown
    assert 'title="rejected: partial"' in shown
    assert 'title="lead"' in shown
    assert all(word not in shown for word in ("<script", "<link", "<img", "src=", "@import", "url("))


def test_a_picture_escapes_what_strangers_wrote(tmp_path: Path):
    """Markup in a headline is shown, not obeyed."""
    path = tmp_path / "evil.txt"
    path.write_text(TEXT.replace("on the fjord", "<script>alert(1)</script> \"'>"), encoding="utf-8")

    shown = run(path, "--format", "html").stdout

    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_picture_of_a_rejected_page_says_why(tmp_path: Path):
    """A page without outcome has its reason in its place."""
    path = tmp_path / "empty.html"
    path.write_bytes(b"")

    assert "rejected: empty" in run(path, "--format", "html").stdout
