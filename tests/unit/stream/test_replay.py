import pytest
from aiokafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError

from schemas import RejectReason
from worker.stream.guarantee import Record
from worker.stream.rejected import Rejection
from worker.stream.rejected_pages import RejectedPage
from worker.stream.replay import Order, Pace, rehearse, replay


def page(offset, attempts=1, reason="empty"):
    headers = {"reason": reason, "stage": "split", "topic": "pages.raw.v1", "attempts": str(attempts)}
    ours = tuple((f"rejected-{name}", value.encode()) for name, value in headers.items())
    return RejectedPage(Record("pages.rejected.v1", 0, offset, 1, b"k", b"v%d" % offset, ours))


async def given(*pages):
    for one in pages:
        yield one


class Clock:
    """A clock that moves only when somebody waits."""

    def __init__(self):
        self.now = 100.0
        self.waits = []

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


def pace(per_second=1_000.0, clock=None):
    clock = clock or Clock()
    return Pace(per_second, clock, clock.sleep)


async def test_pages_go_where_they_came_from():
    """Each page is sent to its own topic, in order, and the summary says how many."""
    sent = []

    async def send(message):
        sent.append((message.topic, message.value))

    summary = await replay(given(page(1), page(2)), send, pace(), Order())

    assert sent == [("pages.raw.v1", b"v1"), ("pages.raw.v1", b"v2")]
    assert summary.as_json() == {"dry_run": False, "selected": 2, "sent": 2, "skipped": {}, "failed": 0}


async def test_a_dry_run_says_what_a_run_does():
    """The dry run names as many pages as the run sends and skips, and what would become of them."""
    pages = [page(1), page(2, attempts=3), page(3), page(4, reason="quarantined")]

    async def send(_):
        pass

    async def judge(one):
        return Rejection(RejectReason.EMPTY, "", "E") if one.record.offset == 3 else None

    dry = (await rehearse(given(*pages), judge, Order())).as_json()
    wet = (await replay(given(*pages), send, pace(), Order())).as_json()

    assert (dry["selected"], dry["would_send"], dry["skipped"]) == (wet["selected"], wet["sent"], wet["skipped"])
    assert (dry["would_be_accepted"], dry["would_be_rejected"]) == (1, {"empty": 1})


async def test_a_replay_is_bounded():
    """No more pages are sent than asked for; those that are skipped don't count."""
    sent = []

    async def send(message):
        sent.append(message.value)

    await replay(given(page(1, attempts=9), page(2), page(3), page(4)), send, pace(), Order(limit=2))

    assert sent == [b"v2", b"v3"]


async def test_a_replay_keeps_its_rate():
    """Four pages at two a second begin half a second apart."""
    clock, at = Clock(), []

    async def send(_):
        at.append(clock.now - 100.0)

    await replay(given(*map(page, range(4))), send, pace(2.0, clock), Order())

    assert at == [0.0, 0.5, 1.0, 1.5]


async def test_a_slow_broker_is_not_punished():
    """When sends take longer than the rate asks, nothing is waited for on top."""
    clock = Clock()

    async def send(_):
        clock.now += 3.0

    await replay(given(*map(page, range(3))), send, pace(1.0, clock), Order())

    assert clock.waits == []


async def test_a_send_that_fails_is_counted():
    """One page that does not get through does not hold up the others."""

    async def send(message):
        if message.value == b"v2":
            raise KafkaTimeoutError

    summary = await replay(given(page(1), page(2), page(3)), send, pace(), Order())

    assert (summary.sent, summary.failed) == (2, 1)


async def test_a_missing_right_ends_the_replay():
    """Where we may not write, nothing is tried a thousand times."""
    tried = []

    async def send(message):
        tried.append(message)
        raise TopicAuthorizationFailedError("pages.raw.v1")

    with pytest.raises(TopicAuthorizationFailedError):
        await replay(given(page(1), page(2)), send, pace(), Order())
    assert len(tried) == 1


async def test_another_topic_may_be_named():
    """`--to` sends everything there."""
    sent = []

    async def send(message):
        sent.append(message.topic)

    await replay(given(page(1)), send, pace(), Order(topic="pages.retry"))

    assert sent == ["pages.retry"]
