"""Ends of a worker, wanted and unwanted: nothing is lost, and nothing comes twice where the broker allows it."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from schemas.topics import ARTICLES, REJECTED, TEASERS
from tests.integration.core import expected
from tests.integration.deployment import waited
from tests.integration.feeding import at_work, committed, feeding
from tests.integration.pages import made

PAGES = 300
QUICK = 12.0
"""An idle worker stops in under 2 s; the machine of a test may be busy."""


def ids(messages):
    """Return how often each event is there."""
    return Counter(dict(m.headers)["ce_id"] for m in messages if "ce_id" in dict(m.headers))


def finished(there, wanted, *, may_repeat):
    """Wait until every event is there, and return how often each one is."""
    waited(lambda: set(ids(there.read(ARTICLES, TEASERS))) >= set(wanted), 90, "all events", every_seconds=1.0)
    found = ids(there.read(ARTICLES, TEASERS))
    assert not set(found) - set(wanted)
    return set(found) if may_repeat else found


def test_a_stop_under_load_loses_and_repeats_nothing(deployed):
    """Workers that are stopped while pages come, one after the other, leave every event once, on either broker."""
    there = deployed()

    first = there.start().wait_ready()
    with feeding(there) as pages:
        codes = [at_work(first).stop(), at_work(there.start().wait_ready()).stop()]
    there.start().wait_ready()

    wanted = ids(expected(there, pages))
    assert wanted == finished(there, wanted, may_repeat=False)
    assert [0, 0] == codes


@pytest.mark.parametrize("broker", ["kafka", "embedded"], indirect=True)
def test_a_killed_worker_loses_nothing(deployed, request):
    """After kill -9 under load every event is there; on Apache Kafka just once, else repeats have the same ids."""
    there = deployed()

    first = there.start().wait_ready()
    with feeding(there) as pages:
        at_work(first).stop(signal.SIGKILL)
        at_work(there.start().wait_ready()).stop(signal.SIGKILL)
    there.start().wait_ready()

    wanted = ids(expected(there, pages))
    may_repeat = request.node.callspec.params["broker"] == "embedded"
    assert (set(wanted) if may_repeat else wanted) == finished(there, wanted, may_repeat=may_repeat)


def test_two_workers_share_the_pages(deployed):
    """Two workers both get partitions and both work; when one is gone the other does it all."""
    there = deployed(partitions=4)

    first, second = there.start(), there.start()
    first.wait_ready(), second.wait_ready()
    waited(lambda: _partitions(first, second) == {"split": [2, 2], "dedupe": [2, 2]}, 60, "shared partitions")
    with feeding(there) as pages:
        committed(first, 1)
        committed(second, 1)
        code = first.stop()

    wanted = ids(expected(there, pages))
    assert wanted == finished(there, wanted, may_repeat=False)
    assert 0 == code
    waited(lambda: _partitions(second) == {"split": [4], "dedupe": [4]}, 60, "all partitions")


def _partitions(*workers):
    return {
        stage: [int(worker.total("newsworker_assigned_partitions", stage=stage)) for worker in workers]
        for stage in ("split", "dedupe")
    }


@pytest.mark.parametrize("broker", ["kafka"], indirect=True)
def test_a_long_session_does_not_make_a_newcomer_fence_the_others(deployed):
    """A worker hears of a join in time whatever its session timeout is, hands over, and goes on."""
    there = deployed(NEWSWORKER_SESSION_TIMEOUT_SECONDS="120")

    first = there.start().wait_ready()
    with feeding(there) as pages:
        committed(first, 1)
        second = there.start().wait_ready()
        waited(lambda: _partitions(first, second) == {"split": [1, 1], "dedupe": [1, 1]}, 60, "shared partitions")
        committed(second, 1)
    assert [None, None] == [worker.process.poll() for worker in (first, second)]

    wanted = ids(expected(there, pages))
    assert wanted == finished(there, wanted, may_repeat=False)


def test_stages_run_apart_as_well(deployed):
    """A process a stage does what one process with both does."""
    there = deployed()
    pages = [made(number) for number in range(40)]
    wanted = ids(expected(there, pages))

    split, dedupe = there.start("--stages", "split"), there.start("--stages", "dedupe")
    split.wait_ready(), dedupe.wait_ready()
    there.feed(pages)

    assert wanted == finished(there, wanted, may_repeat=False)
    assert (0.0, 0.0) == (
        split.total("newsworker_pages_total", stage="dedupe"),
        dedupe.total("newsworker_page_bytes_count"),
    )
    assert (0, 0) == (split.stop(), dedupe.stop())


def test_a_worker_without_topics_names_them_and_makes_none(deployed):
    """Missing topics are configuration: named one by one, exit 78, and still missing afterwards."""
    there = deployed(partitions=0)

    first, second = there.command("run"), there.command("run")

    assert (78, 78) == (first.returncode, second.returncode)
    assert first.stderr == second.stderr
    assert f"{there.name}.pages.raw.v1 is missing: `newsworker topics apply` creates it." in first.stderr


def test_a_worker_waits_for_its_broker_and_can_be_stopped_meanwhile(deployed):
    """Without a broker the worker is live and not ready, and a stop ends it at once."""
    there = deployed(partitions=0)
    worker = there.start(NEWSWORKER_KAFKA_BOOTSTRAP="127.0.0.1:1")

    waited(lambda: worker.get("/livez")[0] == 200, 30, "live")
    ready = worker.get("/readyz")

    assert 503 == ready[0]
    assert "no broker has answered yet" in ready[1]
    assert 0 == worker.stop()


@pytest.mark.parametrize("broker", ["embedded"], indirect=True)
def test_a_guarantee_that_cannot_be_kept_is_refused(deployed):
    """A worker that is to be exactly_once does not start on a broker without transactions."""
    there = deployed()

    worker = there.start(NEWSWORKER_GUARANTEE="exactly_once")

    assert 78 == worker.process.wait(60)
    assert "has no transactions" in worker.last_lines()


def test_a_second_signal_ends_the_worker_at_once(deployed):
    """Whoever asks twice does not want to wait: exit 75, what was not committed is read again."""
    there = deployed()
    worker = there.start().wait_ready()
    there.feed([made(number) for number in range(PAGES)])
    committed(worker, 1)

    worker.process.send_signal(signal.SIGTERM)
    code = worker.stop(signal.SIGTERM)
    there.start().wait_ready()

    assert code in (75, 0)  # 0 where everything was committed before the second one came
    assert not there.read(REJECTED)
