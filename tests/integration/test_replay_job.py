"""A replay into a worker that runs, on real brokers: what a mended worker takes comes out, once, however often."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from schemas import RejectReason
from schemas.topics import ARTICLES, RAW, REJECTED, TEASERS
from tests.integration.core import expected
from tests.integration.deployment import Raw
from tests.integration.pages import made
from worker.ops.names import Stage
from worker.stream.guarantee import Record
from worker.stream.rejected import Desk, Rejection, rejected

GOOD = [made(number) for number in range(20)]
"""Pages that an older worker, as the test has it, could not read."""

OLDER = "newsworker/0.0.1 host"

BAD = [Raw(b"bad", b"", (("url", b"https://a.example/empty"),))]


def reject_as_before(there, pages):
    """Put pages on the rejected topic as a worker of an older version did."""
    why = Rejection(RejectReason.NO_CONTENT, "nothing there", "NoContent")
    desk = Desk(there.topic(REJECTED), 7_000_000, Stage.SPLIT, OLDER)
    messages = [
        rejected(Record(there.topic(RAW), 0, offset, 1_795_000_000_000, *page), why, desk, datetime.now(UTC))
        for offset, page in enumerate(pages)
    ]
    there.feed((Raw(m.key, m.value, m.headers) for m in messages), topic=REJECTED)


def replayed(there, *arguments):
    """Run a replay of what the older worker rejected and return its summary."""
    done = there.command("replay", "--written-by", "<0.1", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def events(there):
    """Return how often each event is there, by its id and bytes."""
    read = there.read(ARTICLES, TEASERS)
    return Counter((event.header["ce_id"], event.key, event.value) for event in read)


@pytest.fixture
def there(deployed):
    """An installation with rejected pages of an older version, and no worker yet."""
    there = deployed()
    reject_as_before(there, [*GOOD, *BAD])
    return there


def test_a_run_does_what_its_rehearsal_said_and_a_second_one_changes_nothing(there):
    """The dry run's numbers are the run's; the events are those of the pages themselves, and stay so."""
    n = len(GOOD) + len(BAD)
    dry = replayed(there)
    worker = there.start().wait_ready()

    first = replayed(there, "--go")
    there.wait_done(n, worker)
    once = events(there)
    again = replayed(there, "--go")
    there.wait_done(2 * n, worker)

    assert (n, len(GOOD), {"empty": len(BAD)}) == (
        dry["would_send"],
        dry["would_be_accepted"],
        dry["would_be_rejected"],
    )
    assert (n, n) == (first["sent"], again["sent"])
    wanted = [message for message in expected(there, GOOD) if "ce_id" in dict(message.headers)]
    assert {key for _, key, _ in once} == {message.key for message in wanted}
    assert len(wanted) == once.total()
    assert once == events(there)
    today = [read for read in there.read(REJECTED) if read.header["rejected-by"] != OLDER.encode()]
    assert [b"empty"] * 2 * len(BAD) == [read.header["rejected-reason"] for read in today]


def test_what_is_rejected_meanwhile_waits_for_the_next_replay(there):
    """A replay ends where the topic ended when it began, although the worker rejects its pages again."""
    worker = there.start().wait_ready()
    reject_as_before(there, BAD * 30)

    done = there.command("replay", "--go", "--rate", "20", "--reason", "no_content", "--reason", "empty")
    there.wait_done(len(GOOD) + 31, worker)

    assert len(GOOD) + 31 == json.loads(done.stdout)["sent"]
    attempts = Counter(read.header["rejected-attempts"] for read in there.read(REJECTED))
    assert {b"1": len(GOOD) + 31, b"2": 31} == attempts
