"""The picture in a real browser, where one is installed."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.leaving_out import needs
from tests.unit.cli.test_split import TEXT
from worker.cli.main import app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    needs(CHROMIUM, "no Chromium: install the package `chromium`"),
]


def browse(tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    page = tmp_path / "ferry.txt"
    page.write_text(TEXT, encoding="utf-8")
    picture = tmp_path / "picture.html"
    CliRunner().invoke(app, ["split", str(page), "--format", "html", "--out", str(picture)])
    return subprocess.run(
        [
            str(CHROMIUM),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--window-size=1200,900",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            *options,
            picture.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_a_browser_shows_the_picture(tmp_path: Path):
    """A headless Chromium paints the file in colours: a screenshot of the asked size that is no blank sheet."""
    shot = tmp_path / "shot.png"

    browse(tmp_path, f"--screenshot={shot}")

    head = shot.read_bytes()
    assert (1200, 900) == struct.unpack(">II", head[16:24])
    assert len(head) > 20_000


def test_a_browser_builds_every_part(tmp_path: Path):
    """The document that the browser builds has the lines, the teasers and what became of the rest."""
    built = browse(tmp_path, "--dump-dom").stdout

    assert 1 == built.count('class="field headline"')
    assert 1 == built.count('<li class="related" title="related, position 1')
    assert "repeat_in_page: A bridge is closed until Easter" in built
    assert '<li class="dropped" title="rejected: partial"' in built
