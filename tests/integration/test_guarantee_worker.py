"""The guarantee through the worker itself: kills, a page that kills the interpreter, topics that were lost."""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from confluent_kafka.admin import AdminClient

from schemas.topics import ARTICLES, DECISIONS, RAW, REJECTED, SPLIT, STATE, TEASERS
from tests.integration.core import expected
from tests.integration.deployment import Raw, waited
from tests.integration.feeding import at_work, feeding
from tests.integration.pages import made

pytestmark = pytest.mark.kafka

POISON = b"<html><head><title>x</title></head><body><p>deadly-to-the-parser</p></body></html>"

DEADLY_PARSER = '''\
"""A parser that dies of one page as a parser written in C may: without an exception."""

import ctypes

import selectolax.lexbor

Parser = selectolax.lexbor.LexborHTMLParser


class Deadly(Parser):
    def __new__(cls, html, *rest, **options):
        marker = "deadly-to-the-parser" if isinstance(html, str) else b"deadly-to-the-parser"
        if marker in html:
            ctypes.string_at(0)
        return super().__new__(cls, html, *rest, **options)


selectolax.lexbor.LexborHTMLParser = Deadly
'''


@pytest.fixture
def broker(kafka):
    """Deploy on Apache Kafka."""
    return kafka


def told(messages):
    """Return what a reader can tell apart, and how often it is there."""
    return Counter((m.key, m.value, tuple(sorted(m.headers))) for m in messages)


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_a_killed_dedupe_decides_as_an_uninterrupted_one(deployed, store, tmp_path):
    """With either store, events and decisions of a worker killed twice at work are those of one nobody disturbed."""
    if store == "disk":
        pytest.importorskip("rocksdict")
    folder = {"NEWSWORKER_DEDUPE_FOLDER": str(tmp_path)} if store == "disk" else {}
    there = deployed(partitions=1, NEWSWORKER_DECISIONS="true", **folder)  # the order of sites shows in stream time

    there.start("--stages", "split").wait_ready()
    with feeding(there) as pages:
        for _ in range(2):
            at_work(there.start("--stages", "dedupe").wait_ready()).stop(signal.SIGKILL)
    there.start("--stages", "dedupe").wait_ready()
    wanted = told(m for m in expected(there, pages) if "rejected-reason" not in dict(m.headers))
    waited(lambda: len(there.read(ARTICLES, TEASERS, DECISIONS)) >= wanted.total(), 60, "everything", every_seconds=1.0)

    found = told(there.read(ARTICLES, TEASERS, DECISIONS))

    assert [] == list((wanted - found).elements())[:1]
    assert [] == list((found - wanted).elements())[:1]


def test_a_page_that_kills_the_interpreter_is_quarantined(deployed, tmp_path):
    """The worker dies of it once; the next one tries it in a child, sets it aside unread and does the rest."""
    (tmp_path / "sitecustomize.py").write_text(DEADLY_PARSER)
    there = deployed(partitions=1, PYTHONPATH=str(tmp_path))
    poison = Raw(b"x", POISON, (("url", b"https://paper0.example/deadly.html"), ("content-type", b"text/html")))

    first = there.start().wait_ready()
    there.feed([made(0)])
    there.wait_done(1, first)
    there.feed([poison, made(1), made(2)])
    ended = first.process.wait(60)
    second = there.start().wait_ready()
    waited(lambda: len(there.read(ARTICLES)) >= 3, 60, "the articles of the other pages")
    (rejected,) = there.read(REJECTED)

    assert -signal.SIGSEGV == ended
    assert second.process.poll() is None
    assert (poison.key, poison.value) == (rejected.key, rejected.value)
    assert b"quarantined" == rejected.header["rejected-reason"]


def made_anew(there, topic):
    """Delete a topic and make it again, empty, as somebody who wants to begin anew does."""
    admin, name = AdminClient({"bootstrap.servers": there.bootstrap, "log_level": 0}), there.topic(topic)
    admin.delete_topics([name])[name].result(30)
    waited(lambda: name not in admin.list_topics(timeout=20).topics, 30, "the topic to go")
    there.apply_topics(partitions=1)


def played(deployed):
    """Return an installation whose worker has done some pages and was stopped."""
    there = deployed(partitions=1)
    worker = there.start().wait_ready()
    there.feed([made(number) for number in range(8)])
    there.wait_done(8, worker)
    assert worker.stop() == 0
    return there


def test_a_source_made_anew_is_named(deployed):
    """A stage with state whose source was deleted and made again stops, and says how to accept it."""
    there = played(deployed)
    made_anew(there, SPLIT)

    worker = there.start()
    code = worker.process.wait(60)

    assert 78 == code
    assert f"source {there.topic(SPLIT)}/0 is not the one its position belongs to" in worker.last_lines()
    assert "newsworker position set" in worker.last_lines()


def test_a_state_that_cannot_be_read_needs_a_person(deployed):
    """A stage whose state topic holds a foreign record stops as it would at each start, and says where to look."""
    there = played(deployed)
    there.feed([Raw(None, b"no state record")], STATE)

    worker = there.start()
    code = worker.process.wait(60)

    assert 78 == code
    assert f"state record {there.topic(STATE)}/0 at offset" in worker.last_lines()
    assert "newsworker state show 0:" in worker.last_lines()


def test_raw_pages_made_anew_are_read_from_the_first(deployed):
    """With the raw topic the broker deletes the group's offsets on it, so split begins where the new one begins."""
    there = played(deployed)
    before = len(there.read(ARTICLES))
    made_anew(there, RAW)
    there.feed([made(100), made(0)])

    there.start().wait_ready()
    waited(lambda: len(there.read(ARTICLES)) > before, 60, "the new article")

    assert before + 1 == len(there.read(ARTICLES))


def test_a_lost_state_topic_is_told(deployed):
    """A stage whose state topic is gone goes on with the next page, and says in its status that repeats may come."""
    there = played(deployed)
    before = len(there.read(ARTICLES))
    made_anew(there, STATE)

    worker = there.start().wait_ready()
    there.feed([made(100)])
    waited(lambda: len(there.read(ARTICLES)) > before, 60, "the new article")

    assert before + 1 == len(there.read(ARTICLES))
    assert "repeats may come out again" in worker.get("/status")[1]
