"""Addresses in one form, so that two links to one story have one key. **Pure**, **total**.

A page has up to 170 links and all of identity two milliseconds: clean addresses, nearly all of them, take a
path of one regular expression and two look-ups.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urljoin

from worker.identity.domains import is_public_suffix
from worker.identity.hosts import parsed_host
from worker.identity.rules import PARAMETERS, STORIES, content, story_patterns, tracking

MAX_ADDRESS_CHARACTERS = 2_048
"""Longest address taken. Browsers and sitemaps stop there; what is longer holds data, not a place."""

ADDRESSES_KEPT = 8_192
"""Addresses remembered, about 3 MB: the links of the last fifty pages or so, where repeats are."""

_UNCOUNTED_LABELS = ("www.", "m.", "mobile.", "amp.")
_AMP_TAILS = ("/amp", ".amp")

_PATH = r"A-Za-z0-9._~/!$&'()*+,;=:@\-"
_CLEAN = re.compile(rf"https?://([A-Za-z0-9.-]+)(/[{_PATH}]*)?").fullmatch
_CLEAN_WITH_QUERY = re.compile(rf"https?://[a-z0-9.-]+(?:/[{_PATH}%]*(?:\?[{_PATH}?%]*)?)?").fullmatch
_CLEAN_FROM_ROOT = re.compile(rf"/(?:[A-Za-z0-9_~-][{_PATH}%]*(?:\?[{_PATH}?%]*)?)?").fullmatch
_AS_IT_IS = re.compile(rf"[{_PATH}?]*").fullmatch
_PARTS = re.compile(r"https?://([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE | re.DOTALL).fullmatch
_AUTHORITY = re.compile(r"https?://([^/?#\\]*)", re.IGNORECASE).match
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TO_ENCODE = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})")
_SPACES = re.compile(r"[\x00-\x20\x7f]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_UNDECODED = frozenset(bytes(range(0x80, 0x100)).decode("ascii", "surrogateescape"))
"""What decoding makes of bytes that are no UTF-8: addresses in Latin-1 keep theirs."""

_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_NOT_IN_ADDRESSES = {ord(letter): None for letter in "\t\n\r"}
"""Taken out wherever they stand, as browsers do. Source: URL Standard, basic URL parser."""

_DROP_PREFIXES, _DROP_NAMES, _KEEP_NAMES = tracking(content(PARAMETERS))
_STORY_PATTERNS = story_patterns(content(STORIES))

STORY_HOSTS = tuple(_STORY_PATTERNS)
"""Hosts that declare story numbers, without a first label www, m, mobile or amp."""


def resolve(href: str, base: str | None) -> str | None:
    """Return the absolute http(s) address that ``href`` means, as the page has it.

    Args:
        href: A link as it stands in a page, white space and all.
        base: Absolute address that relative links are resolved against; None where there is none.

    Returns:
        None for another scheme, a malformed host or port, a lone surrogate, and what is longer than
        ``MAX_ADDRESS_CHARACTERS``.
    """
    if len(href) <= MAX_ADDRESS_CHARACTERS and base is not None and _CLEAN_FROM_ROOT(href):
        origin = origin_of(base)
        return None if origin is None else _within_limit(origin + href)
    url = href
    if not _CLEAN_WITH_QUERY(url):
        url = _joined(href.translate(_NOT_IN_ADDRESSES).strip(_C0_AND_SPACE), base)
    return None if host_of(url) is None else _within_limit(url)


@lru_cache(ADDRESSES_KEPT)
def address_key(url: str) -> str | None:
    """Return the canonical form of an absolute address: what identity compares.

    ``host/path?query`` without scheme, first label www, m, mobile or amp, default port, fragment and known
    tracking parameters; or ``host#number`` on a host that declares story numbers.

    Returns:
        None for what is no absolute http(s) address within the limits of ``resolve``.
    """
    clean = _CLEAN(url)
    if clean is None or "/." in url or len(url) > MAX_ADDRESS_CHARACTERS:
        return _key_of_any(url)
    authority, path = clean.groups("")
    host = _counted_host(authority)
    return None if host is None else _key(host, path, "")


def host_of(url: str) -> str | None:
    """Return the host of an absolute http(s) address, lower case and in A-labels, or None without one."""
    authority = _AUTHORITY(url)
    host = None if authority is None else parsed_host(authority[1])
    return None if host is None else host.name


def is_front_page(url: str) -> bool:
    """Tell whether the address is that of a host itself, which names no story."""
    key = address_key(url)
    return key is not None and not any(letter in key for letter in "/?#")


def _key(host: str, path: str, query: str) -> str:
    """Return the key of parts that are in their one form already, but for the tails of the path."""
    path = path.removesuffix("/")
    if path.endswith(_AMP_TAILS):
        path = path[:-4]
    pattern = _STORY_PATTERNS.get(host)
    if pattern is not None and (number := pattern.search(path)):
        return f"{host}#{number['id']}"
    return f"{host}{path}?{query}" if query else host + path


def _key_of_any(url: str) -> str | None:
    """Return the key of an address that may hold anything."""
    if len(url) > MAX_ADDRESS_CHARACTERS or not _is_encodable(url):
        return None
    parts = _PARTS(url.translate(_NOT_IN_ADDRESSES).strip(_C0_AND_SPACE))
    host = None if parts is None else _counted_host(parts[1])
    if parts is None or host is None:
        return None
    path = _without_dots(_one_encoding(parts[2].replace("\\", "/")))
    return _key(host, path, _counted_query(parts[3] or ""))


@lru_cache(ADDRESSES_KEPT)
def _counted_host(authority: str) -> str | None:
    """Return host and port as they count: without a first label that names a form of the site."""
    host = parsed_host(authority)
    if host is None:
        return None
    name = host.name
    for label in _UNCOUNTED_LABELS:
        rest = name.removeprefix(label)
        if rest != name and "." in rest and not is_public_suffix(rest):
            name = rest
            break
    return name + host.port


def _counted_query(query: str) -> str:
    """Return the parameters that may name a story, ordered by name; equal names keep their order."""
    if not query:
        return ""
    pairs = [_one_encoding(pair).replace("%20", "+") for pair in query.split("&") if pair]
    counted = [pair for pair in pairs if not _is_tracking(pair.partition("=")[0].lower())]
    return "&".join(sorted(counted, key=_parameter_name))


def _parameter_name(pair: str) -> str:
    return pair.partition("=")[0]


def _is_tracking(name: str) -> bool:
    return name not in _KEEP_NAMES and (name in _DROP_NAMES or name.startswith(_DROP_PREFIXES))


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


def _joined(url: str, base: str | None) -> str:
    """Return ``url`` resolved against ``base``, spaces encoded; nothing where that can't be done."""
    head, mark, tail = _before_query(url)
    url = _SPACES.sub(_encoded_letter, head.replace("\\", "/") + mark + tail)
    try:
        return urljoin(base or "", url)
    except ValueError:  # an unclosed bracket in the host
        return ""


def _before_query(url: str) -> tuple[str, str, str]:
    place = min((at for at in (url.find("?"), url.find("#")) if at >= 0), default=len(url))
    return url[:place], url[place : place + 1], url[place + 1 :]


@lru_cache(1_024)
def origin_of(base: str) -> str | None:
    """Return scheme and authority of ``base``, or None where it is no usable address."""
    if host_of(base) is None:
        return None
    scheme, _, rest = base.partition("://")
    return f"{scheme}://{re.split(r'[/?#]', rest, maxsplit=1)[0]}"


def _within_limit(url: str) -> str | None:
    return url if len(url) <= MAX_ADDRESS_CHARACTERS and _is_encodable(url) else None


def _is_encodable(url: str) -> bool:
    """Tell whether the text has no lone surrogate, which no encoding takes."""
    if url.isascii():
        return True
    try:
        url.encode()
    except UnicodeEncodeError:
        return False
    return True
