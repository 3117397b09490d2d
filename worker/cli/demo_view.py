"""How the demo looks: a live table on a terminal, plain lines anywhere else. It shows and decides nothing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from worker.cli.demo_totals import PageRejected, PageSeen, Seen, Totals

FRAME_LINES = 12
"""Lines of a terminal that are not rows of the table."""

STYLES: Mapping[str, str] = {
    "new": "bold green",
    "revised": "bold yellow",
    "enriched": "yellow",
    "re-crawl": "dim",
    "older": "dim",
    "page again": "dim",
    "repeats": "dim",
    "merged": "dim",
    "left out": "dim",
    "list page": "cyan",
    "unusable": "red",
}
"""Colour of each outcome: green is new, yellow changed, grey known, red unusable."""

TEASERS = ("new", "enriched", "repeats", "merged", "left out", "unusable")
"""Order in which teasers are told."""


class View(Protocol):
    """Shows what comes out as it comes."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def say(self, line: str) -> None:
        """Show what is going on."""

    def show(self, seen: Seen) -> None:
        """Show what became of a page."""

    def count(self, totals: Totals | None, pages_a_second: float) -> None:
        """Show the totals, or with None only the rate."""


def view(console: Console) -> View:
    """Return the view that fits the console."""
    return LiveView(console) if console.is_terminal else PlainView(console)


class PlainView:
    """A line a page."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def say(self, line: str) -> None:
        """Print the line."""
        self._console.print(line, highlight=False, soft_wrap=True, markup=False)

    def count(self, totals: Totals | None, pages_a_second: float) -> None:
        """Leave it to the summary: a line a page is enough."""

    def show(self, seen: Seen) -> None:
        """Print the page."""
        match seen:
            case PageSeen():
                told = _teasers(seen.teasers).plain
                self.say(f"{seen.site:<20} {seen.status:<10} {seen.headline[:70]}{f'  ({told})' if told else ''}")
            case PageRejected():
                self.say(f"{seen.site:<20} {'rejected':<10} {seen.reason}: {seen.message[:90]}")


class LiveView:
    """The last pages in a table, the totals under it; drawn when the terminal is refreshed, not a page at a time."""

    def __init__(self, console: Console) -> None:
        self._rows: deque[Seen] = deque(maxlen=max(5, console.height - FRAME_LINES))
        self._live = Live(self, console=console, refresh_per_second=12)
        self._line = ""
        self._totals, self._rate = Totals(), 0.0

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def say(self, line: str) -> None:
        """Show the line under the table."""
        self._line = line

    def show(self, seen: Seen) -> None:
        """Add the page to the table."""
        self._rows.append(seen)

    def count(self, totals: Totals | None, pages_a_second: float) -> None:
        """Show the totals, or with None only the rate."""
        self._totals, self._rate = totals or self._totals, pages_a_second

    def __rich__(self) -> RenderableType:
        """Return what the terminal shows now."""
        line = Text(self._line, style="cyan")
        if not self._rows:
            return line
        table = Table(title="Pages in, articles and teasers out", title_style="bold", expand=True, border_style="dim")
        table.add_column("site", ratio=2, no_wrap=True, overflow="ellipsis")
        table.add_column("article", min_width=10, no_wrap=True)
        table.add_column("headline", ratio=5, no_wrap=True, overflow="ellipsis")
        table.add_column("teasers", ratio=4, no_wrap=True, overflow="ellipsis")
        for seen in self._rows:
            table.add_row(*_row(seen))
        return Group(table, totals_grid(self._totals, self._rate), line)


def totals_grid(totals: Totals, pages_a_second: float) -> Table:
    """Return the totals, a line a record."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column()
    rejected = totals.rejected.total()
    rate = f"  {pages_a_second:,.0f} pages a second" if pages_a_second else ""
    grid.add_row("pages", Text(f"{totals.pages:,} done, {rejected} of them rejected{rate}"))
    grid.add_row("articles", _counted(totals.articles))
    grid.add_row("teasers", _teasers(totals.teasers))
    if rejected:
        grid.add_row("rejected", _counted(totals.rejected, style="red"))
    return grid


def _row(seen: Seen) -> tuple[Text, Text, Text, Text]:
    match seen:
        case PageSeen():
            style = STYLES.get(seen.status, "")
            headline = Text(seen.headline, style="" if seen.is_new else "dim")
            return Text(seen.site), Text(seen.status, style=style), headline, _teasers(seen.teasers)
        case PageRejected():
            return (
                Text(seen.site),
                Text("rejected", style="bold red"),
                Text(seen.message, style="red"),
                Text(seen.reason),
            )


def _teasers(counts: Counter[str]) -> Text:
    parts = [Text(f"{counts[name]} {name}", style=STYLES[name]) for name in TEASERS if counts[name]]
    return Text("  ").join(parts)


def _counted(counts: Counter[str], style: str | None = None) -> Text:
    parts = [Text(f"{n} {name}", style=style or STYLES.get(name, "")) for name, n in counts.most_common()]
    return Text("  ").join(parts)
