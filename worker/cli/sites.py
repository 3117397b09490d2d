"""``newsworker sites``: proposes the sites that deserve health series of their own, from what is seen."""

import asyncio
from collections import Counter
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.rejected import time_ms
from worker.ops.loading import load
from worker.ops.values import MAX_SITES

if TYPE_CHECKING:
    from worker.stream.topic_log import TopicLog


def sites(
    since: Annotated[str, typer.Option(help="Count pages from then on: 24h, 7d, or a time.")] = "24h",
    most: Annotated[int, typer.Option(min=1, max=MAX_SITES, help="Sites to propose.")] = 20,
) -> None:
    """Count the split pages by site and propose NEWSWORKER_SITES: the sites with most pages."""
    counts = asyncio.run(_counted(time_ms(since)))
    chosen = [site for site, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if is_listable(site)]
    for site in chosen[:most]:
        typer.echo(f"{counts[site]:>8}  {site}")
    rest = sum(n for site, n in counts.items() if site not in chosen[:most])
    typer.echo(f"{rest:>8}  all others, as `other`")
    typer.echo(f"NEWSWORKER_SITES={','.join(chosen[:most])}")


def is_listable(site: str) -> bool:
    """Tell whether a key is a site that may be listed: a domain; pages without an address count as `other`. Pure."""
    return bool(site) and not site.startswith("text:") and "," not in site


async def _counted(since_ms: int | None) -> Counter[str]:
    from schemas.topics import SPLIT  # noqa: PLC0415 - beside its user
    from worker.ops.access import reach  # noqa: PLC0415 - the clients take a second to import
    from worker.stream.installation import Installation  # noqa: PLC0415 - as above
    from worker.stream.topic_log import topic_log  # noqa: PLC0415 - as above

    settings = load()
    await reach(settings)
    installation = Installation(settings)
    async with topic_log(settings, installation.client(), installation.topic(SPLIT)) as log:
        return await _tallied(log, since_ms)


async def _tallied(log: "TopicLog", since_ms: int | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    async with aclosing(log.records(since_ms)) as records:
        async for record in records:
            counts[(record.key or b"").decode("utf-8", "replace")] += 1
    return counts
