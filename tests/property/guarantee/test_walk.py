"""The real code of the stateful form, walked through crashes, zombies and lost answers step by step."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.chaos.app import ENTRY, Seen
from tests.kafka.memory import MemoryBroker, MemoryProducer, MemoryReader, Outcome
from tests.kafka.stage import once
from worker.stream.guarantee import Limits, Silent
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.restore import Restored
from worker.stream.guarantee.stateful import Places, StatefulForm
from worker.stream.guarantee.statelog import unpacked
from worker.stream.guarantee.writer import Confirming, Transactional, Writer

SOURCE, STATE, SINK, ID = "source", "state", "sink", "tx-0"
SNAPSHOT_BYTES = 200
"""A snapshot is due after a few commits, so that walks meet many of them."""
PART_BYTES = 1
"""A turn of a snapshot is one part, so that commits, crashes and zombies come between any two."""
OUTCOMES = st.sampled_from([Outcome.ANSWERED] * 18 + [Outcome.LOST, Outcome.UNANSWERED])


class Parted(Seen):
    """Keys of which each is a part of a snapshot."""

    def snapshot(self) -> Iterator[bytes]:
        """Yield every key alone."""
        return (ENTRY.pack(key, page) for key, page in list(self.pages.items()))


@dataclass
class Owner:
    """One process that claimed the partition, stopped before each of its steps."""

    broker: MemoryBroker
    has_transactions: bool
    waiting: asyncio.Future[Any] | None = None
    waits_for: str = ""
    task: asyncio.Task[None] | None = None
    form: StatefulForm[Parted] | None = field(default=None)

    async def gate(self, name: str) -> Any:
        """Wait until the walk says how it goes on."""
        self.waits_for, self.waiting = name, asyncio.get_running_loop().create_future()
        return await self.waiting

    async def live(self) -> None:
        """Claim, then do what the walk says, as the actor would; any error ends it."""
        reader = MemoryReader(self.broker, self.gate)
        self.form = StatefulForm(
            Places(SOURCE, STATE, 0),
            handler=lambda record, seen: once(record, seen, SINK),
            new_state=Parted,
            limits=Limits(snapshot_bytes=SNAPSHOT_BYTES, part_bytes=PART_BYTES),
            reader=cast("LogReader", reader),
            new_writer=self.writer,
            notice=lambda _: None,
        )
        try:
            position = (await self.form.claim(lambda: False)).position
            await self.work(self.form, reader, position)
        except Exception:  # noqa: BLE001 - as the layer does: whatever it is, the process ends
            await self.form.abort()

    async def work(self, form: StatefulForm[Parted], reader: MemoryReader, position: int) -> None:
        """Process a page or commit, again and again."""
        saved = position
        while True:
            what = await self.gate("turn")
            if what == "commit" and position > saved:
                await form.commit(position)
                saved = position
                await form.maintain()
            elif what == "page":
                end = self.broker.stable_end(SOURCE, 0)
                async for record in reader.read(SOURCE, 0, position, min(position + 1, end)):
                    await form.add(form.decide(record, is_fatal=False))
                    position = record.offset + 1

    def writer(self) -> Writer:
        """Return the layer's own writer on the broker in memory."""
        producer = cast("Any", MemoryProducer(self.broker, ID if self.has_transactions else None, self.gate))
        if not self.has_transactions:
            return Confirming(producer, Silent())
        return Transactional(cast("Any", _Client(producer)), ID, Silent())


@dataclass
class _Client:
    producer: Any

    def transactional(self, _: str) -> Any:
        return self.producer


class Walk(RuleBasedStateMachine):
    """Owners come, step, stall and die in any order. A paused zombie is one that is not stepped."""

    has_transactions = True

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.broker = MemoryBroker()
        self.owners: list[Owner] = []
        self.pages: list[bytes] = []

    def settle(self) -> None:
        """Let every owner run to its next gate."""

        async def turns() -> None:
            for _ in range(12):
                await asyncio.sleep(0)

        self.loop.run_until_complete(turns())
        self.owners = [owner for owner in self.owners if owner.task and not owner.task.done()]

    @rule(numbers=st.lists(st.integers(0, 12), min_size=1, max_size=4))
    def write(self, numbers: list[int]) -> None:
        """Pages are written to the source, some of them seen before."""
        for number in numbers:
            self.pages.append(b"page-%04d" % number)
            self.broker.append(SOURCE, 0, self.pages[-1], None)

    @precondition(lambda self: len(self.owners) < 3)
    @rule()
    def claim(self) -> None:
        """One more owner claims the partition, whether the others are dead or only slow."""
        owner = Owner(self.broker, self.has_transactions)
        owner.task = self.loop.create_task(owner.live())
        self.owners.append(owner)
        self.settle()

    @precondition(lambda self: self.owners)
    @rule(data=st.data(), outcomes=st.lists(OUTCOMES, min_size=1, max_size=25))
    def step(self, data: st.DataObject, outcomes: list[Outcome]) -> None:
        """One owner takes some steps; each request is answered, lost, or done without an answer."""
        owner = data.draw(st.sampled_from(self.owners))
        for outcome in outcomes:
            if owner not in self.owners or owner.waiting is None:
                return
            is_turn = owner.waits_for == "turn"
            said = data.draw(st.sampled_from(["page", "page", "commit"])) if is_turn else outcome
            owner.waiting.set_result(said)
            owner.waiting = None
            self.settle()

    @precondition(lambda self: self.owners)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """One owner is gone, wherever it was; what it left open stays open."""
        owner = data.draw(st.sampled_from(self.owners))
        self.bury(owner)

    def bury(self, owner: Owner) -> None:
        """End an owner's task without letting it clean up: its gate never opens again."""
        self.owners.remove(owner)
        assert owner.task is not None
        owner.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            self.loop.run_until_complete(owner.task)

    def known(self) -> Restored[Seen]:
        """Return what a claim would read now."""
        found = Restored(Seen, Seen())
        for offset, entry in enumerate(self.broker.logs[STATE, 0][: self.broker.stable_end(STATE, 0)]):
            if entry.fate == "committed" and not entry.is_marker:
                found.take(offset, unpacked(entry.value))
        return found

    @invariant()
    def the_law_holds(self) -> None:
        """Outputs, state and position are what one uninterrupted run would have left."""
        known = self.known()
        done = list(dict.fromkeys(self.pages[: max(0, known.position)]))
        visible = self.broker.committed(SINK)

        assert {page.ljust(16, b".") for page in done} == set(known.state.pages)
        if self.has_transactions:
            assert done == visible
        else:
            assert set(done) <= set(visible) <= set(self.pages)

    def teardown(self) -> None:
        """In the end one owner whom nothing disturbs does the rest."""
        for owner in list(self.owners):
            self.bury(owner)
        self.claim()
        (last,) = self.owners
        for _ in range(4 * len(self.pages) + 40):
            if last.waiting is not None:
                is_turn = last.waits_for == "turn"
                last.waiting.set_result(("commit" if _ % 4 == 0 else "page") if is_turn else Outcome.ANSWERED)
                self.settle()
        self.the_law_holds()
        rest = len(self.pages) - max(0, self.known().position)
        self.bury(last)
        self.loop.close()

        assert rest < 4  # what lies behind the last commit of the loop above


class WalkWithoutTransactions(Walk):
    """The same without fencing: late owners write, repeats are allowed, loss is not."""

    has_transactions = False


WALKS = settings(max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TestExactlyOnce = Walk.TestCase
TestExactlyOnce.settings = WALKS
TestAtLeastOnce = WalkWithoutTransactions.TestCase
TestAtLeastOnce.settings = WALKS
