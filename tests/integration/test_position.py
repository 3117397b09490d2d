"""`newsworker position` and `newsworker state` after a real worker has done some pages."""

import os
import subprocess
import sys
import uuid

import pytest
from confluent_kafka import Producer

from tests.integration.cli import CommandLine
from tests.integration.running import Worker

PAGES = 6
HTML = "<html><head><title>{n}</title></head><body><article><h1>Headline number {n} of the day</h1>{text}</article>"
TEXT = "<p>Something happened in the town that everybody talks about, and it was written down at once.</p>" * 4


@pytest.fixture(scope="module")
def installation(kafka, tmp_path_factory):
    """An installation whose worker did some pages and stopped; its settings."""
    name = uuid.uuid4().hex[:8]
    settings = {"KAFKA_BOOTSTRAP": kafka.bootstrap, "TOPIC_PREFIX": f"{name}.", "APP_ID": f"nw-{name}"}
    environment = {f"NEWSWORKER_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "worker", "topics", "apply", "--partitions", "1"]
    subprocess.run(command, check=True, env=os.environ | environment, stdout=subprocess.DEVNULL)
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    for n in range(PAGES):
        headers = [("url", f"https://town.example/story-{n}".encode()), ("content-type", b"text/html")]
        producer.produce(f"{name}.pages.raw.v1", HTML.format(n=n, text=TEXT), headers=headers)
    assert producer.flush(30) == 0
    with Worker(tmp_path_factory.mktemp("worker"), **environment, NEWSWORKER_SITES="town.example") as worker:
        worker.until(lambda: worker.value("newsworker_pages_total", stage="dedupe") >= PAGES, "done with all pages")
        assert worker.value("newsworker_site_pages_total", site="town.example") == PAGES
        assert worker.stop() == 0, worker.tail()
    return settings


@pytest.fixture
def newsworker(installation, monkeypatch, capsys):
    """The command line beside that installation."""
    return CommandLine(installation["KAFKA_BOOTSTRAP"], monkeypatch, capsys, **installation)


def cells(shown):
    """Return the row of partition 0."""
    return shown.out.splitlines()[-1].split()


def test_positions_are_shown_set_and_verified(newsworker):
    """Where the stages stand is shown; going back raises the generation and keeps the state; all can be restored."""
    before = cells(newsworker("position", "show"))
    dry = newsworker("position", "set", "--partition", "0", "--to", "beginning", "--dry-run")
    unchanged = cells(newsworker("position", "show"))
    moved = newsworker("position", "set", "--partition", "0", "--to", "beginning")
    after = cells(newsworker("position", "show"))
    verified = newsworker("state", "verify")

    assert (int(before[1]) >= PAGES, before[2], before[5]) == (True, "0", "0")
    assert (dry.code, unchanged) == (0, before)
    assert (moved.err, moved.code, after[1], after[2]) == ("", 0, "0", "1")
    assert (verified.code, "generation 1" in verified.out) == (0, True)


def test_split_stands_by_its_group(newsworker):
    """The stage without state stands where its group's offset is, and can be set while it is stopped."""
    before = cells(newsworker("position", "show", "--stage", "split"))
    moved = newsworker("position", "set", "--stage", "split", "--partition", "0", "--to", "2")
    after = cells(newsworker("position", "show", "--stage", "split"))

    assert (before[1], before[2], before[5]) == (str(PAGES), "-", "0")
    assert (moved.code, after[1], after[5]) == (0, "2", str(PAGES - 2))


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--partition", "0", "--to", "99999"], 78, "99999 is outside"),
        (["--partition", "7", "--to", "end"], 2, "has no partition 7"),
        (["--partition", "0", "--to", "soon"], 2, "give an offset, beginning, end"),
        (["--stage", "split", "--partition", "0", "--to", "end", "--clear"], 2, "no state to clear"),
    ],
)
def test_a_place_that_is_none_is_refused(newsworker, arguments, code, told):
    """A position out of range, a partition that is not there, a typo: each is named and nothing is set."""
    before = cells(newsworker("position", "show"))

    refused = newsworker("position", "set", *arguments)

    assert (refused.code, told in refused.err) == (code, True)
    assert before == cells(newsworker("position", "show"))


def test_a_state_record_is_shown(newsworker, kafka):
    """A record of the state is told by its header; a place without one is named; one of others by its bytes."""
    topic = f"{newsworker.prefix}{newsworker.app_id}-dedupe-state"
    shown = [newsworker("state", "show", f"0:{offset}") for offset in range(2)]
    beyond = newsworker("state", "show", "0:99999")
    foreign = Producer({"bootstrap.servers": kafka.bootstrap})
    place = []
    foreign.produce(topic, b"not ours", partition=0, on_delivery=lambda _, message: place.append(message.offset()))
    foreign.flush(30)
    odd = newsworker("state", "show", f"0:{place[0]}")
    verified = newsworker("state", "verify")

    assert any(one.code == 0 and "position     " in one.out for one in shown)
    assert (beyond.code, "has no record at 99999" in beyond.err) == (1, True)
    assert (odd.code, b"not ours".hex(" ", 4) in odd.err) == (1, True)
    assert (verified.code, "can't be restored whole: 0" in verified.err) == (1, True)
