"""Pages from files: HTML, plain text, envelopes in lines, WARC, and folders of them.

A file that can't be read is a page with an error, never an end: whoever counts pages counts it too.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas import BodyEncoding, ContractError, RawPage, RejectReason, decode
from worker.cli.failures import CommandError
from worker.cli.warcs import warc_pages
from worker.ops.exits import ExitCode

ENDINGS = (".html.gz", ".warc.gz", ".html", ".txt", ".jsonl", ".warc")
"""Endings of page files; in a folder all others are passed over."""

MAX_PAGE_BYTES = 5_000_000
"""Bytes of a body that are worth reading; one more shows that it is too large."""

LONGEST_LINE_BYTES = 40_000_000
"""Bytes of a line of envelopes: the largest page with every letter escaped. A longer one is too large."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the manifest says of a page."""

    url: str | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageFile:
    """One page as it was found: either the page, or why there is none."""

    id: str
    """File name without its ending; ``name:n`` from 1 for the records of a file of many."""

    page: RawPage | None
    """The page; None where what was found is none."""

    reason: RejectReason | None = None
    """Why there is no page."""

    error: str | None = None
    """The same in words."""

    line: bytes | None = None
    """The line as it was found, where it is no envelope; None for all else."""


def read_manifest(path: Path | None) -> Mapping[str, Origin]:
    """Return what a manifest says, by page id; nothing without one.

    A line is a JSON object with ``id`` and, where known, ``url`` and ``fetched_at`` (or ``crawled_at``); other
    keys are ignored. Times without zone are UTC.

    Raises:
        CommandError: The file can't be read, or a line is no such object.
    """
    if path is None:
        return {}
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise CommandError(f"the manifest {path} can't be read: {error.strerror}", ExitCode.USAGE) from error
    return dict(_origin(path, number, line) for number, line in enumerate(lines, start=1) if line.strip())


def page_files(paths: Iterable[Path], manifest: Mapping[str, Origin]) -> Iterator[PageFile]:
    """Yield every page of the files in their order; folders in sorted path order."""
    for path in paths:
        yield from _pages(path, manifest)


def checked(paths: Sequence[Path]) -> list[Path]:
    """Return all page files that ``paths`` come to.

    Raises:
        CommandError: A path does not exist, or is a file of another kind.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(each for each in path.rglob("*") if _ending(each) and each.is_file())
        elif not path.exists():
            raise CommandError(f"{path} does not exist", ExitCode.USAGE)
        elif _ending(path) is None:
            raise CommandError(f"{path} is no page file: the name must end in {', '.join(ENDINGS)}", ExitCode.USAGE)
        else:
            found.append(path)
    return found


def _ending(path: Path) -> str | None:
    return next((ending for ending in ENDINGS if path.name.lower().endswith(ending)), None)


def _pages(path: Path, manifest: Mapping[str, Origin]) -> Iterator[PageFile]:
    """Yield the pages of one file."""
    ending = _ending(path) or ""
    # A name that is no UTF-8 is no text that can be printed; its odd bytes become question marks.
    name = path.name[: -len(ending)].encode("utf-8", "replace").decode("utf-8")
    try:
        if ending == ".jsonl":
            yield from _envelopes(path, name, manifest)
        elif ending.startswith(".warc"):
            yield from _archived(path, name, manifest)
        else:
            yield _single(path, name, ending, manifest.get(name, Origin()))
    except OSError as error:
        yield PageFile(name, None, RejectReason.BAD_ENCODING, f"the file can't be read: {error.strerror}")


def _single(path: Path, name: str, ending: str, origin: Origin) -> PageFile:
    """Return the page of a file of one."""
    with path.open("rb") as file:
        body = file.read(MAX_PAGE_BYTES + 1)
    return PageFile(
        name,
        RawPage(
            url=origin.url,
            fetched_at=origin.fetched_at,
            content_type="text/plain" if ending == ".txt" else "text/html",
            body=body,
            body_encoding=BodyEncoding.GZIP if ending.endswith(".gz") else None,
        ),
    )


def _envelopes(path: Path, name: str, manifest: Mapping[str, Origin]) -> Iterator[PageFile]:
    """Yield a page for each line, also for one that is none."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE_BYTES):
            number += 1
            page_id = f"{name}:{number}"
            if len(line) == LONGEST_LINE_BYTES and not line.endswith(b"\n"):
                while (rest := file.readline(LONGEST_LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass
                yield PageFile(page_id, None, RejectReason.TOO_LARGE, f"the line is over {LONGEST_LINE_BYTES} bytes")
                continue
            try:
                yield PageFile(page_id, _with_origin(decode(RawPage, line), manifest.get(page_id)))
            except ContractError as error:
                found = line.rstrip(b"\r\n")
                yield PageFile(page_id, None, RejectReason.INVALID_ENVELOPE, str(error), found)


def _archived(path: Path, name: str, manifest: Mapping[str, Origin]) -> Iterator[PageFile]:
    """Yield the pages of a WARC; where it breaks off, that is the last one."""
    number = 0
    try:
        for number, page in enumerate(warc_pages(path, MAX_PAGE_BYTES), start=1):
            yield PageFile(f"{name}:{number}", _with_origin(page, manifest.get(f"{name}:{number}")))
    except ValueError as error:
        yield PageFile(f"{name}:{number + 1}", None, RejectReason.BAD_ENCODING, f"no WARC from here on: {error}")


def _with_origin(page: RawPage, origin: Origin | None) -> RawPage:
    """Return the page with what only the manifest knows of it."""
    if origin is None:
        return page
    return page.model_copy(update={"url": page.url or origin.url, "fetched_at": page.fetched_at or origin.fetched_at})


def _origin(path: Path, number: int, line: bytes) -> tuple[str, Origin]:
    """Return id and origin of a line of the manifest."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    page_id, url = (row.get("id"), row.get("url")) if isinstance(row, dict) else (None, None)
    if not isinstance(page_id, str) or not isinstance(url, str | None):
        example = '{"id": "page-1", "url": "https://...", "fetched_at": "2026-01-31T12:00:00Z"}'
        raise CommandError(f"{path}, line {number}: no page; write {example}", ExitCode.USAGE)
    return page_id, Origin(url, _moment(row.get("fetched_at") or row.get("crawled_at")))


def _moment(text: object) -> datetime | None:
    """Return a time of the manifest; None for one that can't be read: an unknown time is no reason to stop."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
