"""`newsworker explain` on Apache Kafka: a worker decides, the command tells why."""

import pytest
from confluent_kafka import Producer

from schemas import encode
from tests.integration.cli import CommandLine
from tests.integration.running import Worker
from tests.split_pages import article, at, page, teaser
from worker.dedupe import marks_of

PAGES = [
    page(teaser("b"), teaser("a"), name="first", told=article("front")),
    page(teaser("a", lead="A lead."), name="second", fetched=at(hours=1)),
    page(teaser("a"), name="third", fetched=at(hours=30), told=article("front", "two")),
]
WANTED = PAGES[0].teasers[1]
TOLD = [
    f"teaser {WANTED.teaser_id} on example.com: The story of a",
    f"  story {WANTED.story_id}  https://example.com/a",
    "  2026-03-01 00:00:00Z  emitted: new revision 1  on https://example.com/first at 2",
    "  2026-03-01 01:00:00Z  emitted: enriched (lead) revision 2  on https://example.com/second at 1",
    "  2026-03-02 06:00:00Z  dropped: repeat_url revision 2  on https://example.com/third at 1",
    "  known until 2026-03-09 06:00:00Z of stream time, unless it is seen again",
]


@pytest.fixture
def newsworker(kafka, monkeypatch, capsys):
    """The command line in an installation that writes decisions."""
    command = CommandLine(kafka.bootstrap, monkeypatch, capsys, DECISIONS="true")
    assert command("topics", "apply", "--partitions", "2").code == 0
    command.bootstrap = kafka.bootstrap
    return command


def work(newsworker, folder, pages):
    """Put split pages on their topic and run the stage `dedupe` until it did them."""
    producer = Producer({"bootstrap.servers": newsworker.bootstrap, "partitioner": "murmur2_random"})
    for one in pages:
        value = encode(one.model_copy(update={"marks": marks_of(one)}))
        producer.produce(f"{newsworker.prefix}pages.split.v1", value, one.site)
    assert producer.flush(30) == 0
    with Worker(folder, "--stages", "dedupe", **newsworker.environment) as worker:
        worker.until(
            lambda: worker.value("newsworker_pages_total", stage="dedupe") >= len(pages), "done with the pages"
        )
        assert worker.stop() == 0, worker.tail()


def test_a_worker_s_decisions_are_told(newsworker, tmp_path):
    """By its id, its story's or its address, a teaser's sights are told, and until when it is known."""
    work(newsworker, tmp_path, PAGES)
    by_id = newsworker("explain", WANTED.teaser_id)
    by_address = newsworker("explain", "https://www.example.com/a?utm_source=feed")
    revised = newsworker("explain", PAGES[0].article.article_id)
    unknown = newsworker("explain", "ab" * 16)

    assert (0, TOLD) == (by_id.code, by_id.out.splitlines()), by_id.err
    assert (0, TOLD) == (by_address.code, by_address.out.splitlines()), by_address.err
    assert ["new revision 1", "revised revision 2"] == [
        line.partition("emitted: ")[2].partition("  on ")[0] for line in revised.out.splitlines() if "emitted" in line
    ]
    assert (False, True) == (unknown.code == 0, f"no decision names {'ab' * 16}" in unknown.err)
