"""A partition that gets nothing reads the end of its log itself, but not what Faust is held up with."""

import asyncio

from tests.unit.stream.guarantee.test_trying import Claimed, Form, Log
from worker.stream.guarantee import Limits
from worker.stream.guarantee.inbox import Budget
from worker.stream.guarantee.partition import Partition

TURNS = 20
"""More than a partition needs to read its log."""

SOON = 1e-7
"""Seconds that a turn of the loop takes in any case."""


async def read_while_held(limits: Limits) -> tuple[list[int], list[int]]:
    """Return which offsets are done while the agent waits for another inbox, and once it is free."""
    form, observer, budget, room = Form(on_trial=0), Claimed(), Budget(1 << 20), asyncio.Event()
    holding = asyncio.create_task(budget.hold(room))

    async def claimable() -> Form:
        return form

    refetched = {"hole": 0, "tail": 0, "log": 0}
    actor = Partition("raw", 0, claimable, Log(3), budget=budget, limits=limits, observer=observer, refetched=refetched)
    living = asyncio.create_task(actor.live())
    await asyncio.wait_for(observer.is_live.wait(), 5)
    await looked(actor)
    held = [offset for offset, _ in form.done]
    room.set()
    await holding
    await looked(actor)
    actor.close()
    await asyncio.wait_for(living, 5)
    return held, [offset for offset, _ in form.done]


async def looked(actor: Partition) -> None:
    """Let the partition know the end of its log, and let it work."""
    for _ in range(TURNS):
        actor.look(3)
        await asyncio.sleep(0)


async def test_what_stands_behind_a_full_inbox_is_left_to_faust():
    """While another inbox holds the agent up nothing is read twice; once it is free the end of the log is read."""
    held, free = await read_while_held(Limits(quiet_seconds=SOON))

    assert ([], [0, 1, 2]) == (held, free)


async def test_a_held_agent_is_not_waited_for_without_end():
    """After a while the end of the log is read all the same: Faust may have left a whole backlog out."""
    held, _ = await read_while_held(Limits(quiet_seconds=SOON, held_seconds=0.0))

    assert [0, 1, 2] == held
