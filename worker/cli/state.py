"""``newsworker state``: what lies on the state topic, and whether it can be restored."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.failures import CommandError
from worker.cli.position import standing
from worker.ops.exits import ExitCode
from worker.ops.names import Stage

if TYPE_CHECKING:
    from worker.dedupe import MemoryState
    from worker.stream.guarantee import Verified

state = typer.Typer(no_args_is_help=True, help="State of dedupe: show, verify.", rich_markup_mode=None)

HEAD_BYTES = 64
"""Bytes of an unreadable record that are shown: its header."""


@state.command()
def show(
    place: Annotated[str, typer.Argument(metavar="PARTITION:OFFSET", help="A record of the state topic.")],
) -> None:
    """Print the header of one state record; of one that can't be read its first bytes."""
    partition, colon, offset = place.partition(":")
    if not (colon and partition.isdecimal() and offset.isdecimal()):
        raise CommandError(f"{place} is no PARTITION:OFFSET", ExitCode.USAGE)
    asyncio.run(_show(int(partition), int(offset)))


@state.command()
def verify(
    partition: Annotated[int | None, typer.Option(min=0, help="One partition; default: all.")] = None,
) -> None:
    """Restore each partition as a claim would, without claiming it. Exit 1 where one can't be restored whole."""
    asyncio.run(_verify(partition))


async def _show(partition: int, offset: int) -> None:
    from worker.stream.guarantee import UndecodableState, read_raw_state, read_state_record  # noqa: PLC0415 - clients

    found = (await standing(Stage.DEDUPE)).state_topic
    try:
        raw, record = await read_state_record(found.client, found.state_topic, partition, offset)
    except LookupError as error:
        raise CommandError(str(error)) from None
    except UndecodableState as error:
        raw = await read_raw_state(found.client, found.state_topic, partition, offset)
        value = raw.value or b""
        raise CommandError(f"{error}\n{len(value)} bytes: {value[:HEAD_BYTES].hex(' ', 4)}") from None
    typer.echo(f"{'kind':<12} {record.kind.name.lower()}")
    for name in ("generation", "position", "begin", "snapshot", "part", "parts"):
        typer.echo(f"{name:<12} {getattr(record, name)}")
    typer.echo(f"{'source':<12} {record.source.hex()}")
    typer.echo(f"{'changes':<12} {len(record.changes)}, {sum(map(len, record.changes))} bytes")
    typer.echo(f"{'record':<12} {len(raw.value or b'')} bytes, {raw.timestamp_ms} ms since 1970")


async def _verify(partition: int | None) -> None:
    from worker.stream.guarantee import UndecodableState  # noqa: PLC0415 - the clients take a second to import

    found = await standing(Stage.DEDUPE)
    there = await found.partitions()
    if partition is not None and partition not in there:
        raise CommandError(f"{found.state_topic.state_topic} has no partition {partition}", ExitCode.USAGE)
    faults = []
    for number in there if partition is None else [partition]:
        try:
            told, is_whole = _told(number, await found.verified(number))
        except UndecodableState as error:
            told, is_whole = f"{number}: {error}", False
        typer.echo(told)
        if not is_whole:
            faults.append(number)
    if faults:
        raise CommandError(f"partitions that can't be restored whole: {', '.join(map(str, faults))}")


def _told(partition: int, found: "Verified[MemoryState]") -> tuple[str, bool]:
    """Return a line about one partition, and whether its state is whole."""
    restored = found.restored
    if restored.is_empty:
        return f"{partition}: empty", True
    line = (
        f"{partition}: {restored.state.keys()} keys, position {restored.position}, generation {restored.generation}, "
        f"{restored.taken} records taken, {restored.skipped} skipped, {found.read_bytes} bytes read"
    )
    if found.missing is None:
        return line, True
    begin, first = found.missing
    return f"{line}; records {begin} to {first - 1} are gone from the log: entries in them are lost", False
