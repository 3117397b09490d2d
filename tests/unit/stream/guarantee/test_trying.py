"""The first records after a claim: tried one by one, and given up for a revoke."""

import asyncio

from worker.stream.guarantee import Limits, Record, Silent, Unit
from worker.stream.guarantee.form import Claim
from worker.stream.guarantee.inbox import Budget
from worker.stream.guarantee.partition import Partition


class Log:
    """A log of so many records, as a partition reads it."""

    def __init__(self, records: int) -> None:
        self.records = records

    async def end(self, _topic: str, _number: int) -> int:
        return self.records

    async def beginning(self, _topic: str, _number: int) -> int:
        return 0

    async def read(self, topic: str, number: int, start: int, end: int):
        for offset in range(start, end):
            yield Record(topic, number, offset, 0, None, b"page")


class Form:
    """A form whose trial names the record at 1, and takes for ever at ``endless``."""

    def __init__(self, on_trial: int, endless: int = -1) -> None:
        self.on_trial, self.endless = on_trial, endless
        self.done: list[tuple[int, bool]] = []
        self.position = 0
        self.is_hanging = asyncio.Event()

    async def claim(self, _is_closing) -> Claim:
        return Claim(0, on_trial=self.on_trial)

    async def trial(self, records) -> frozenset[int]:
        if records[0].offset == self.endless:
            self.is_hanging.set()
            await asyncio.Event().wait()
        return frozenset(record.offset for record in records if record.offset == 1)

    def decide(self, record: Record, *, is_fatal: bool) -> Unit:
        self.done.append((record.offset, is_fatal))
        return Unit()

    async def add(self, _unit: Unit) -> None: ...

    async def idle(self) -> None: ...

    async def commit(self, position: int) -> None:
        self.position = position

    async def maintain(self) -> None: ...

    async def abort(self) -> None: ...

    async def close(self) -> None: ...


class Claimed(Silent):
    """Knows when a partition is live."""

    def __init__(self) -> None:
        self.is_live = asyncio.Event()

    def claimed(self, partition: int, seconds: float, records: int) -> None:  # noqa: ARG002 - only that it is
        self.is_live.set()


def partition(form: Form, log: Log, observer: Silent) -> Partition:
    async def claimable() -> Form:
        return form

    refetched = {"hole": 0, "tail": 0, "log": 0}
    return Partition(
        "raw", 0, claimable, log, budget=Budget(1 << 20), limits=Limits(), observer=observer, refetched=refetched
    )


async def test_a_revoke_does_not_wait_for_a_trial():
    """What was tried before is committed, what hangs is left to the next owner, and the trial is not over."""
    form = Form(on_trial=10, endless=3)
    actor = partition(form, Log(5), Silent())
    living = asyncio.create_task(actor.live())
    await form.is_hanging.wait()
    actor.close()
    await asyncio.wait_for(living, 5)

    assert [(0, False), (1, True), (2, False)] == form.done
    assert (3, 3) == (form.position, actor.status.position)
    assert (True, True) == (actor.is_claimed, actor.is_on_trial)


async def test_a_trial_ends_with_its_records():
    """Once the first records are done, the rest is not tried."""
    form = Form(on_trial=2)
    observer = Claimed()
    actor = partition(form, Log(5), observer)
    living = asyncio.create_task(actor.live())
    await asyncio.wait_for(observer.is_live.wait(), 5)
    actor.close()
    await asyncio.wait_for(living, 5)

    assert [(0, False), (1, True)] == form.done
    assert (True, False) == (actor.is_claimed, actor.is_on_trial)
