"""Text that was read in the wrong character set and written again: ``Lao Äá»ng`` for ``Lao Động``.

Each byte of the UTF-8 became a letter of its own. The way back is exact: those letters as bytes again, the
bytes as UTF-8. It is taken only where both steps succeed for the whole page and foreign letters get fewer.
"""

import codecs

_WINDOWS_1252 = codecs.charmap_build(
    "".join(
        bytes([byte]).decode("windows-1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in range(256)
    )
)
"""Letters to bytes as browsers have it: the five bytes that windows-1252 leaves free are control characters."""

_FIRST_SIGHTS = 8
"""Places looked at before the page is tried as a whole: honest text fails at the first or second."""

_ASCII_END = 0x80


def repaired(text: str) -> str | None:
    """Return ``text`` with double encoding undone; None where there is none. Pure, total."""
    if text.isascii():
        return None
    for as_bytes in (_latin_1, _windows_1252):
        try:
            mended = as_bytes(text).decode()
        except UnicodeError:
            continue  # a letter that has no such byte, or bytes that are no UTF-8: honest text
        if _foreign(mended) < _foreign(text):
            return mended
    return None


def looks_doubled(utf8: bytes) -> bool:
    """Tell whether the first letters that doubling always leaves behind are each followed by another.

    A lead byte of UTF-8 (C2 to F4) read as a letter is written as C3 and one byte, and what follows it was a
    continuation byte, so again no ASCII; in honest text an ASCII letter follows. Where it doesn't look so,
    ``repaired`` finds nothing, at a hundred times the cost.

    Args:
        utf8: The page in UTF-8.
    """
    find, at = utf8.find, 0
    for sight in range(_FIRST_SIGHTS):
        at = find(0xC3, at)
        if at == -1 or at + 2 >= len(utf8):
            return sight > 0
        if utf8[at + 2] < _ASCII_END:
            return False
        at += 2
    return True


def _latin_1(text: str) -> bytes:
    return text.encode("latin-1")


def _windows_1252(text: str) -> bytes:
    return codecs.charmap_encode(text, "strict", _WINDOWS_1252)[0]


def _foreign(text: str) -> int:
    """Return how many letters are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))
