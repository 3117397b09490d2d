import pytest

from worker.cli.sites import is_listable


@pytest.mark.parametrize(
    ("site", "is_one"),
    [("town.example", True), ("例え.jp", True), ("text:crawl-a", False), ("", False), ("a,b", False)],
)
def test_only_domains_are_proposed(site, is_one):
    """A page without an address has a source for its site, which is no site to watch."""
    assert is_listable(site) == is_one
