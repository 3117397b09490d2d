"""``newsworker topics``: what topics there should be, creating them, checking them, who may use them."""

import asyncio
from typing import Annotated

import typer

from worker.cli.failures import CommandError
from worker.ops.acls import acls
from worker.ops.exits import ExitCode
from worker.ops.loading import load
from worker.ops.settings import Settings
from worker.ops.topics import Cluster, Plan, Wanted, faults, notes, plan, wanted

topics = typer.Typer(no_args_is_help=True, help="Topics: list, apply, check, acls.", rich_markup_mode=None)

Partitions = Annotated[
    int | None, typer.Option(min=1, max=10_000, help="Partitions of new topics; fixed for good where there is state.")
]


@topics.command("list")
def listed(partitions: Partitions = None) -> None:
    """Print the topics that this installation wants; asks no broker."""
    for want in wanted(load(), partitions):
        config = " ".join(f"{name}={value}" for name, value in want.config.items())
        typer.echo(f"{want.name}  partitions={want.partitions} {config}")


@topics.command("apply")
def applied(
    *,
    partitions: Partitions = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Create what is missing, raise what is too small. Safe to repeat; never removes or moves anything."""
    settings = load()
    asyncio.run(_apply(settings, wanted(settings, partitions), is_dry=dry_run))


@topics.command("check")
def checked() -> None:
    """Exit 0 where all topics are as they should be, else 1 with what is missing or too small."""
    settings = load()
    wants = wanted(settings)
    cluster = asyncio.run(_described(settings, wants))
    for note in notes(wants, cluster):
        typer.echo(f"note: {note}", err=True)
    found = list(faults(wants, cluster))
    if found:
        raise CommandError("\n".join(found), ExitCode.FAILED)
    typer.echo(f"{len(wants)} topics are as they should be")


@topics.command("acls")
def printed(
    *,
    commands: Annotated[bool, typer.Option("--commands", help="Print kafka-acls commands.")] = False,
) -> None:
    """Print who needs which rights, no more than needed; asks no broker."""
    settings = load()
    for acl in acls(settings):
        if commands:
            typer.echo(acl.command(settings.kafka_bootstrap))
        else:
            pattern = "prefixed" if acl.is_prefix else "literal"
            typer.echo(f"{acl.principal:<11} {acl.operation:<16} {acl.resource:<17} {pattern:<9} {acl.name}")


async def _described(settings: Settings, wants: tuple[Wanted, ...]) -> Cluster:
    from worker.ops.access import reach  # noqa: PLC0415 - the Kafka client, for commands that need a broker
    from worker.ops.admin import admin, described  # noqa: PLC0415 - as above

    await reach(settings)
    async with admin(settings) as client:
        return await described(client, [want.name for want in wants])


async def _apply(settings: Settings, wants: tuple[Wanted, ...], *, is_dry: bool) -> None:
    from worker.ops.admin import admin, apply  # noqa: PLC0415 - the Kafka client, for commands that need a broker

    cluster = await _described(settings, wants)
    todo = plan(wants, cluster)
    _say(todo, cluster)
    if is_dry or not (todo.create or todo.alter):
        return
    async with admin(settings) as client:
        await apply(client, todo)
    left = list(faults(wants, await _described(settings, wants)))
    if left:
        raise CommandError("\n".join(left), ExitCode.FAILED)


def _say(todo: Plan, cluster: Cluster) -> None:
    if todo.create:
        typer.echo(f"{cluster.brokers} broker(s): a partition of a new topic has {todo.replicas} copies")
    for want in todo.create:
        typer.echo(f"create {want.name}: {want.partitions} partitions")
    for want, change in todo.alter:
        typer.echo(f"alter {want.name}: {' '.join(f'{name}={value}' for name, value in change.items())}")
    if not (todo.create or todo.alter):
        typer.echo("nothing to do: all topics are as they should be")
