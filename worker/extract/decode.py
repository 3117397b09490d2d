"""A raw page to text: unpacked within the limit, read in the right character set, repaired where it was read wrongly.

Nearly every page is UTF-8, whatever it declares, so that is tried first: it is proved without making a text of
the page, which the parser has no use for. What is declared counts only for what is no UTF-8, and a detector only
where nothing fits.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import webencodings  # type: ignore[import-untyped] # it has no types
import zstandard
from charset_normalizer import from_bytes

from schemas import BodyEncoding, RawPage
from worker.extract.errors import BadEncoding, EmptyPage, NotText, PageTooLarge
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.extract.mojibake import looks_doubled, repaired
from worker.extract.utf8 import is_utf8

HEAD_BYTES = 4_096
"""Bytes searched for a declared character set. The standard says 1,024; pages with long heads exceed it."""

SAMPLE_BYTES = 16_384
"""Bytes shown to the detector: it takes 5 ms for as many, and half a second for a page."""

LOOKED_THROUGH = 1 << 18
"""Characters searched for a tag: a page without one in so many is no HTML."""

MAX_REPLACED = 0.02
"""Share of non-ASCII bytes that may be unreadable in a character set that is still believed.

A page cut inside a letter has one such byte; a page in another character set has most of them.
"""

MAX_CONTROLS = 0.005
"""Share of control characters over which a body is no text: pages have none, pictures a tenth."""

_ZSTD_WINDOW_BYTES = 1 << 27
"""Largest window of a zstd frame: what ``zstd --long`` makes. A frame may ask for terabytes."""

_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b\x08", "gzip without a word of it in body_encoding"),
    (b"\x28\xb5\x2f\xfd", "zstd without a word of it in body_encoding"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"OggS", "a recording"),
    (b"ID3", "a recording"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
)
"""How bodies begin that are no page, and what they are then. RIFF and MP4 have theirs four bytes later."""

_MAGICS = tuple([magic for magic, _ in _MAGIC])

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_META_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_TYPE_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)

_SEVEN_BIT = frozenset({"iso2022_jp"})
"""Character sets that look like ASCII, so that UTF-8 can't be tried before them."""

_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_LONGEST_LETTER_BYTES = 4
_LINES_OF_TEXT = re.compile(rb"[^<>]*[\x80-\xff][^<>]*")
_SURROGATES = re.compile("[\ud800-\udfff]")
_TAG = re.compile(
    r"<(?:!doctype|/?(?:html|head|body|div|p|a|span|meta|link|article|section|main|h[1-6]|ul|ol|li|table|tr|td|br|img"
    r"|script|title|header|nav|rss|feed|xml))[\s/>]",
    re.IGNORECASE,
)
_TAG_BYTES = re.compile(_TAG.pattern.encode(), re.IGNORECASE)
_DOCUMENT_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype|html|head)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as text, and how that was come by."""

    body: bytes
    """The unpacked bytes as they came (of a text body, its UTF-8): what ``page_id`` counts."""

    charset: str | None
    """Character set it was read in; None for a body that came as text."""

    flags: tuple[str, ...] = ()
    """What was odd: ``charset_replaced``, ``double_encoded``."""

    other: str | None = None
    """The text where it is not just what the bytes are in UTF-8."""

    @property
    def text(self) -> str:
        """The page as text; no lone surrogates, no byte-order mark. Clean UTF-8 is read anew each time."""
        return self.body.decode() if self.other is None else self.other

    @property
    def markup(self) -> str | bytes:
        """What to parse: the bytes themselves where they are clean UTF-8, which saves encoding them again."""
        return self.body if self.other is None else self.other

    @property
    def utf8(self) -> bytes:
        """The text as UTF-8, for what looks at bytes."""
        markup = self.markup
        return markup if isinstance(markup, bytes) else markup.encode()


def decode_page(page: RawPage, limits: Limits = DEFAULT_LIMITS) -> PageText:
    """Return the text of ``page``. Pure.

    Raises:
        EmptyPage: There are no bytes, or only white space.
        PageTooLarge: The unpacked body is over ``limits.max_page_bytes``.
        BadEncoding: The body can't be unpacked, or is text in no character set.
        NotText: The body is a picture, an archive or other binary data.
    """
    body = unpacked(page, limits)
    found = _from_text(body) if isinstance(body, str) else _from_bytes(body, page)
    if len(found.body) > limits.max_page_bytes:
        raise PageTooLarge(f"{len(found.body)} bytes, the limit is {limits.max_page_bytes}")
    head = _head(found)
    if not head or (head.isspace() and found.text.isspace()):
        raise EmptyPage("it has no letter")
    _refuse_binary(head)
    return found


def unpacked(page: RawPage, limits: Limits = DEFAULT_LIMITS) -> bytes | str:
    """Return the body with gzip or zstd taken off; at most one byte over the limit is ever unpacked.

    Raises:
        PageTooLarge: The unpacked body is over the limit.
        BadEncoding: The body is not what ``body_encoding`` says.
    """
    body = page.body
    if isinstance(body, bytes):
        if page.body_encoding is BodyEncoding.GZIP:
            body = _gunzip(body, limits.max_page_bytes + 1)
        elif page.body_encoding is BodyEncoding.ZSTD:
            body = _unzstd(body, limits.max_page_bytes + 1)
    if len(body) > limits.max_page_bytes:
        raise PageTooLarge(f"over {limits.max_page_bytes} bytes")
    return body


def is_flattened(page: RawPage, read: PageText) -> bool:
    """Tell whether the page is plain lines and no HTML.

    A server that calls HTML ``text/plain`` is not believed: such pages open like a document.
    """
    media_type = (page.content_type or "").partition(";")[0].strip().lower()
    if media_type == "text/plain":
        return _DOCUMENT_START.match(read.text) is None
    if read.other is None and _TAG_BYTES.search(read.body, 0, LOOKED_THROUGH) is not None:
        return False  # nearly always: so many bytes are no more characters
    return _TAG.search(read.text, 0, LOOKED_THROUGH) is None


def _gunzip(packed: bytes, most: int) -> bytes:
    """Unpack at most ``most`` bytes of gzip, of as many members as there are."""
    parts: list[bytes] = []
    room = most
    while packed and room > 0:
        member = zlib.decompressobj(wbits=31)
        try:
            part = member.decompress(packed, room)
        except zlib.error as error:
            raise BadEncoding(f"not the gzip that body_encoding announces, {error}") from error
        if not member.eof and len(part) < room:
            raise BadEncoding("the gzip ends too early")
        parts.append(part)
        room -= len(part)
        packed = member.unused_data
    return b"".join(parts)


def _unzstd(packed: bytes, most: int) -> bytes:
    """Unpack at most ``most`` bytes of zstd."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    try:
        with unpacker.stream_reader(packed, read_across_frames=True) as reader:
            return reader.read(most)
    except zstandard.ZstdError as error:
        raise BadEncoding(f"not the zstd that body_encoding announces, {error}") from error


def _from_text(text: str) -> PageText:
    """Return a body that came as text; lone surrogates, which no UTF-8 can carry, become U+FFFD."""
    flags: tuple[str, ...] = ()
    try:
        body = text.encode()
    except UnicodeEncodeError:
        text = _SURROGATES.sub("\ufffd", text)
        body = text.encode()
        flags = ("charset_replaced",)
    return _repaired(PageText(body, None, flags, text.removeprefix("\ufeff")))


def _from_bytes(body: bytes, page: RawPage) -> PageText:
    """Return a body that came as bytes, in the character set that fits it."""
    _refuse_magic(body)
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _marked(body, mark, charset)
    if is_utf8(body) and not (b"\x1b" in body and not _SEVEN_BIT.isdisjoint(_declared(body, page))):
        return _repaired(PageText(body, "utf-8"))
    return _repaired(_legacy(body, list(_declared(body, page))))


def _marked(body: bytes, mark: bytes, charset: str) -> PageText:
    """Return a body that opens with a byte-order mark: it outranks whatever is declared."""
    text = body[len(mark) :].decode(charset, "replace")
    return _repaired(PageText(body, f"{charset}-bom", ("charset_replaced",) if "\ufffd" in text else (), text))


def _legacy(body: bytes, declared: list[str]) -> PageText:
    """Return a body that is no clean UTF-8: declared sets first, then damaged UTF-8, then the detector."""
    high = len(body.translate(None, _PLAIN_BYTES))
    odd_zeros = body[1:2_000:2].count(0), body[0:2_000:2].count(0)
    if max(odd_zeros) > len(body[:2_000]) // 4:
        declared = ["utf-16-le" if odd_zeros[0] >= odd_zeros[1] else "utf-16-be", *declared]
    candidates = [*(name for name in declared if name != "utf-8"), "utf-8"]
    if "utf-8" in declared[:1]:
        candidates = ["utf-8", *candidates[:-1]]
    for charset in candidates:
        text = _decoded(body, charset)
        if text is not None and text.count("\ufffd") <= MAX_REPLACED * high + 1:
            odd = "\ufffd" in text or charset not in declared[:1]
            return PageText(body, f"{charset}-cut" if odd else charset, ("charset_replaced",) if odd else (), text)
    charset = _detected(body)
    text = _decoded(body, charset)
    if text is None:
        raise BadEncoding(f"{high} bytes are not ASCII and fit no character set")
    return PageText(body, charset, ("charset_replaced",), text)


_PLAIN_BYTES = bytes(range(0x20, 0x80)) + b"\t\n\r\x00"
"""All bytes that say nothing about the character set."""


def _decoded(body: bytes, charset: str) -> str | None:
    """Return the body read in ``charset``, unreadable bytes as U+FFFD; None if there is no such set."""
    try:
        return body.decode(charset, "replace")
    except (LookupError, UnicodeError):  # `undefined` raises whatever the error handler is
        return None


def _declared(body: bytes, page: RawPage) -> Iterator[str]:
    """Yield the Python names of the declared character sets in order of trust; unknown labels are passed over."""
    labels: list[str] = [page.charset] if page.charset else []
    if page.content_type and (match := _TYPE_CHARSET.search(page.content_type)):
        labels.append(match[1])
    head = body[:HEAD_BYTES]
    labels.extend(m[1].decode("ascii") for m in (_XML_ENCODING.search(head), _META_CHARSET.search(head)) if m)
    for label in labels:
        encoding = webencodings.lookup(label)
        if encoding is not None and encoding.name not in ("replacement", "x-user-defined"):
            yield encoding.codec_info.name


def _detected(body: bytes) -> str:
    """Return the character set that a detector sees in the page's own words, windows-1252 if it sees none.

    Markup is left out: it is ASCII, and all sets agree on it.
    """
    sample = bytearray()
    for match in _LINES_OF_TEXT.finditer(body):
        sample += match[0].strip()[:1_000] + b"\n"
        if len(sample) > SAMPLE_BYTES:
            break
    best = from_bytes(bytes(sample[:SAMPLE_BYTES])).best()
    return best.encoding if best is not None else "windows-1252"


def _repaired(found: PageText) -> PageText:
    """Return the page with double encoding undone and flagged, where there is such."""
    if found.charset in ("utf-8", None) and not looks_doubled(found.body):
        return found  # nearly always, at two microseconds
    text = repaired(found.text)
    if text is None:
        return found
    return PageText(found.body, found.charset, (*found.flags, "double_encoded"), text)


def _refuse_magic(body: bytes) -> None:
    """Raise ``NotText`` for a body that begins as a known kind of file."""
    if body.startswith(_MAGICS):
        kind = next(kind for magic, kind in _MAGIC if body.startswith(magic))
        raise NotText(f"it is {kind}")
    if body[4:8] == b"ftyp" or (body[:4] == b"RIFF" and body[8:12] in (b"WEBP", b"WAVE", b"AVI ")):
        raise NotText("it is a picture or a recording")


def _head(found: PageText) -> str:
    """Return the first ``HEAD_BYTES`` characters of the text."""
    if found.other is not None:
        return found.other[:HEAD_BYTES]
    return found.body[: HEAD_BYTES * _LONGEST_LETTER_BYTES].decode(errors="ignore")[:HEAD_BYTES]  # its last may be cut


def _refuse_binary(head: str) -> None:
    """Raise ``NotText`` where control characters abound in the first part of the text."""
    utf8 = head.encode(errors="replace")
    controls = len(utf8) - len(utf8.translate(None, _CONTROLS))
    if controls > max(4, MAX_CONTROLS * len(head)):
        raise NotText("control characters abound")
