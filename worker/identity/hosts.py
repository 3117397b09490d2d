"""Hosts in one form: lower case, A-labels, no default port. **Pure**, **total**."""

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

import idna

HOSTS_KEPT = 16_384
"""Hosts remembered, about 4 MB: a deployment reads some thousands of sites and their link targets."""

MAX_HOST_CHARACTERS = 253
"""Source: RFC 1035, section 2.3.4, as text."""

MAX_PORT = 65_535

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
_DEFAULT_PORTS = {"80", "443"}
"""Of http and of https; the scheme doesn't count for identity, so neither does either of its ports."""


class Host(NamedTuple):
    """A host as identity sees it."""

    name: str
    """Lower case, A-labels; an IPv6 address in brackets, in its shortest form."""

    port: str
    """``:8080``, or empty for a default port."""


@lru_cache(HOSTS_KEPT)
def parsed_host(authority: str) -> Host | None:
    """Return host and port of the authority part of an address, or None where either is malformed.

    Args:
        authority: What stands between ``//`` and the path. User and password are passed over.
    """
    location = authority.rpartition("@")[2]
    name, port = _divided(location)
    if port is None:
        return None
    normal = _ip_literal(name) if name.startswith("[") else _name(name)
    return None if normal is None else Host(normal, port)


def _divided(location: str) -> tuple[str, str | None]:
    """Return name and port; None as port where it isn't one."""
    name, colon, port = location.rpartition(":")
    if not colon or "]" in port:
        return location, ""
    if not port:
        return name, ""
    if not (port.isascii() and port.isdigit()) or not 0 < int(port[:6]) <= MAX_PORT or len(port) > len("65535"):
        return name, None
    port = port.lstrip("0")
    return name, "" if port in _DEFAULT_PORTS else f":{port}"


def _ip_literal(name: str) -> str | None:
    if not name.endswith("]"):
        return None
    try:
        return f"[{IPv6Address(name[1:-1]).compressed}]"
    except (AddressValueError, ValueError):
        return None


def _name(name: str) -> str | None:
    name = name.lower() if name.isascii() else _a_labels(name)
    name = name.removesuffix(".")
    if len(name) > MAX_HOST_CHARACTERS or _NAME.fullmatch(name) is None:
        return None
    return name


def _a_labels(name: str) -> str:
    """Return the name in A-labels, or nothing where it isn't an internationalised name."""
    try:
        return idna.encode(name, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError):  # forbidden letters, mixed directions, labels too long
        return ""
