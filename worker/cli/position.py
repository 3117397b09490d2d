"""``newsworker position``: where each partition of a stage stands, and setting it by hand."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.failures import CommandError
from worker.ops.exits import ExitCode
from worker.ops.loading import load
from worker.ops.names import Stage

if TYPE_CHECKING:
    from worker.stream.guarantee import Position
    from worker.stream.standing import Standing

position = typer.Typer(no_args_is_help=True, help="Where a stage stands: show, set.", rich_markup_mode=None)

StageOption = Annotated[Stage, typer.Option(help="The stage.")]

_ROW = "{:>9}  {:>12}  {:>10}  {:>12}  {:>12}  {:>10}  {:>12}"


@position.command()
def show(stage: StageOption = Stage.DEDUPE) -> None:
    """Print position, source offsets and lag of each partition. Reads only; workers may run."""
    asyncio.run(_show(stage))


@position.command("set")
def placed(
    partition: Annotated[int, typer.Option(min=0, help="The partition.")],
    to: Annotated[str, typer.Option(help="An offset, `beginning`, `end`, 24h, or a time: the first record from then.")],
    *,
    stage: StageOption = Stage.DEDUPE,
    clear: Annotated[bool, typer.Option("--clear", help="Forget the partition's state as well.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be set.")] = False,
) -> None:
    """Set the next source offset of one partition. A running `dedupe` is fenced and claims anew; stop `split` first.

    Going back reads pages again: with the state kept they are repeats, with --clear their events come again.
    """
    if clear and stage is Stage.SPLIT:
        raise CommandError("split has no state to clear", ExitCode.USAGE)
    asyncio.run(_set(stage, partition, to, clear=clear, is_dry=dry_run))


async def standing(stage: Stage) -> "Standing":
    """Return the stage of this installation, once the broker lets us in."""
    from worker.ops.access import reach  # noqa: PLC0415 - the clients take a second to import
    from worker.stream.installation import Installation  # noqa: PLC0415 - as above
    from worker.stream.standing import Standing  # noqa: PLC0415 - as above

    settings = load()
    await reach(settings)
    installation = Installation(settings)
    return Standing(installation, installation.client(), stage)


async def _show(stage: Stage) -> None:
    found = await standing(stage)
    typer.echo(_ROW.format("partition", "position", "generation", "beginning", "end", "lag", "group offset"))
    for at in await found.positions():
        typer.echo(_line(at))


def _line(at: "Position") -> str:
    cells = (at.partition, at.position, at.generation, at.beginning, at.end, at.lag, at.hint)
    return _ROW.format(*("-" if cell is None else cell for cell in cells))


async def _set(stage: Stage, partition: int, to: str, *, clear: bool, is_dry: bool) -> None:
    found = await standing(stage)
    if partition not in await found.partitions():
        raise CommandError(f"{found.source} has no partition {partition}", ExitCode.USAGE)
    before = await found.position(partition)
    offset = await found.offset(partition, _meant(to))
    typer.echo(f"{stage} {found.source}/{partition}: {_shown(before)} -> {offset}{', state cleared' if clear else ''}")
    if is_dry:
        return
    after = await found.set(partition, offset, clear=clear)
    typer.echo(f"set: {_shown(after)}, {after.lag} records behind")


def _shown(at: "Position") -> str:
    generation = "" if at.generation is None else f" (generation {at.generation})"
    return f"{'none' if at.position is None else at.position}{generation}"


def _meant(to: str) -> str | datetime | int:
    """Return what a person gave as a place.

    Raises:
        CommandError: It is none.
    """
    from worker.stream.selection import moment  # noqa: PLC0415 - the extraction takes a moment to import

    if to.isdecimal():
        return int(to)
    if to in ("beginning", "end"):
        return to
    try:
        return moment(to, datetime.now(UTC))
    except ValueError:
        raise CommandError(f"--to {to}: give an offset, beginning, end, 24h, or a time", ExitCode.USAGE) from None
