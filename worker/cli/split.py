"""``newsworker split``: what the worker makes of pages, without any broker. The first tool for any question."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from schemas import RejectReason
from worker.cli.failures import CommandError
from worker.cli.outcome import Outcome, line
from worker.cli.pages import PageFile, checked, page_files, read_manifest
from worker.extract import split_page
from worker.extract.errors import PageError
from worker.ops.exits import ExitCode


class Format(StrEnum):
    """How the outcomes are shown."""

    JSONL = "jsonl"
    TABLE = "table"
    HTML = "html"


def split(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files (.html, .html.gz, .txt, .jsonl, .warc, .warc.gz) or folders."),
    ],
    *,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="Lines with id, url and fetched_at (or crawled_at).")
    ] = None,
    form: Annotated[
        Format,
        typer.Option("--format", help="jsonl: a line a page; table: for a terminal; html: the pages in colours."),
    ] = Format.JSONL,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write; standard output without it.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why: of each item, field and line.")] = False,
) -> None:
    """Split pages into article and teasers, one outcome a page; never stops at a bad page."""
    files = checked(paths)
    outcomes = map(outcome, page_files(files, read_manifest(manifest)))
    with _target(out) as target:
        for chunk in _rendered(outcomes, form, is_explained=explain):
            target.write(chunk)
        target.flush()


def outcome(found: PageFile) -> Outcome:
    """Return what the core makes of a page. Total: whatever it raises is about this page."""
    if found.page is None:
        return Outcome(found.id, None, None, found.reason, found.error)
    try:
        return Outcome(found.id, found.page, split_page(found.page))
    except PageError as error:
        return Outcome(found.id, found.page, None, error.reason, str(error))
    except Exception as error:  # noqa: BLE001 - the one net around the core: a bug is told, the next page is read
        return _unforeseen(found, error)


def _rendered(outcomes: Iterable[Outcome], form: Format, *, is_explained: bool) -> Iterator[bytes]:
    """Yield the output in pieces."""
    match form:
        case Format.JSONL:
            for each in outcomes:
                yield _printed(each, is_explained=is_explained)
        case Format.TABLE:
            from worker.cli.tables import table  # noqa: PLC0415 - the terminal library takes longer than a page

            yield table(outcomes, is_explained=is_explained).encode("utf-8", "replace")
        case Format.HTML:
            from worker.cli.picture import picture  # noqa: PLC0415 - only who looks at pages needs it

            yield from picture(outcomes)


def _printed(each: Outcome, *, is_explained: bool) -> bytes:
    """Return the line of an outcome; of one that can't be written as UTF-8, the line that says so."""
    try:
        return line(each, is_explained=is_explained)
    except ValueError as error:  # a lone surrogate that the core let through
        return line(_unforeseen(each, error), is_explained=is_explained)


def _unforeseen(found: PageFile | Outcome, error: Exception) -> Outcome:
    """Tell of a bug in the core, and go on."""
    message = f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode()
    print(f"newsworker: {found.id}: unforeseen {message}", file=sys.stderr)  # noqa: T201 - beside the outcomes
    return Outcome(found.id, found.page, None, RejectReason.INTERNAL, message)


def _target(out: Path | None) -> AbstractContextManager[BinaryIO]:
    """Return where the outcomes go."""
    if out is None:
        return nullcontext(sys.stdout.buffer)
    try:
        return out.open("wb")
    except OSError as error:
        raise CommandError(f"{out} can't be written: {error.strerror}", ExitCode.USAGE) from error
