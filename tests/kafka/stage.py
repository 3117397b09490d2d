"""One partition through the real layer without Faust: everything comes by the layer's own reading.

For tests that look at one thing; what Faust does is tested by the chaos runs.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from tests.chaos.app import Seen
from worker.stream.guarantee import Client, Guarantee, Limits, Message, Record, Silent, Unit
from worker.stream.guarantee.form import Form
from worker.stream.guarantee.inbox import Budget
from worker.stream.guarantee.observer import Cause
from worker.stream.guarantee.partition import Partition
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.source_id import source_id
from worker.stream.guarantee.stateful import Places, StatefulForm
from worker.stream.guarantee.writer import Confirming, Transactional, Writer

QUICK = Limits(commit_seconds=0.05, quiet_seconds=0.05)
STEP_SECONDS = 0.03
CATCH_UP_SECONDS = 30.0


def once(record: Record, seen: Seen, sink: str) -> Unit:
    """Write a value that was not seen before."""
    value = record.value or b""
    key = value.ljust(16, b".")[:16]
    if key in seen.pages:
        return Unit()
    return Unit((Message(sink, value, value),), key + value.rjust(12, b".")[:12])


@dataclass
class Stage:
    """Topics of a stateful stage, and its claims one after the other."""

    bootstrap: str
    source: str
    state: str
    sink: str
    guarantee: Guarantee = Guarantee.EXACTLY_ONCE
    limits: Limits = QUICK
    number: int = 0
    hint: int | None = None
    notices: list[str] = field(default_factory=list)
    refetched: dict[Cause, int] = field(default_factory=lambda: {"hole": 0, "tail": 0, "log": 0})
    form: StatefulForm[Seen] | None = None

    @property
    def client(self) -> Client:
        """Return the client of this stage."""
        return Client(self.bootstrap)

    @property
    def name(self) -> str:
        """Return the prefix of its transactional ids."""
        return f"tx-{self.state}"

    def writer(self) -> Writer:
        """Return a writer of the partition, not yet started."""
        if self.guarantee is Guarantee.EXACTLY_ONCE:
            return Transactional(self.client, f"{self.name}-{self.number}", Silent())
        return Confirming(self.client.producer(), Silent())

    async def make_form(self, reader: LogReader) -> StatefulForm[Seen]:
        """Return a new form, as a process that just started has it."""
        places = Places(self.source, self.state, self.number, await source_id(self.client, self.source), self.hint)
        return StatefulForm(
            places,
            handler=lambda record, seen: once(record, seen, self.sink),
            new_state=Seen,
            limits=self.limits,
            reader=reader,
            new_writer=self.writer,
            notice=self.notices.append,
        )

    async def catch_up(self, *, keep: bool = False) -> Partition:
        """Claim, process to the end of the source, commit and close.

        Args:
            keep: Go on with the form of the last claim, as over a rebalance.
        """
        reader = LogReader(self.client)
        try:
            if self.form is None or not keep:
                self.form = await self.make_form(reader)
            self.form.reader = reader
            return await claimed_and_closed(self, self.form, reader)
        finally:
            await reader.close()


async def claimed_and_closed(stage: Stage, form: Form, reader: LogReader) -> Partition:
    """Let a partition live on a form until it has the whole source, then close it."""
    partition = Partition(
        stage.source,
        stage.number,
        lambda: _done(form),
        reader,
        budget=Budget(1 << 20),
        limits=stage.limits,
        observer=Silent(),
        refetched=stage.refetched,
    )
    task = asyncio.create_task(partition.live())
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while not task.done() and time.monotonic() < deadline:
        end = await reader.end(stage.source, stage.number)
        partition.look(end)
        if partition.status.position >= end and partition.status.phase == "live":
            break
        await asyncio.sleep(STEP_SECONDS)
    partition.close()
    await task
    return partition


async def _done(form: Form) -> Form:
    return form
