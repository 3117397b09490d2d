"""``newsworker rejected``: what was rejected, why, and what today's code would do with it."""

import asyncio
import sys
from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.rejected import RejectReason
from worker.cli.failures import CommandError
from worker.ops.exits import ExitCode
from worker.ops.loading import load

if TYPE_CHECKING:
    from worker.stream.rejected_pages import RejectedPage
    from worker.stream.selection import Selection

rejected = typer.Typer(no_args_is_help=True, help="Rejected pages: stats, list, show, golden.", rich_markup_mode=None)

Reasons = Annotated[list[RejectReason] | None, typer.Option("--reason", help="Only these reasons.")]
Since = Annotated[str, typer.Option(help="From then on: 24h, 7d, or a time such as 2026-01-31T12:00:00Z.")]
Place = Annotated[str, typer.Argument(metavar="PARTITION:OFFSET", help="As `newsworker rejected list` shows it.")]

_ROW = "{:<10} {:<24} {:<18} {:<7} {:>2}  {}"


@rejected.command()
def stats(since: Since = "24h") -> None:
    """Count the rejected pages by reason, stage and version."""
    asyncio.run(_stats(_selection(None, since)))


@rejected.command("list")
def listed(reason: Reasons = None, limit: Annotated[int, typer.Option(min=1)] = 20, since: Since = "24h") -> None:
    """Print the latest rejected pages, one line each, the newest last."""
    asyncio.run(_list(_selection(reason, since), limit))


@rejected.command()
def show(
    place: Place, *, body: Annotated[bool, typer.Option("--body", help="Write the page to stdout.")] = False
) -> None:
    """Print the headers of one page and what today's code would do with it; with --body only its bytes."""
    page = asyncio.run(one_page(place))
    if body:
        sys.stdout.buffer.write(page.record.value or b"")
    else:
        asyncio.run(_show(page))


@rejected.command()
def golden(
    place: Place, folder: Annotated[Path, typer.Argument(help="The new case, such as tests/golden/cases/NAME.")]
) -> None:
    """Make a golden case of one page, with what today's code makes of it, and a note to complete."""
    from worker.stream.cases import write_golden  # noqa: PLC0415 - the extraction and the clients take a second

    page = asyncio.run(one_page(place))
    for file in write_golden(page, folder, load().limits):
        typer.echo(str(file))
    typer.echo("say in expected.json what a reader must see, and why in NOTE.md")


async def selected(selection: "Selection") -> "AsyncGenerator[RejectedPage]":
    """Give the pages that are meant, up to the end of the log as it is now. Close it where it is left early."""
    from schemas.topics import REJECTED  # noqa: PLC0415 - beside its user
    from worker.ops.access import reach  # noqa: PLC0415 - the clients take a second
    from worker.stream.installation import Installation  # noqa: PLC0415 - as above
    from worker.stream.rejected_pages import RejectedPage  # noqa: PLC0415 - as above
    from worker.stream.topic_log import topic_log  # noqa: PLC0415 - as above

    settings = load()
    await reach(settings)
    installation = Installation(settings)
    async with (
        topic_log(settings, installation.client(), installation.topic(REJECTED)) as log,
        aclosing(log.records(selection.since_ms)) as records,
    ):
        async for record in records:
            page = RejectedPage(record)
            if selection.has(page):
                yield page


async def one_page(place: str) -> "RejectedPage":
    """Return one page by its place.

    Raises:
        CommandError: It is no place, or nothing is there.
    """
    from schemas.topics import REJECTED  # noqa: PLC0415 - beside its user
    from worker.ops.access import reach  # noqa: PLC0415 - the clients take a second
    from worker.stream.installation import Installation  # noqa: PLC0415 - as above
    from worker.stream.rejected_pages import RejectedPage  # noqa: PLC0415 - as above
    from worker.stream.topic_log import topic_log  # noqa: PLC0415 - as above

    partition, colon, offset = place.partition(":")
    if not (colon and partition.isdecimal() and offset.isdecimal()):
        raise CommandError(f"{place} is no PARTITION:OFFSET; `newsworker rejected list` names them", ExitCode.USAGE)
    settings = load()
    await reach(settings)
    installation = Installation(settings)
    async with topic_log(settings, installation.client(), installation.topic(REJECTED)) as log:
        try:
            return RejectedPage(await log.record(int(partition), int(offset)))
        except LookupError as error:
            raise CommandError(f"{error}; `newsworker rejected list` names them") from None


def time_ms(text: str | None) -> int | None:
    """Return a time that a person gave as milliseconds since 1970.

    Raises:
        CommandError: It is no time.
    """
    from worker.stream.selection import moment  # noqa: PLC0415 - the extraction takes a moment to import

    try:
        return None if text is None else int(moment(text, datetime.now(UTC)).timestamp() * 1000)
    except ValueError as error:
        raise CommandError(str(error), ExitCode.USAGE) from None


def _selection(reasons: list[RejectReason] | None, since: str) -> "Selection":
    from worker.stream.selection import Selection  # noqa: PLC0415 - the extraction takes a moment to import

    return Selection(frozenset(reasons or ()), since_ms=time_ms(since))


async def _stats(selection: "Selection") -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    async for page in selected(selection):
        counts[page.reason, page.stage, page.version] += 1
    typer.echo(f"{'pages':>8}  {'reason':<18} {'stage':<7} version")
    for (reason, stage, version), n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        typer.echo(f"{n:>8}  {reason:<18} {stage:<7} {version}")
    typer.echo(f"{counts.total():>8}  in all")


async def _list(selection: "Selection", limit: int) -> None:
    pages = sorted([page async for page in _newest(selected(selection), limit)], key=_age)
    typer.echo(_ROW.format("place", "rejected", "reason", "stage", "n", "message"))
    for page in pages[-limit:]:
        at = datetime.fromtimestamp(page.record.timestamp_ms / 1000, UTC).isoformat(timespec="seconds")
        typer.echo(_ROW.format(page.place, at, page.reason, page.stage, page.attempts, page.message))


async def _newest(pages: "AsyncIterator[RejectedPage]", limit: int) -> "AsyncIterator[RejectedPage]":
    """Keep the newest pages of each partition: as many as are wanted in all, so memory is bounded."""
    kept: dict[int, deque[RejectedPage]] = {}
    async for page in pages:
        kept.setdefault(page.record.partition, deque(maxlen=limit)).append(page)
    for partition in kept.values():
        for page in partition:
            yield page


def _age(page: "RejectedPage") -> tuple[int, int, int]:
    return page.record.timestamp_ms, page.record.partition, page.record.offset


async def _show(page: "RejectedPage") -> None:
    from worker.stream.judging import judge  # noqa: PLC0415 - the extraction takes a moment to import

    for name, value in page.record.headers:
        typer.echo(f"{name}: {value.decode('utf-8', 'replace') if value is not None else ''}")
    typer.echo(f"key: {(page.record.key or b'').decode('utf-8', 'replace')}")
    typer.echo(f"value: {len(page.record.value or b'')} bytes")
    why = await judge(page, load().limits)
    typer.echo("today: taken" if why is None else f"today: rejected, {why.reason}: {why.message}")
