"""``newsworker demo``: the main job on one machine. A broker, a worker, sample pages, and what comes out."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from worker.cli.demo_play import playing
from worker.cli.demo_scene import Scene
from worker.cli.demo_view import totals_grid, view
from worker.cli.failures import CommandError
from worker.ops.exits import ExitCode

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Keep broker and worker running until Ctrl-C.")] = False,
) -> None:
    """Start a broker and a worker, feed sample pages and show what comes out. Needs the extra `demo`."""
    ended_by: list[int] = []
    try:
        asyncio.run(_demo(Console(), ended_by, keep=keep))
    except asyncio.CancelledError:
        raise typer.Exit(128 + ended_by[0] if ended_by else ExitCode.UNFORESEEN) from None
    except ExceptionGroup as errors:  # a fault of either side of an act: one is as good as the other
        raise errors.exceptions[0] from None


async def _demo(console: Console, ended_by: list[int], *, keep: bool) -> None:
    """Play; whatever happens, no process stays behind."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in a task
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, _stop, task, number, ended_by)
    with Scene() as scene:
        faults = await _played(scene, console, keep=keep)
        code = scene.stop()
        if code:
            faults = [*faults, f"the worker ended with {code}"]
    if faults:
        raise CommandError("not all is as it should be:\n  " + "\n  ".join(faults))
    console.print("All is as it should be. Broker and worker have ended.", style="bold green")


def _stop(task: asyncio.Task[None], number: int, ended_by: list[int]) -> None:
    ended_by.append(number)
    task.cancel()


async def _played(scene: Scene, console: Console, *, keep: bool) -> Sequence[str]:
    """Play both acts, print the summary, and return what is not as it should be."""
    with view(console) as shown:
        shown.say("Starting an embedded broker and a worker ...")
        await scene.start()
        async with playing(scene, shown) as play:
            await play.first_act()
            await play.second_act()
            guarantee = await scene.guarantee()
            if keep:
                await play.watch()
    if not console.is_terminal:
        console.print(totals_grid(play.totals, 0.0))
    for line in (
        *play.summary,
        f"guarantee {guarantee}: this broker has no transactions; on Apache Kafka it is exactly_once",
        f"metrics {scene.url('/metrics')} and status {scene.url('/status')}: `make demo KEEP=1` leaves them up",
    ):
        console.print(line, highlight=False, soft_wrap=True)
    return play.faults
