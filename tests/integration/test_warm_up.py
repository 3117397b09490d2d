"""`newsworker warm-up` on Apache Kafka: over another number of partitions, events are those of the run it replaces."""

import json
import uuid

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions

from schemas import encode
from tests.integration.cli import CommandLine
from tests.integration.running import Worker
from tests.split_pages import Run, article, at, page, teaser
from worker.dedupe import MemoryState

SITES = [f"town{n}.example" for n in range(8)]
BEFORE, AFTER = 2, 5


def shown(site, *names, hours, lead=None, text="one"):
    """Return a page of a site with teasers and an article."""
    items = (teaser(name, site=site, lead=lead) for name in names)
    return page(
        *items, told=article(f"{site}/front", text), site=site, fetched=at(hours=hours), received=at(hours=hours)
    )


FIRST = [shown(site, "a", "b", hours=n, lead="A lead." if n % 2 else None) for n, site in enumerate(SITES)]
SECOND = [
    shown(site, "a", "b", "c", hours=20 + n, lead="A lead.", text="two" if n % 3 else "one")
    for n, site in enumerate(SITES)
]


def put(newsworker, pages):
    """Put split pages on their topic, as the split does."""
    producer = Producer({"bootstrap.servers": newsworker.bootstrap, "partitioner": "murmur2_random"})
    for one in pages:
        producer.produce(f"{newsworker.prefix}pages.split.v1", encode(one), one.site)
    assert producer.flush(30) == 0


def events(newsworker):
    """Return what lies on the output topics: id, status, revision, changed fields."""
    consumer = Consumer(
        {"bootstrap.servers": newsworker.bootstrap, "group.id": uuid.uuid4().hex, "enable.partition.eof": True}
    )
    found = []
    for topic, name in (("teasers.v1", "teaser_id"), ("articles.v1", "article_id")):
        for partition in range(BEFORE):
            consumer.assign([TopicPartition(newsworker.prefix + topic, partition, 0)])
            while (message := consumer.poll(30)) is not None and message.error() is None:
                event = json.loads(message.value())
                found.append((event[name], event["status"], event["revision"], tuple(event.get("changed", ()))))
    consumer.close()
    return sorted(found)


def expected(pages):
    """Return the events of one uninterrupted run."""
    run = Run(MemoryState(Run(None).settings))
    found = []
    for outcome in map(run.take, pages):
        found += [(e.teaser_id, e.status, e.revision, e.changed) for e in outcome.teasers]
        if outcome.article is not None:
            found.append((outcome.article.article_id, outcome.article.status, outcome.article.revision, ()))
    return sorted(found)


@pytest.fixture
def newsworker(kafka, monkeypatch, capsys):
    """The command line in an installation whose topics have two partitions."""
    command = CommandLine(kafka.bootstrap, monkeypatch, capsys)
    assert command("topics", "apply", "--partitions", str(BEFORE)).code == 0
    command.bootstrap = kafka.bootstrap
    return command


def work(newsworker, folder, pages):
    """Run a worker of the stage `dedupe` until it did so many pages."""
    with Worker(folder, "--stages", "dedupe", **newsworker.environment) as worker:
        worker.until(lambda: worker.value("newsworker_pages_total", stage="dedupe") >= pages, "done with all pages")
        assert worker.stop() == 0, worker.tail()


def grow(newsworker):
    """Raise the partitions of the split pages."""
    topic = f"{newsworker.prefix}pages.split.v1"
    admin = AdminClient({"bootstrap.servers": newsworker.bootstrap})
    admin.create_partitions([NewPartitions(topic, AFTER)])[topic].result(30)


def test_another_number_of_partitions_goes_on_where_the_former_stopped(newsworker, tmp_path):
    """Repeats stay repeats, richer ones are patches, revisions count on: as if nothing had changed."""
    put(newsworker, FIRST)
    work(newsworker, tmp_path, len(FIRST))
    grow(newsworker)
    former = newsworker.app_id
    newsworker.environment["NEWSWORKER_APP_ID"] = f"{former}-2"
    applied = newsworker("topics", "apply")
    warmed = newsworker("warm-up", "--from", former)
    put(newsworker, SECOND)
    work(newsworker, tmp_path, len(SECOND))

    assert (0, 0) == (applied.code, warmed.code), applied.err + warmed.err
    assert AFTER + 1 == len(warmed.out.splitlines())
    assert expected(FIRST + SECOND) == events(newsworker)


def test_what_does_not_fit_is_refused(newsworker):
    """Pages left undone, an app id of no topics, the present app id: each is named, nothing is written."""
    put(newsworker, FIRST[:1])
    former = newsworker.app_id
    itself = newsworker("warm-up", "--from", former)
    newsworker.environment["NEWSWORKER_APP_ID"] = f"{former}-2"
    assert newsworker("topics", "apply").code == 0
    unknown = newsworker("warm-up", "--from", "nobody")
    undone = newsworker("warm-up", "--from", former)

    assert (2, "is the present app id") == (itself.code, "is the present app id" * ("present" in itself.err))
    assert (78, True) == (unknown.code, "nobody-dedupe-state is missing" in unknown.err)
    assert (78, True) == (undone.code, "has not done" in undone.err)
