"""``newsworker run``: the worker itself, until it is asked to stop."""

import asyncio
from typing import Annotated

import structlog
import typer

from worker.cli.failures import Failure, told
from worker.ops.exits import ExitCode
from worker.ops.loading import load
from worker.ops.logging import configure
from worker.ops.settings import Settings


def run(
    *,
    stages: Annotated[
        str | None, typer.Option(help="Stages of this process, comma separated: split,dedupe. Default: both.")
    ] = None,
) -> None:
    """Run the stages until SIGTERM or SIGINT; a second one ends the process at once.

    Exit codes: 0 stopped as asked, 70 a bug, 75 gave up for now (broker, drain), 78 a setting or the topics.
    """
    settings = load({"stages": stages})
    configure(settings)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    """Serve, then end the process by its exit code: threads of clients must not keep it."""
    from worker.stream.signals import Stopping  # noqa: PLC0415 - before what takes a second to import

    stopping = Stopping(asyncio.get_running_loop(), settings.drain_seconds)
    stopping.listen()
    from worker.stream.guarantee.layer import leave  # noqa: PLC0415 - Faust takes a second to import
    from worker.stream.service import Service  # noqa: PLC0415 - as above

    try:
        await Service(settings, stopping.asked).serve()
    except Exception as error:  # noqa: BLE001 - the last net: whatever it is, people get a message and a code
        failure = ending(error)
        structlog.get_logger("newsworker.run").critical("failed", code=failure.code, reason=failure.message)
        typer.echo(f"newsworker: {failure.message}", err=True)
        leave(failure.code)
    leave(ExitCode.OK)


def ending(error: Exception) -> Failure:
    """Return how the worker ends: as any command does, but trouble of the system is worth another start. Pure."""
    failure = told(error)
    return failure._replace(code=ExitCode.UNAVAILABLE) if failure.code == ExitCode.FAILED else failure
