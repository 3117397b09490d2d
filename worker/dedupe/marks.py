"""Marks: what an exact repeat is known by, made once at the split and carried. **Pure**.

A mark is a teaser's key, a digest of what is compared and how it is shown. The marks of a page are one text, so
that `dedupe` reads them with one call and needs no field of a teaser that brings nothing.
"""

import struct
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from operator import attrgetter, itemgetter
from typing import Any
from zlib import crc32

import orjson

from schemas import SplitPage, TeaserKind
from worker.dedupe.entries import KEY_BYTES
from worker.dedupe.teasers import WITHOUT_ADDRESS, shown_of

EXACT_BYTES = KEY_BYTES + 4
"""Key and digest: what an exact repeat is known by."""

MARK_BYTES = EXACT_BYTES + 1
"""Key, digest, and the place of the kind in `TeaserKind`, plus `WITHOUT_ADDRESS` for a teaser known by its headline."""

_PLACES = {kind: place for place, kind in enumerate(TeaserKind)}
_fields_of = attrgetter("__dict__")
_how_of = itemgetter("kind", "url")


class MalformedId(ValueError):
    """An id of a split page is not 32 hex digits: another version of the split wrote it."""


def marks_of(page: SplitPage) -> str:
    """Return the marks of the page's teasers, in base64.

    Raises:
        MalformedId: An id is not 32 hex digits.
    """
    items = list(map(_fields_of, page.teasers))
    columns = zip((key_of(item["teaser_id"]) for item in items), digests_of(items), map(_how, items), strict=True)
    return b2a_base64(b"".join(_MARK.pack(*mark) for mark in columns), newline=False).decode("ascii")


def read_marks(page: SplitPage) -> bytes:
    """Return the marks that the page carries, or those that it should, one after the other.

    Raises:
        MalformedId: They are no marks of so many teasers.
    """
    try:
        marks = a2b_base64(page.marks if page.marks is not None else marks_of(page))
    except ValueError as error:
        raise MalformedId(f"page {page.page_id!r}: {error}") from error
    if len(marks) != MARK_BYTES * len(page.teasers):
        raise MalformedId(f"page {page.page_id!r}: {len(marks)} bytes are no marks of {len(page.teasers)} teasers")
    return marks


def digests_of(items: Iterable[dict[str, Any]]) -> list[int]:
    """Return the digest of all that is compared of each item."""
    return list(map(crc32, map(orjson.dumps, map(shown_of, items))))


def key_of(record_id: str) -> bytes:
    """Return the key of a page, an article or a teaser.

    Raises:
        MalformedId: The id is not 32 hex digits.
    """
    try:
        key = bytes.fromhex(record_id)
    except ValueError as error:
        raise MalformedId(f"{record_id!r} is no hex") from error
    if len(key) != KEY_BYTES:
        raise MalformedId(f"{record_id!r} is not {KEY_BYTES} bytes long")
    return key


def _how(item: dict[str, Any]) -> int:
    kind, url = _how_of(item)
    return _PLACES[kind] + (WITHOUT_ADDRESS if url is None else 0)


_MARK = struct.Struct(f">{KEY_BYTES}sIB")
