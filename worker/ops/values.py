"""What values of settings look like, and how they are checked. Pure."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from schemas.teaser import TeaserKind
from worker.ops.names import Stage

MAX_SITES = 50
"""Sites with series of their own. Each costs some ten series; the whole process has a budget of 400."""


def _listed(value: object) -> object:
    """Return the parts of a comma separated text; anything else as it is."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise ValueError("a value stands twice")
    return values


def addresses(value: str) -> str:
    """Check ``host:port``, comma separated."""
    parts = [part.strip() for part in value.split(",")]
    for part in parts:
        address(part)
        if part.endswith(":0"):
            raise ValueError("port 0 is no port of a broker")
    return ",".join(parts)


def address(value: str) -> str:
    """Check ``host:port``; an IPv6 host stands in brackets."""
    host, colon, port = value.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:  # noqa: PLR2004 - the largest port there is
        raise ValueError("is not host:port")
    if any(c.isspace() for c in host) or "/" in host or (":" in host and not host.startswith("[")):
        raise ValueError("is not host:port")
    return value


def open_url(value: str | None) -> str | None:
    """Check an address that logs and ``/status`` show: http or https, and no login in it."""
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no http or https address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a login, which logs would show: leave it out")
    return value


StageList = Annotated[tuple[Stage, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_distinct)]
KindList = Annotated[tuple[TeaserKind, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_distinct)]
Host = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.:_-]{0,252}$")]
SiteList = Annotated[
    tuple[Host, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_distinct), Field(max_length=MAX_SITES)
]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
