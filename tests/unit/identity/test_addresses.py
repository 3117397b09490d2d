import pytest

from worker.identity import address_key, is_front_page, resolve

PLAIN = "https://example.com/news/a-story"


@pytest.mark.parametrize(
    "variant",
    [
        "http://example.com/news/a-story",
        "https://www.example.com/news/a-story",
        "https://m.example.com/news/a-story",
        "https://mobile.example.com/news/a-story",
        "https://amp.example.com/news/a-story",
        "https://EXAMPLE.com/news/a-story",
        "https://example.com:443/news/a-story",
        "http://example.com:80/news/a-story",
        "https://example.com./news/a-story",
        "https://example.com/news/a-story/",
        "https://example.com/news/a-story/amp",
        "https://example.com/news/a-story/amp/",
        "https://example.com/news/a-story.amp",
        "https://example.com/news/a-story?amp=1",
        "https://example.com/news/a-story#comments",
        "https://example.com/news/a-story?utm_source=feed&utm_medium=rss",
        "https://example.com/news/a-story?TrackID=12&fbclid=x#top",
        "https://example.com/news/a-story?",
        "https://example.com/news/%61-story",
        "https://example.com/news/x/../a-story",
        "https://example.com/./news/a-story",
        "https://user:word@example.com/news/a-story",
        " https://example.com/news/a-story\n",
        "https://example.com/news\\a-story",
    ],
)
def test_a_way_to_write_an_address_has_the_key_of_the_address(variant):
    """Scheme, first label, port, tails, fragment, tracking and encoding do not make another story."""
    assert address_key(PLAIN) == address_key(variant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PLAIN, "https://example.com/news/a-story-2"),
        (PLAIN, "https://news.example.com/news/a-story"),
        (PLAIN, "https://example.com:8080/news/a-story"),
        (PLAIN, "https://example.com/News/a-story"),
        (PLAIN, "https://example.com/news/a-story?id=7"),
        ("https://example.com/read?id=7", "https://example.com/read?id=8"),
        ("https://example.com/read?unheard_of=7", "https://example.com/read?unheard_of=8"),
        ("https://example.com/a-story-1234567", "https://example.com/another-story-1234567"),
        ("https://m.co.uk/x", "https://www.co.uk/x"),
        ("https://m.com/x", "https://www.com/x"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/%E9", "https://example.com/%C3%A9"),
    ],
)
def test_another_story_has_another_key(one, other):
    """What may name a story counts: path, unknown parameters, edition hosts, ports, encoded slashes."""
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/tin-t%E1%BB%A9c", "https://example.com/tin-tức"),
        ("https://example.com/tin-tu\u031b\u0301c", "https://example.com/tin-tức"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://BÜCHER.example/x", "https://xn--bcher-kva.example/x"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/%c3%A9%2f", "https://example.com/%C3%a9%2F"),
        ("https://example.com/?b=2&a=1", "https://example.com/?a=1&b=2"),
        ("https://example.com/?q=a+b", "https://example.com/?q=a%20b"),
        ("https://[::1]:8080/x", "https://[0:0:0:0:0:0:0:1]:8080/x"),
    ],
)
def test_encodings_of_one_address_have_one_key(one, other):
    """Encoded and plain letters, composed and decomposed, A-labels and U-labels are one address."""
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://laodong.vn/the-gioi/mot-tin-1234567.ldo", "laodong.vn#1234567"),
        ("https://m.laodong.vn/xa-hoi/ten-khac-1234567.ldo?utm_source=x", "laodong.vn#1234567"),
        ("https://news.laodong.vn/world/a-story-1234567.ldo", "news.laodong.vn#1234567"),
        ("https://vnexpress.net/mot-tin-4567890.html", "vnexpress.net#4567890"),
        ("https://laodong.vn/the-gioi/", "laodong.vn/the-gioi"),
        ("https://example.com/a-story-1234567.ldo", "example.com/a-story-1234567.ldo"),
    ],
)
def test_a_declared_story_number_is_the_key(url, key):
    """On a host that declares a pattern the number names the story, whatever the address says beside it."""
    assert key == address_key(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/news/a-story",
        "ftp://example.com/x",
        "javascript:void(0)",
        "https://",
        "https:///x",
        "https://exa mple.com/x",
        "https://example.com:99999/x",
        "https://example.com:0/x",
        "https://example.com:x/x",
        "https://exa..mple.com/x",
        "https://[::1/x",
        "https://[zz]/x",
        "https://" + "a" * 64 + ".com/x",
        "https://example.com/" + "a" * 2_048,
        "https://example.com/\ud800",
        "https://\u2044.com/x",
    ],
)
def test_what_is_no_address_has_no_key(url):
    """Another scheme, a malformed host or port, a lone surrogate and an endless address have no key."""
    assert address_key(url) is None


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://other.example/x?y=1#z", "https://other.example/x?y=1#z"),
        ("/x", "https://www.example.com/x"),
        ("/x?y=1", "https://www.example.com/x?y=1"),
        ("x", "https://www.example.com/a/x"),
        ("../x", "https://www.example.com/x"),
        ("?y=1", "https://www.example.com/a/b?y=1"),
        ("#c", "https://www.example.com/a/b?q=1#c"),
        ("//other.example/x", "https://other.example/x"),
        ("\n\t /x\r\n", "https://www.example.com/x"),
        ("/a\n\tb", "https://www.example.com/ab"),
        ("/a b", "https://www.example.com/a%20b"),
        ("\\x\\y", "https://www.example.com/x/y"),
        ("HTTPS://Other.Example/X", "https://Other.Example/X"),
        ("/tin-tức", "https://www.example.com/tin-tức"),
    ],
)
def test_a_link_resolves_as_in_a_browser(href, address):
    """White space goes, relative and protocol-relative links are taken from the base."""
    assert address == resolve(href, "https://www.example.com/a/b?q=1")


@pytest.mark.parametrize(
    "href",
    [
        "javascript:void(0)",
        "mailto:desk@example.com",
        "tel:+4930123",
        "data:text/html,x",
        "http://[",
        "http://a b/",
        "https://example.com:99999/",
        "/\ud800",
        "/" + "a" * 2_048,
        "java\nscript:void(0)",
    ],
)
def test_what_leads_nowhere_resolves_to_nothing(href):
    """Other schemes, malformed hosts, lone surrogates and endless links are no addresses."""
    assert resolve(href, "https://www.example.com/a/b") is None


def test_a_relative_link_without_base_resolves_to_nothing():
    """A page without address has only absolute links."""
    assert resolve("/x", None) is None
    assert "https://example.com/x" == resolve("https://example.com/x", None)


def test_a_base_that_is_no_address_gives_nothing():
    """A base of another scheme does not lend its scheme to a link."""
    assert resolve("/x", "file:///etc/") is None
    assert resolve("/x", "https://exa mple/") is None


def test_a_front_page_is_told_from_a_story():
    """The host alone names no story; a path or a query may."""
    assert is_front_page("https://www.example.com/?utm_source=x#top")
    assert not is_front_page("https://www.example.com/x")
    assert not is_front_page("https://www.example.com/?id=1")
    assert not is_front_page("mailto:x@example.com")
