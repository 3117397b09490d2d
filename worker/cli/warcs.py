"""Pages of a WARC file: its successful responses that hold text. Needs the extra ``warc``."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas import RawPage
from worker.cli.failures import CommandError
from worker.ops.exits import ExitCode

_PAGE_RECORDS = ("response", "resource")
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml")
_FIRST_SUCCESS, _LAST_SUCCESS = 200, 299


def warc_pages(path: Path, most: int) -> Iterator[RawPage]:
    """Yield the pages of a WARC file in their order; of each body at most ``most`` bytes and one more.

    Raises:
        CommandError: The reader is not installed.
        ValueError: The file is no WARC, or ends in the middle of a record.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - an extra that few need
        from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415 - as above
    except ImportError as error:
        raise CommandError("WARC files need an extra: pip install 'newsworker[warc]'", ExitCode.USAGE) from error
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                _check_format(record)
                if record.rec_type in _PAGE_RECORDS and _is_success(record) and _is_text(record):
                    yield _page(record, most)
        except (ArchiveLoadFailed, EOFError, OSError) as error:
            raise ValueError(str(error)) from error


def _check_format(record: Any) -> None:  # noqa: ANN401 - the library has no types
    """Raise ``ValueError`` for what is no WARC record: the library takes any line for one of an older format."""
    if record.format != "warc":
        raise ValueError("a record is no WARC: its first line must be WARC/1.0 or WARC/1.1")


def _is_success(record: Any) -> bool:  # noqa: ANN401 - as above
    code = record.http_headers.get_statuscode() if record.http_headers else str(_FIRST_SUCCESS)
    return bool(code.isdigit()) and _FIRST_SUCCESS <= int(code) <= _LAST_SUCCESS


def _is_text(record: Any) -> bool:  # noqa: ANN401 - as above
    kind = _content_type(record)
    return kind is None or kind.strip().lower().startswith(_TEXT_TYPES)


def _content_type(record: Any) -> str | None:  # noqa: ANN401 - as above
    headers = record.http_headers or record.rec_headers
    value: str | None = headers.get_header("Content-Type")
    return value


def _page(record: Any, most: int) -> RawPage:  # noqa: ANN401 - as above
    at = record.rec_headers.get_header("WARC-Date")
    try:
        fetched_at = datetime.fromisoformat(at) if at else None
    except ValueError:
        fetched_at = None
    return RawPage(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        fetched_at=fetched_at if fetched_at and fetched_at.tzinfo else None,
        content_type=_content_type(record),
        body=record.content_stream().read(most + 1),
    )
