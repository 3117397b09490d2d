"""``newsworker warm-up``: a new app id begins with what a former one knew, over another number of partitions."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.failures import CommandError
from worker.ops.exits import ExitCode
from worker.ops.loading import load
from worker.ops.names import Stage

if TYPE_CHECKING:
    from worker.stream.warm_up import Placed


def warm_up(
    former: Annotated[str, typer.Option("--from", metavar="APP_ID", help="The app id that is left.")],
) -> None:
    """Carry state and positions of a former app id over to this one, which was never used.

    First stop `split`, let `dedupe` finish and stop it; then raise the partitions of `pages.split.v1`, set the new
    NEWSWORKER_APP_ID and run `newsworker topics apply`. Nothing is sent but state records; it may be tried again
    with another app id.
    """
    placed = asyncio.run(_warm_up(former))
    typer.echo(f"{'partition':>9}  {'position':>12}  {'keys':>12}")
    for one in placed:
        typer.echo(f"{one.partition:>9}  {one.position:>12}  {one.keys:>12}")


async def _warm_up(former: str) -> "tuple[Placed, ...]":
    from worker.ops.access import reach  # noqa: PLC0415 - the clients take a second to import
    from worker.stream.installation import Installation  # noqa: PLC0415 - as above
    from worker.stream.standing import Standing  # noqa: PLC0415 - as above
    from worker.stream.warm_up import warm_up as carry_over  # noqa: PLC0415 - as above

    settings = load()
    if former == settings.app_id:
        raise CommandError(f"{former} is the present app id: set NEWSWORKER_APP_ID to a new one", ExitCode.USAGE)
    await reach(settings)
    now = Installation(settings)
    left = Installation(settings.model_copy(update={"app_id": former}))
    client = now.client()
    return await carry_over(Standing(left, client, Stage.DEDUPE), Standing(now, client, Stage.DEDUPE))
