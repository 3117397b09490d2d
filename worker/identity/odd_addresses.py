"""Addresses that may hold anything: joined, taken apart and encoded in one way. **Pure**, **total**.

Clean addresses, nearly all of them, never come here: ``worker.identity.addresses`` reads them by itself.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urljoin

ODD_ADDRESSES_KEPT = 2_048
"""Addresses remembered, under 1 MB each for links and keys: a page has five, and those of menus come again."""

AUTHORITY = re.compile(r"https?://([^/?#\\]*)", re.IGNORECASE).match
"""Match scheme and authority of an absolute http(s) address."""

_PATH = r"A-Za-z0-9._~/!$&'()*+,;=:@\-"
_AS_IT_IS = re.compile(rf"[{_PATH}?]*").fullmatch
_PARTS = re.compile(r"https?://([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE | re.DOTALL).fullmatch
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TO_ENCODE = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})")
_SPACES = re.compile(r"[\x00-\x20\x7f]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_UNDECODED = frozenset(bytes(range(0x80, 0x100)).decode("ascii", "surrogateescape"))
"""What decoding makes of bytes that are no UTF-8: addresses in Latin-1 keep theirs."""

_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_NOT_IN_ADDRESSES = {ord(letter): None for letter in "\t\n\r"}
"""Taken out wherever they stand, as browsers do. Source: URL Standard, basic URL parser."""


@lru_cache(ODD_ADDRESSES_KEPT)
def joined(href: str, base: str | None) -> str:
    """Return ``href`` resolved against ``base``, spaces encoded; nothing where that can't be done."""
    head, mark, tail = _before_query(_trimmed(href))
    url = _SPACES.sub(_encoded_letter, head.replace("\\", "/") + mark + tail)
    try:
        return urljoin(base or "", url)
    except ValueError:  # an unclosed bracket in the host
        return ""


@lru_cache(ODD_ADDRESSES_KEPT)
def parts_of(url: str) -> tuple[str, str, str] | None:
    """Return authority, path and query of an absolute address, the latter two in their one encoding, or None."""
    parts = _PARTS(_trimmed(url)) if is_encodable(url) else None
    if parts is None:
        return None
    path = _without_dots(_one_encoding(parts[2].replace("\\", "/")))
    pairs = [_one_encoding(pair).replace("%20", "+") for pair in (parts[3] or "").split("&")]
    return parts[1], path, "&".join(pairs)


def is_encodable(url: str) -> bool:
    """Tell whether the text has no lone surrogate, which no encoding takes."""
    if url.isascii():
        return True
    try:
        url.encode()
    except UnicodeEncodeError:
        return False
    return True


def _trimmed(url: str) -> str:
    return url.translate(_NOT_IN_ADDRESSES).strip(_C0_AND_SPACE)


def _before_query(url: str) -> tuple[str, str, str]:
    place = min((at for at in (url.find("?"), url.find("#")) if at >= 0), default=len(url))
    return url[:place], url[place : place + 1], url[place + 1 :]


def _one_encoding(part: str) -> str:
    """Return the part with all decoded that may be, the rest encoded in capitals, in NFC."""
    if _AS_IT_IS(part):
        return part
    part = _ENCODED.sub(_decoded_run, part)
    part = _TO_ENCODE.sub(_encoded_letter, part)
    return part if part.isascii() else unicodedata.normalize("NFC", part)


def _encoded_letter(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def _decoded_run(match: re.Match[str]) -> str:
    """Return a run of encoded bytes with unreserved letters and whole UTF-8 letters decoded."""
    raw = bytes.fromhex(match[0].replace("%", ""))
    text = raw.decode("utf-8", "surrogateescape")
    return "".join(_as_it_counts(letter) for letter in text)


def _as_it_counts(letter: str) -> str:
    code = ord(letter)
    if code in _UNRESERVED:
        return letter
    if letter in _UNDECODED:
        return f"%{code & 0xFF:02X}"
    return letter if code >= 0x80 else f"%{code:02X}"  # noqa: PLR2004  where ASCII ends


def _without_dots(path: str) -> str:
    """Return the path with ``.`` and ``..`` resolved. Source: RFC 3986, section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
