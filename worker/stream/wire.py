"""The two wire forms of a raw page: a JSON envelope, or the bare body with headers.

Which of the two a record is, its headers say: a bare body names its address, type or time there. A record
without any of them is an envelope, and so is one whose content type is JSON (CloudEvents producers set it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from pydantic import ValidationError

from schemas import ContractError, RawPage, decode, encode

FIELDS = {
    "url": "url",
    "content-type": "content_type",
    "fetched-at": "fetched_at",
    "charset": "charset",
    "source": "source",
}
"""Headers of a bare body and the fields of `RawPage` that they give."""

MARKS = ("url", "content-type", "fetched-at")
"""Any of these headers makes a record a bare body; the others alone are too common to tell."""

TRACE = ("traceparent", "tracestate")
"""Headers of the W3C trace context, carried through both stages."""


class Wired(Protocol):
    """The part of a record that a page is read from."""

    @property
    def value(self) -> bytes | None:
        """The envelope, or the bare body."""

    @property
    def headers(self) -> tuple[tuple[str, bytes], ...]:
        """The record's headers, in order."""


class Stamped(Protocol):
    """The part of a record that says when it came."""

    @property
    def timestamp_ms(self) -> int:
        """The broker's timestamp, milliseconds since 1970."""


def raw_page(record: Wired) -> RawPage:
    """Return the page in a record of the raw topic, whichever wire form it has. Pure.

    Raises:
        ContractError: The record is neither; the message names what is wrong.
    """
    given = texts(record.headers, FIELDS)
    if not any(name in given for name in MARKS) or _is_json(given.get("content-type", "")):
        return decode(RawPage, record.value)
    fields = {FIELDS[name]: value for name, value in given.items() if value}
    try:
        return RawPage.model_validate(fields | {"body": record.value or b""})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = str(first["loc"][0]).replace("_", "-") if first["loc"] else "(whole)"
        raise ContractError(f"RawPage: header {name}: {first['msg']}") from error


def record_of(page: RawPage) -> tuple[bytes | None, bytes, tuple[tuple[str, bytes], ...]]:
    """Return key, value and headers of a page's record: bare where its body is bytes as they are, which saves base64.

    `raw_page` reads the same page from it. The key is the page's address. Pure.
    """
    key = page.url.encode() if page.url else None
    is_bare = isinstance(page.body, bytes) and page.body_encoding is None
    if not is_bare or not any((page.url, page.content_type, page.fetched_at)) or _is_json(page.content_type or ""):
        return key, encode(page), ()
    given = {
        "url": page.url,
        "content-type": page.content_type,
        "fetched-at": page.fetched_at.isoformat() if page.fetched_at else None,
        "charset": page.charset,
        "source": page.source,
    }
    body = page.body if isinstance(page.body, bytes) else page.body.encode()
    return key, body, tuple((name, text.encode()) for name, text in given.items() if text)


def texts(headers: Iterable[tuple[str, bytes | None]], wanted: Iterable[str]) -> Mapping[str, str]:
    """Return the wanted headers as text, names in lower case; of a repeated one the last. Pure.

    Raises:
        ContractError: One of them is not UTF-8.
    """
    names = frozenset(wanted)
    found = {name.lower(): value for name, value in headers if value is not None and name.lower() in names}
    try:
        return {name: bytes(value).decode().strip() for name, value in found.items()}
    except UnicodeDecodeError as error:
        raise ContractError("RawPage: a header is not UTF-8") from error


def trace(headers: Iterable[tuple[str, bytes | None]]) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of the trace context as they came, () where there are none. Pure."""
    return tuple((name.lower(), value) for name, value in headers if name.lower() in TRACE and value)


def received_at(record: Stamped) -> datetime | None:
    """Return the broker's timestamp of a record, UTC; None where it has none. Pure."""
    return datetime.fromtimestamp(record.timestamp_ms / 1000, UTC) if record.timestamp_ms > 0 else None


def _is_json(content_type: str) -> bool:
    """Tell whether a media type is JSON, such as ``application/cloudevents+json; charset=utf-8``."""
    essence = content_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")
