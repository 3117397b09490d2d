import base64
import gzip
import io
import zipfile

import pytest
import zstandard

from schemas import BodyEncoding, RawPage
from worker.extract.decode import decode_page, is_flattened
from worker.extract.errors import BadEncoding, EmptyPage, NotText, PageTooLarge
from worker.extract.limits import Limits

GERMAN = "<html><body><p>Die Fähre fährt künftig häufiger über die Förde, größer und schöner.</p></body></html>"
VIETNAMESE = "<html><body><p>Chợ nổi họp lại sau mười năm vắng ghe trên sông Hồng.</p></body></html>"
RUSSIAN = "<html><body><p>Паром через залив будет ходить чаще, чем в прошлом году, сообщили в порту.</p></body></html>"
JAPANESE = "<html><body><p>無人駅の待合室に町の本棚ができました。読書の秋です。</p></body></html>"


def text_of(body: bytes | str, **told: object) -> str:
    return decode_page(RawPage(body=body, **told)).text


def flags_of(body: bytes | str, **told: object) -> tuple[str, ...]:
    return decode_page(RawPage(body=body, **told)).flags


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (GERMAN, "iso-8859-1"),
        (GERMAN, "windows-1252"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso-2022-jp"),
        (VIETNAMESE, "utf-8"),
    ],
)
def test_a_declared_character_set_is_read(text, charset):
    """Text in the character set that the crawler, the server or the page declares comes out letter for letter."""
    declared = text.replace("<html>", f'<html><head><meta charset="{charset}"></head>')

    assert text == text_of(text.encode(charset), charset=charset)
    assert text == text_of(text.encode(charset), content_type=f'text/html; charset="{charset.upper()}"')
    assert declared == text_of(declared.encode(charset))


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_outranks_what_is_declared(charset):
    """A body that opens with a mark is read by it, and the mark is no part of the text."""
    assert VIETNAMESE == text_of(VIETNAMESE.encode(charset), charset="windows-1252")


def test_utf_16_without_a_mark_is_told_by_its_zeros():
    """A body whose every other byte is zero is UTF-16, whatever is declared."""
    assert GERMAN == text_of(GERMAN.encode("utf-16-le"))
    assert GERMAN == text_of(GERMAN.encode("utf-16-be"))


def test_utf_8_wins_over_a_wrong_declaration():
    """Bytes that are valid UTF-8 are UTF-8, also where Latin-1 is declared."""
    assert VIETNAMESE == text_of(VIETNAMESE.encode(), charset="iso-8859-1")


def test_declared_utf_8_that_is_none_is_read_by_the_page_or_the_detector():
    """Where the crawler says UTF-8 and the bytes are none, the page's own word or a detector decides."""
    declared = RUSSIAN.replace(
        "<html>", '<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
    )

    assert declared == text_of(declared.encode("windows-1251"), charset="utf-8")
    assert "Паром" in text_of(RUSSIAN.encode("windows-1251"), charset="utf-8")
    assert ("charset_replaced",) == flags_of(RUSSIAN.encode("windows-1251"), charset="utf-8")


def test_a_page_cut_inside_a_letter_keeps_its_character_set():
    """One unreadable byte at the end does not turn a UTF-8 page into mojibake."""
    body = (VIETNAMESE * 20).encode()[: -len(" trên sông Hồng.</p></body></html>".encode()) - 1]
    body = body[: body.rindex("ờ".encode()) + 1]

    assert text_of(body).startswith("<html><body><p>Chợ nổi họp lại")
    assert ("charset_replaced",) == flags_of(body)


@pytest.mark.parametrize(
    "charset", ["undefined", "idna", "none", "utf-7", "x" * 39, "hex", "unicode_escape", "utf-16le"]
)
def test_a_charset_that_is_none_stops_nothing(charset):
    """An unknown label, or the name of a codec that is no character set of the web, is passed over."""
    assert GERMAN == text_of(GERMAN.encode(), charset=charset)
    assert "fährt künftig" in text_of(GERMAN.encode("windows-1252"), charset=charset)


def as_browsers_read(body: bytes) -> str:
    """Return bytes read as windows-1252 the way browsers do: five bytes that it leaves free are control characters."""
    free = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    return "".join(chr(byte) if byte in free else bytes([byte]).decode("windows-1252") for byte in body)


@pytest.mark.parametrize(
    "read", [lambda body: body.decode("latin-1"), as_browsers_read], ids=["latin-1", "windows-1252"]
)
@pytest.mark.parametrize("text", [GERMAN, VIETNAMESE, RUSSIAN, JAPANESE, "<p>“größer” – “schöner” €</p>"])
def test_double_encoding_is_undone_and_flagged(text, read):
    """UTF-8 that was read in a western set and written again comes back, with a flag that says so."""
    doubled = read(text.encode()).encode()

    assert text == text_of(doubled)
    assert ("double_encoded",) == flags_of(doubled)


@pytest.mark.parametrize(
    "text", [GERMAN, VIETNAMESE, RUSSIAN, "<p>SÃO PAULO, ÃÃ, Ã© alone</p>", "<p>naïve café – “quoted” €</p>"]
)
def test_honest_letters_are_not_taken_for_double_encoding(text):
    """Text that only looks a little like mojibake stays as it is."""
    assert text == text_of(text)
    assert () == flags_of(text)


def test_packed_bodies_are_unpacked():
    """gzip, of one member or more, and zstd come out as the page; the bytes are the same page."""
    body = GERMAN.encode()

    for packed, encoding in (
        (gzip.compress(body), BodyEncoding.GZIP),
        (gzip.compress(body[:50]) + gzip.compress(body[50:]), BodyEncoding.GZIP),
        (zstandard.compress(body), BodyEncoding.ZSTD),
        (body, BodyEncoding.IDENTITY),
    ):
        assert body == decode_page(RawPage(body=packed, body_encoding=encoding)).body


def test_a_base64_text_is_unpacked_too():
    """The wire form of a packed body, base64 in JSON, gives the same page."""
    packed = base64.b64encode(gzip.compress(GERMAN.encode())).decode()

    assert GERMAN == text_of(packed, body_encoding="gzip")


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (b"no gzip at all", BodyEncoding.GZIP),
        (gzip.compress(GERMAN.encode())[:-12], BodyEncoding.GZIP),
        (b"", BodyEncoding.GZIP),
        (b"no zstd at all", BodyEncoding.ZSTD),
        (zstandard.compress(GERMAN.encode() * 9)[:-9], BodyEncoding.ZSTD),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused(packed, encoding):
    """What can't be unpacked, or ends too early, is refused as such."""
    with pytest.raises((BadEncoding, EmptyPage)):
        decode_page(RawPage(body=packed, body_encoding=encoding))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_bomb_is_refused_at_the_limit(pack):
    """A body that unpacks to more than the limit is refused without being unpacked whole."""
    bomb = pack(b"<p>a</p>" * 2_000_000)
    encoding = BodyEncoding.GZIP if pack is gzip.compress else BodyEncoding.ZSTD

    with pytest.raises(PageTooLarge):
        decode_page(RawPage(body=bomb, body_encoding=encoding), Limits(max_page_bytes=10_000))


@pytest.mark.parametrize("body", [b"x" * 101, "ä" * 51])
def test_a_body_over_the_limit_is_refused(body):
    """The limit counts bytes, of a text body its UTF-8."""
    with pytest.raises(PageTooLarge):
        decode_page(RawPage(body=body), Limits(max_page_bytes=100))


@pytest.mark.parametrize("body", [b"", "", b" \r\n\t ", "\u00a0\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_a_body_without_a_letter_is_empty(body):
    """No bytes, blanks, or a byte-order mark alone: the page is empty."""
    with pytest.raises(EmptyPage):
        decode_page(RawPage(body=body))


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("page.html", GERMAN)
    return target.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500),
        b"GIF89a" + bytes(100),
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x20ftypisom" + bytes(100),
        gzip.compress(GERMAN.encode()),
        zstandard.compress(GERMAN.encode()),
        zipped(),
        bytes(range(256)) * 100,
        bytes(5_000),
    ],
)
def test_what_is_no_text_is_refused(body):
    """Pictures, archives, recordings and raw bytes are told from text, whatever type is claimed."""
    with pytest.raises(NotText):
        decode_page(RawPage(body=body, content_type="text/html; charset=utf-8"))


def test_lone_surrogates_of_a_text_body_do_not_get_through():
    """Half a letter, which no UTF-8 can carry, becomes the replacement character and is flagged."""
    page = RawPage.model_construct(body="<p>a\ud800b</p>", charset=None, content_type=None, body_encoding=None)

    found = decode_page(page)

    assert "<p>a\ufffdb</p>" == found.text
    assert ("charset_replaced",) == found.flags


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("Headline here\n\nBy Ann |\n\nText", None, True),
        ("Headline here\n\nText with 1 < 2 and a <- b", "text/html", True),
        ("<p>Headline</p>", "text/plain", True),
        ("  <!DOCTYPE html><html><p>Headline</p></html>", "text/plain; charset=utf-8", False),
        ("<!-- saved --><html><p>Headline</p></html>", "TEXT/PLAIN", False),
        ("<p>Headline</p>", None, False),
        ("text <br> text", "application/octet-stream", False),
    ],
)
def test_plain_lines_are_told_from_html(body, content_type, expected):
    """A page is flattened where it is called plain text or has no tag; HTML that a server miscalls stays HTML."""
    page = RawPage(body=body, content_type=content_type)

    assert expected == is_flattened(page, decode_page(page))
