import pytest

from worker.identity import site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.co.uk/x", "example.co.uk"),
        ("https://news.laodong.vn/x", "laodong.vn"),
        ("https://dantri.com.vn/x", "dantri.com.vn"),
        ("https://M.Example.COM:8080/x", "example.com"),
        ("https://one.blogspot.com/x", "one.blogspot.com"),
        ("https://somebody.github.io/x", "somebody.github.io"),
        ("https://www.gov.uk/x", "www.gov.uk"),
        ("https://gov.uk/x", "gov.uk"),
        ("https://a.b.example/x", "b.example"),
        ("https://127.0.0.1/x", "127.0.0.1"),
        ("https://[::1]/x", "[::1]"),
        ("https://localhost:9000/x", "localhost"),
        ("https://www.bücher.de/x", "xn--bcher-kva.de"),
    ],
)
def test_a_site_is_the_registered_domain(url, site):
    """Hosts without one stand for themselves; an unknown top level takes two labels; blogs are sites."""
    assert site == site_of(url, "crawler-1")


@pytest.mark.parametrize("url", [None, "", "not an address", "https://exa mple.com/"])
def test_a_page_without_usable_address_belongs_to_its_source(url):
    """Flattened pages have no address: who sent them scopes their repeats."""
    assert "text:crawler-1" == site_of(url, "crawler-1")
