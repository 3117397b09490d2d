"""``newsworker explain``: what became of a teaser, an article or a story, from the topic of decisions."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.failures import CommandError
from worker.cli.rejected import time_ms
from worker.ops.exits import ExitCode
from worker.ops.loading import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.dedupe.history import History, Sight


def explain(
    what: Annotated[str, typer.Argument(metavar="ID|URL", help="teaser_id, article_id, story_id, or an address.")],
    since: Annotated[str | None, typer.Option(help="From then on: 24h, 7d, or a time; default: all there is.")] = None,
) -> None:
    """Tell when and where it was first seen, what repeated, enriched or revised it, and when it ends.

    Answers from `decisions.v1`, which NEWSWORKER_DECISIONS=true fills; it knows nothing from before that.
    """
    found = asyncio.run(_found(what, time_ms(since)))
    if not found:
        raise CommandError(f"no decision names {what}: it was never seen, or before decisions were written")
    for history in found:
        for line in told(history):
            typer.echo(line)


def told(history: "History") -> "Iterator[str]":
    """Yield the lines that tell a history. Pure."""
    first = history.sights[0].item
    yield f"{history.record} {history.id} on {history.site}: {first.headline or '(no headline)'}"
    yield f"  story {first.story_id}  {first.url or '(no address)'}"
    yield from (_line(sight) for sight in history.sights)
    if history.ends_at is None:
        yield "  its first sight lies before these decisions"
    else:
        yield f"  known until {history.ends_at:%Y-%m-%d %H:%M:%S}Z of stream time, unless it is seen again"


def _line(sight: "Sight") -> str:
    item = sight.item
    revision = "" if item.revision is None else f" revision {item.revision}"
    changed = f" ({', '.join(item.changed)})" if item.changed else ""
    where = "" if item.position is None else f" at {item.position}"
    page = sight.page.url or f"page {sight.page.page_id}"
    return f"  {sight.at:%Y-%m-%d %H:%M:%S}Z  {item.decision}: {item.reason}{changed}{revision}  on {page}{where}"


async def _found(what: str, since_ms: int | None) -> "tuple[History, ...]":
    from schemas.topics import DECISIONS  # noqa: PLC0415 - beside its user
    from worker.dedupe import DedupeSettings  # noqa: PLC0415 - imported when it is used
    from worker.dedupe.history import histories, sights, wanted_ids  # noqa: PLC0415 - as above
    from worker.ops.access import reach  # noqa: PLC0415 - the clients take a second
    from worker.stream.decisions_log import decisions  # noqa: PLC0415 - as above
    from worker.stream.installation import Installation  # noqa: PLC0415 - as above

    try:
        ids = wanted_ids(what)
    except ValueError as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    settings = load()
    await reach(settings)
    installation = Installation(settings)
    pages = decisions(settings, installation.client(), installation.topic(DECISIONS), ids=ids, since_ms=since_ms)
    lasting = DedupeSettings.of_hours(settings.dedupe_ttl_hours, settings.dedupe_cap_hours, settings.drop_kinds)
    return histories(sights([page async for page in pages], ids), lasting)
