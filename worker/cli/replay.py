"""``newsworker replay``: rejected pages are sent in again, after a dry run that says what would become of them."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.rejected import RejectReason
from worker.cli.failures import CommandError
from worker.cli.rejected import selected, time_ms
from worker.ops.exits import ExitCode
from worker.ops.loading import load
from worker.ops.names import Stage

if TYPE_CHECKING:
    from worker.stream.rejected_pages import RejectedPage
    from worker.stream.replay import Order, Summary
    from worker.stream.selection import Selection

SEND_SECONDS = 60.0
"""How long a send may take, as long as the worker's own."""


def replay(  # noqa: PLR0913 - one option a line of the documentation
    *,
    reason: Annotated[list[RejectReason] | None, typer.Option(help="Only these reasons.")] = None,
    stage: Annotated[Stage | None, typer.Option(help="Only what this stage rejected.")] = None,
    since: Annotated[str | None, typer.Option(help="Rejected from then on: 24h, 7d, or a time.")] = None,
    until: Annotated[str | None, typer.Option(help="Rejected before then.")] = None,
    written_by: Annotated[str | None, typer.Option(help="By these versions of the worker: '<1.4'.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Pages at most.")] = None,
    rate: Annotated[float, typer.Option(min=0.1, max=10_000, help="Pages a second.")] = 50.0,
    to: Annotated[str | None, typer.Option(help="Topic; default: the one that each page came from.")] = None,
    go: Annotated[bool, typer.Option("--go", help="Send. Without it: a dry run.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also pages that were tried three times.")] = False,
    source: Annotated[Path | None, typer.Option("--from", help="Take the pages from a file of --out.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the pages to a file instead of sending them.")] = None,
) -> None:
    """Send rejected pages in again. Without --go a dry run. Safe to repeat; exit code 1 if any send failed."""
    from worker.stream.replay import Order  # noqa: PLC0415 - the clients take a second to import
    from worker.stream.selection import Selection, compares  # noqa: PLC0415 - as above

    if written_by is not None:
        try:
            compares("0", written_by)
        except ValueError as error:
            raise CommandError(str(error), ExitCode.USAGE) from None
    selection = Selection(frozenset(reason or ()), stage, time_ms(since), time_ms(until), written_by)
    pages = _filed(source, selection) if source is not None else selected(selection)
    if out is not None:
        asyncio.run(_write(pages, out, limit))
        return
    order = Order(to, limit, force)
    summary = asyncio.run(_send(pages, order, rate) if go else _rehearse(pages, order))
    typer.echo(json.dumps(summary.as_json()))
    if summary.failed:
        raise CommandError(f"{summary.failed} pages could not be sent", ExitCode.FAILED)


async def _rehearse(pages: "AsyncGenerator[RejectedPage]", order: "Order") -> "Summary":
    from worker.stream.judging import judge  # noqa: PLC0415 - the extraction takes a moment to import
    from worker.stream.replay import rehearse  # noqa: PLC0415 - as above

    limits = load().limits
    async with aclosing(pages):
        return await rehearse(pages, lambda page: judge(page, limits), order)


async def _send(pages: "AsyncGenerator[RejectedPage]", order: "Order", rate: float) -> "Summary":
    from worker.ops.access import reach  # noqa: PLC0415 - the clients take a second
    from worker.stream.guarantee import Message  # noqa: PLC0415 - as above
    from worker.stream.installation import Installation  # noqa: PLC0415 - as above
    from worker.stream.replay import Pace, replay  # noqa: PLC0415 - as above

    settings = load()
    await reach(settings)
    producer = Installation(settings).client().producer()
    await producer.start()

    async def send(message: Message) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await producer.send_and_wait(
                message.topic,
                message.value,
                key=message.key,
                timestamp_ms=message.timestamp_ms,
                headers=list(message.headers),
            )

    try:
        async with aclosing(pages):
            return await replay(pages, send, Pace(rate), order)
    finally:
        await producer.stop()


async def _write(pages: "AsyncGenerator[RejectedPage]", out: Path, limit: int | None) -> None:
    from worker.stream.cases import to_line  # noqa: PLC0415 - the extraction takes a moment to import

    n = 0
    async with aclosing(pages):
        with out.open("wb") as file:
            async for page in pages:
                if limit is not None and n >= limit:
                    break
                file.write(to_line(page))
                n += 1
    typer.echo(json.dumps({"written": n}))


async def _filed(source: Path, selection: "Selection") -> "AsyncGenerator[RejectedPage]":
    from worker.stream.cases import from_line  # noqa: PLC0415 - the extraction takes a moment to import

    with source.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                page = from_line(line)
            except ValueError as error:
                raise CommandError(f"{source}:{number}: {error}") from None
            if selection.has(page):
                yield page
