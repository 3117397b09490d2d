"""The outcomes of pages as a table for people."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console
from rich.table import Table

from worker.cli.outcome import Outcome
from worker.extract.explain import explain_page

WIDTH = 140
"""Columns of a table that goes to a file or a pipe."""

HEADLINE_WIDTH = 60
STRONGEST = 4
"""Signals of a line that a table shows."""


def table(outcomes: Iterable[Outcome], *, is_explained: bool = False, width: int = WIDTH) -> str:
    """Return the outcomes as a table, a row a page; explained, a row an item below it."""
    shown = Table(title=None, expand=False, header_style="bold")
    for name in ("page", "headline", "authors", "published"):
        shown.add_column(name, overflow="fold", max_width=HEADLINE_WIDTH)
    for name in ("words", "teasers", "merged", "dropped"):
        shown.add_column(name, justify="right")
    shown.add_column("rejected", style="red")
    for outcome in outcomes:
        shown.add_row(*_row(outcome))
        if is_explained:
            for headline, what in (*_items(outcome), *_reasons(outcome)):
                shown.add_row("", headline, what, style="dim")
    target = StringIO()
    Console(file=target, width=width, force_terminal=False).print(shown, markup=False)
    return target.getvalue()


def _row(outcome: Outcome) -> tuple[str, ...]:
    """Return the cells of a page."""
    split = outcome.split
    if split is None:
        reason = outcome.reason.value if outcome.reason else ""
        return (_plain(outcome.id), _plain(outcome.error or ""), "", "", "", "", "", "", reason)
    article = split.article
    counts = (str(len(split.teasers)), str(split.counts.merged_in_page), str(split.counts.dropped), "")
    if article is None:
        return (_plain(outcome.id), "(a list page)", "", "", "", *counts)
    at = article.published_at
    published = (
        "" if at is None else at.strftime("%Y-%m-%d %H:%M" if article.published_precision == "instant" else "%Y-%m-%d")
    )
    authors = ", ".join(article.authors) + (f" ({article.agency})" if article.agency else "")
    return (_plain(outcome.id), _plain(article.headline), _plain(authors), published, str(article.word_count), *counts)


def _items(outcome: Outcome) -> Iterable[tuple[str, str]]:
    """Yield headline and fate of each item of the page."""
    if outcome.split is None:
        return
    for teaser in outcome.split.teasers:
        yield f"{teaser.position}. {_plain(teaser.headline or teaser.url or '')}", teaser.kind.value
    for item in outcome.split.settled:
        yield (
            _plain(item.headline or item.url or item.where or ""),
            f"{item.reason.decision.value}: {item.reason.value}",
        )


def _reasons(outcome: Outcome) -> Iterable[tuple[str, str]]:
    """Yield the sources of the article's fields, and its lines with what speaks for and against them."""
    if outcome.split is None or outcome.page is None:
        return
    found = explain_page(outcome.page, outcome.split.article)
    for claim in found.claims:
        yield _plain(claim.value), f"{claim.field}: {claim.source} {'won' if claim.won else 'lost'}"
    for line in found.lines:
        parts = [f"{part.signal} {part.weight:+.1f}" for part in line.weights[:STRONGEST]]
        score = f"{line.score:+.1f}: {', '.join(parts)}, neighbours {line.neighbours:+.1f}"
        yield _plain(line.text), f"{'in' if line.is_in else 'out'} by {line.why} {score}"


def _plain(text: str) -> str:
    """Return the text without what a terminal would act on."""
    return "".join(letter if letter.isprintable() else " " for letter in text).replace("[", "\\[")
