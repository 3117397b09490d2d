"""The input: one fetched page, as a crawler hands it over."""

import base64
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, Strict, field_serializer, model_validator

from schemas.base import Record


class BodyEncoding(StrEnum):
    """How ``body`` was packed before base64; without one it is plain text."""

    IDENTITY = "identity"
    GZIP = "gzip"
    ZSTD = "zstd"


class RawPage(Record):
    """One fetched page, before anything was read from it.

    Topic: ``pages.raw.v1``. Key: any; the page's address is usual.
    Two wire forms: this record as JSON, or the bare body as the value with the headers
    ``url``, ``content-type``, ``fetched-at`` and, where known, ``charset`` and ``source``.
    """

    url: str | None = None
    """Address that the page was fetched from, absolute; null where it has none.

    Source: the crawler. A page without one gets its site from ``source``.
    """

    fetched_at: AwareDatetime | None = None
    """When the page was fetched, with zone; null where the crawler doesn't say.

    It is the page's event time, and part of ``page_id``.
    """

    content_type: str | None = None
    """Media type as the server gave it, parameters and all (``text/html; charset=utf-8``); null where unknown.

    ``text/plain`` marks a flattened page; without a type the body is looked at.
    """

    charset: str | None = None
    """Character set that the crawler knows of, by its WHATWG label; null leaves it to the page.

    It outranks ``content_type`` and the page's own meta element.
    """

    body: Annotated[Annotated[str, Strict()] | bytes, Field(union_mode="left_to_right")]
    """The page: text, or bytes. In JSON text, or base64 where ``body_encoding`` is given."""

    body_encoding: BodyEncoding | None = None
    """How the bytes of ``body`` are packed: identity, gzip or zstd, then base64 in JSON; null for plain text."""

    source: str = Field(default="unknown", min_length=1, max_length=200)
    """Name of the crawler or feed. It stands in for the site of pages without address (``text:<source>``)."""

    @model_validator(mode="before")
    @classmethod
    def _unpack_base64(cls, data: object) -> object:
        """Turn a base64 text body into bytes; the packing below it is the core's affair, for its limits."""
        if not isinstance(data, dict) or data.get("body_encoding") is None or not isinstance(data.get("body"), str):
            return data
        try:
            return data | {"body": base64.b64decode(data["body"], validate=True)}
        except ValueError as error:
            raise ValueError(f"body: not the base64 that body_encoding {data['body_encoding']!r} announces") from error

    @field_serializer("body", when_used="json")
    def _body_as_text(self, body: bytes | str) -> str:
        return body if isinstance(body, str) else base64.b64encode(body).decode("ascii")

    @field_serializer("body_encoding", when_used="json")
    def _encoding_of_body(self, encoding: BodyEncoding | None) -> BodyEncoding | None:
        """Bytes always travel as base64, so that any byte survives."""
        return BodyEncoding.IDENTITY if encoding is None and isinstance(self.body, bytes) else encoding
