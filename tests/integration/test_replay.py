"""`newsworker rejected` and `newsworker replay` on real brokers: what is rejected comes back byte for byte."""

import json
import time
from datetime import UTC, datetime

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from schemas import RejectReason
from tests.golden.case import Case
from tests.integration.cli import CommandLine
from worker.ops.names import Stage
from worker.stream.guarantee import Record
from worker.stream.rejected import Desk, Rejection, rejected

WHY = Rejection(RejectReason.NO_CONTENT, "nothing there", "NoContent")
PAGE = b"\x00\xff<p>" + b"\xe4" * 5_000


@pytest.fixture
def newsworker(broker, monkeypatch, capsys):
    """The command line in an installation whose topics exist."""
    command = CommandLine(broker.bootstrap, monkeypatch, capsys)
    assert command("topics", "apply", "--partitions", "2").code == 0
    command.bootstrap = broker.bootstrap
    return command


def reject(newsworker, *originals, why=WHY):
    """Put pages on the rejected topic as the stage does."""
    desk = Desk(f"{newsworker.prefix}pages.rejected.v1", 7_000_000, Stage.SPLIT, "newsworker/0.1.0 host")
    producer = Producer({"bootstrap.servers": newsworker.bootstrap})
    for offset, (key, value, headers) in enumerate(originals):
        original = Record(f"{newsworker.prefix}pages.raw.v1", 1, offset, 1_700_000_000_123, key, value, headers)
        message = rejected(original, why, desk, datetime.now(UTC))
        producer.produce(message.topic, message.value, message.key, partition=0, headers=list(message.headers))
    assert producer.flush(30) == 0


def raw_topic(newsworker):
    """Read everything on the raw topic."""
    consumer = Consumer({"bootstrap.servers": newsworker.bootstrap, "group.id": "none", "enable.auto.commit": False})
    topic, found = f"{newsworker.prefix}pages.raw.v1", []
    for partition in range(2):
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30)
        consumer.assign([TopicPartition(topic, partition, 0)])
        for _ in range(end):
            message = consumer.poll(30)
            found.append((message.key(), message.value(), message.headers()))
    consumer.close()
    return found


def test_a_page_comes_back_byte_for_byte(newsworker):
    """Key, value and headers of the input lie on their topic again; only the count of attempts is added."""
    headers = (("url", b"https://a.example/"), ("x-trace", b"\x00\x01"), ("x-trace", b"again"), ("x-null", None))
    reject(newsworker, (b"key-1", PAGE, headers), (None, b"", ()))

    shown = newsworker("replay", "--go", "--since", "1h")

    attempts = ("rejected-attempts", b"2")
    expected = [(b"key-1", PAGE, [*headers, attempts]), (None, b"", [attempts])]
    assert (shown.code, json.loads(shown.out)["sent"]) == (0, 2)
    assert sorted(raw_topic(newsworker), key=str) == sorted(expected, key=str)


def test_without_go_nothing_is_sent(newsworker):
    """The dry run says what would be sent and what would become of it, and sends nothing."""
    html = b"<html><body><article><h1>A headline that says something</h1><p>" + b"Many words here. " * 40
    reject(
        newsworker, (b"a", html, (("url", b"https://a.example/x"),)), (b"b", b"", (("url", b"https://a.example/y"),))
    )

    shown = json.loads(newsworker("replay").out)

    assert (shown["dry_run"], shown["would_send"]) == (True, 2)
    assert shown["would_be_accepted"] + sum(shown["would_be_rejected"].values()) == 2
    assert shown["would_be_rejected"]["empty"] == 1
    assert [] == raw_topic(newsworker)


def test_a_page_that_was_tried_often_is_sent_only_by_force(newsworker):
    """A page with three attempts, a quarantined one and one that was cut stay; --force takes the first two."""
    reject(newsworker, (b"often", b"x", (("rejected-attempts", b"3"),)))
    reject(newsworker, (b"deadly", b"y", ()), why=Rejection(RejectReason.QUARANTINED, "it ends us", "Quarantined"))
    reject(newsworker, (b"large", b"z" * 8_000_000, ()))

    kept = json.loads(newsworker("replay", "--go").out)
    forced = json.loads(newsworker("replay", "--go", "--force").out)

    assert (0, {"attempts": 1, "quarantined": 1, "truncated": 1}) == (kept["sent"], kept["skipped"])
    assert (2, {"truncated": 1}) == (forced["sent"], forced["skipped"])
    assert [(b"deadly", b"2"), (b"often", b"4")] == sorted(
        (key, dict(headers)["rejected-attempts"]) for key, _, headers in raw_topic(newsworker)
    )


def test_a_replay_keeps_its_rate(newsworker):
    """Nine pages at six a second take their time."""
    reject(newsworker, *((b"a", b"x", ()) for _ in range(9)))
    began = time.monotonic()

    shown = newsworker("replay", "--go", "--rate", "6")

    assert 9 == json.loads(shown.out)["sent"]
    assert time.monotonic() - began > 8 / 6


def test_rejected_pages_are_counted_listed_and_shown(newsworker):
    """Whoever asks sees how many there are, which, and what is in one of them."""
    reject(newsworker, (b"a", b"", ()), (b"b", PAGE, (("url", b"https://a.example/"),)))
    reject(newsworker, (b"c", b"x", ()), why=Rejection(RejectReason.INTERNAL, "at a.py:3", "KeyError"))

    stats = newsworker("rejected", "stats")
    listed = newsworker("rejected", "list", "--reason", "no_content")
    shown = newsworker("rejected", "show", "0:0")
    missing = newsworker("rejected", "show", "0:99")

    assert [["2", "no_content", "split", "0.1.0"], ["1", "internal", "split", "0.1.0"]] == [
        line.split() for line in stats.out.splitlines()[1:3]
    ]
    assert ["0:0", "0:1"] == [line.split()[0] for line in listed.out.splitlines()[1:]]
    assert "rejected-reason: no_content" in shown.out
    assert "today: rejected, " in shown.out
    assert (missing.code, "has no record at 0:99" in missing.err) == (1, True)


def test_cases_travel_in_files(newsworker, tmp_path):
    """Pages written to a file are sent from there as they would be from the topic."""
    reject(newsworker, (b"a", PAGE, ()), (b"b", b"y", ()))
    file = tmp_path / "cases.jsonl"

    written = newsworker("replay", "--out", str(file), "--limit", "1")
    sent = newsworker("replay", "--from", str(file), "--go")

    assert (json.loads(written.out), json.loads(sent.out)["sent"]) == ({"written": 1}, 1)
    assert [(b"a", PAGE, [("rejected-attempts", b"2")])] == raw_topic(newsworker)


def test_a_page_becomes_a_golden_case_in_one_command(newsworker, tmp_path):
    """From the rejected topic to a case of the golden tests there is one command."""
    reject(newsworker, (b"a", PAGE, (("url", b"https://a.example/x"), ("content-type", b"text/html"))))

    shown = newsworker("rejected", "golden", "0:0", str(tmp_path / "case"))

    assert shown.code == 0
    case = Case(tmp_path / "case")
    assert case.page.body == PAGE
    assert case.expected == case.result()
    assert case.page.url == "https://a.example/x"
    assert (tmp_path / "case" / "NOTE.md").exists()


def test_sites_are_proposed_from_what_is_seen(newsworker):
    """The sites with most pages are proposed, in that order, ready to be set; all others are counted."""
    producer = Producer({"bootstrap.servers": newsworker.bootstrap})
    for site, n in {"a.example": 3, "b.example": 5, "c.example": 1, "text:crawl-a": 2}.items():
        for _ in range(n):
            producer.produce(f"{newsworker.prefix}pages.split.v1", b"{}", site)
    assert producer.flush(30) == 0

    shown = newsworker("sites", "--most", "2")

    assert shown.out.splitlines()[-1] == "NEWSWORKER_SITES=b.example,a.example"
    assert [line.split() for line in shown.out.splitlines()[:3]] == [
        ["5", "b.example"],
        ["3", "a.example"],
        ["3", "all", "others,", "as", "`other`"],
    ]
