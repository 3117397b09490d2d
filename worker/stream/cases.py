"""Rejected pages as files: a line each to carry them about, a folder each for the golden tests."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import Path
from typing import Any

from schemas import RawPage
from worker.extract import Limits, PageError, split_page
from worker.stream.guarantee import Record
from worker.stream.rejected_pages import RejectedPage, judged, raw

_VERSIONS = {"extractor_version", "identity_version", "lexicon_version"}
"""What says nothing about the page."""


def to_line(page: RejectedPage) -> bytes:
    """Return the page as one JSON object, bytes in base64. Pure."""
    record = page.record
    body = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp_ms": record.timestamp_ms,
        "key": _text(record.key),
        "value": _text(record.value),
        "headers": [[name, _text(value)] for name, value in record.headers],
    }
    return json.dumps(body).encode() + b"\n"


def from_line(line: bytes) -> RejectedPage:
    """Return the page that `to_line` wrote. Pure.

    Raises:
        ValueError: The line is none.
    """
    try:
        body = json.loads(line)
        headers: Any = tuple((str(name), _bytes(value)) for name, value in body["headers"])  # Kafka's may be null
        return RejectedPage(
            Record(
                str(body["topic"]),
                int(body["partition"]),
                int(body["offset"]),
                int(body["timestamp_ms"]),
                _bytes(body["key"]),
                _bytes(body["value"]),
                headers,
            )
        )
    except (KeyError, TypeError, AttributeError, binascii.Error, ValueError) as error:
        raise ValueError(f"no rejected page as `--out` writes it: {error!r}") from error


def _text(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode("ascii")


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value, validate=True)


def write_golden(page: RejectedPage, folder: Path, limits: Limits) -> tuple[Path, ...]:
    """Write the page as a golden case: the page, what is known of it, what is made of it today, and a note to complete.

    Args:
        page: A page of `split`.
        folder: The case; must not exist.
        limits: How much of a page is read.

    Returns:
        The files written.

    Raises:
        FileExistsError: There is such a case.
        ContractError: It is no raw page, or only its head was kept.
    """
    found = raw(page)
    why = judged(page, limits)
    folder.mkdir(parents=True)
    body = folder / ("page.txt" if (found.content_type or "").startswith("text/plain") else "page.html")
    body.write_bytes(found.body if isinstance(found.body, bytes) else found.body.encode("utf-8", "surrogatepass"))
    known = folder / "page.json"
    known.write_text(json.dumps(_known(found), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    expected = folder / "expected.json"
    expected.write_text(json.dumps(_made(found, limits), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    note = folder / "NOTE.md"
    today = f"today it is rejected as `{why.reason}`" if why else "today it is taken"
    note.write_text(
        f"# Rejected as `{page.reason}`\n\n{page.message}\n\n"
        f"Rejected by {page.by or 'an unknown worker'}; {today}.\n\n"
        "Say here what a reader must see, and under which licence the page may stand here.\n",
        encoding="utf-8",
    )
    return body, known, expected, note


def _known(page: RawPage) -> dict[str, object]:
    fields = page.model_dump(mode="json", exclude={"body", "body_encoding"})
    if page.body_encoding is not None and page.body_encoding != "identity":
        fields["body_encoding"] = page.body_encoding
    if isinstance(page.body, str):
        fields["charset"] = "utf-8"  # as it is written here, whatever its server said
    return fields


def _made(page: RawPage, limits: Limits) -> dict[str, object]:
    """Return what the core makes of the page, as a case says it: without what changes with every release."""
    try:
        split = split_page(page, limits)
    except PageError as error:
        return {"rejected": error.reason.value}
    made: dict[str, object] = json.loads(split.model_dump_json(exclude=_VERSIONS, exclude_none=True))
    return made
