"""The project's own pages, in the order in which a crawler would hand them over.

Written for the project, so that the worker has something to eat where there is no crawler: in the demo,
in a shell, in a test. ``manifest.jsonl`` has a line a page, ``pages/`` the pages as a server gave them.
Nothing here knows Kafka or the contracts: a sample is the key, value and headers of one record.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

Headers = tuple[tuple[str, bytes], ...]
"""Headers of a record, in the order in which they are sent."""

ENVELOPE_FIELDS = ("url", "fetched_at", "content_type", "charset", "body_encoding", "source")
"""Fields of a manifest line that go into the JSON envelope as they stand."""

HEADER_FIELDS = ("url", "fetched_at", "content_type", "charset", "source")
"""Fields of a manifest line that go into the headers of a bare body, ``_`` written as ``-``."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One record for ``pages.raw.v1``, in one of the two wire forms of ``RawPage``."""

    id: str
    """Number in the feed and a few words: ``03-harbourpost-tide-clock``."""

    key: bytes | None
    """The page's address; None for a page or a broken record without one."""

    value: bytes
    """The JSON envelope, or the bare body."""

    headers: Headers
    """Address, type and time of a bare body; empty for an envelope."""

    expect: str
    """``accepted`` or ``rejected``: what the first stage makes of it."""

    note: str
    """What this page shows, in a sentence."""


def sample_pages() -> Iterator[Sample]:
    """Yield the samples in feed order, read one by one.

    **Pure** but for reading the package's own files: the same samples, the same bytes.
    """
    manifest = files(__name__).joinpath("manifest.jsonl").read_text(encoding="utf-8")
    for line in manifest.splitlines():
        yield _sample(json.loads(line))


def _sample(entry: dict[str, Any]) -> Sample:
    value, headers = _wire_form(entry)
    url = entry.get("url")
    return Sample(
        id=entry["id"],
        key=url.encode() if url else None,
        value=value,
        headers=headers,
        expect=entry["expect"],
        note=entry["note"],
    )


def _wire_form(entry: dict[str, Any]) -> tuple[bytes, Headers]:
    """Return value and headers: a broken record as it stands, else a bare body or an envelope."""
    if "raw" in entry:
        return entry["raw"].encode(), ()
    body = files(__name__).joinpath("pages", entry["file"]).read_bytes()
    if entry["wire"] == "bare":
        return body, _headers(entry)
    return _envelope(entry, body), ()


def _headers(entry: dict[str, Any]) -> Headers:
    return tuple((name.replace("_", "-"), entry[name].encode()) for name in HEADER_FIELDS if entry[name])


def _envelope(entry: dict[str, Any], body: bytes) -> bytes:
    """Return the JSON envelope; bytes that are no UTF-8 text, or are packed, travel as base64."""
    packed = entry.get("body_encoding")
    text = base64.b64encode(body).decode("ascii") if packed else body.decode("utf-8")
    fields = {name: entry.get(name) for name in ENVELOPE_FIELDS}
    return json.dumps(fields | {"body": text}, ensure_ascii=False).encode()
