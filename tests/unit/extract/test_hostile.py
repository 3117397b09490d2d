"""Pages made to hurt. What they cost is measured by ``benchmarks/hostile.py``; here only how they end."""

import pytest

from benchmarks.hostile import PAGES, REFUSED, odd_addresses
from worker.extract import PageError, split_page
from worker.extract.complexity import attribute_work, nesting_work, refuse_complex
from worker.extract.errors import TooComplex

SLOW = {"400,000 short paragraphs", "angle brackets", "2,000,000 short lines", "byline of 4 MB", "80,000 links"}
"""Pages that take over half a second and are left to the benchmark, which holds them to the same."""


@pytest.mark.parametrize("name", [name for name in PAGES if name not in SLOW])
def test_a_hostile_page_has_one_outcome(name):
    """Whatever is done to a page, it ends as a split whose addresses are http(s), or as a named error."""
    try:
        split, reason = split_page(PAGES[name]()), None
    except PageError as error:
        split, reason = None, error.reason

    assert REFUSED.get(name, reason) == reason
    assert split is None or [] == odd_addresses(split)


@pytest.mark.parametrize(
    "html",
    [
        b"<div>" * 30_000,
        b"<div></x>" * 30_000,
        b"<ul><li>" * 30_000,
        b"<DIV\n>" * 30_000,
        b"<p>a</p>" * 300_000,
        b"<div><p>text</p>" * 30_000,
        b"<p>" + b"word " * 400_000 + b"<div>" * 30_000,
        b"<div " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b">",
        b"<div " + b" ".join(b"a%d='>'" % n for n in range(40_000)) + b">" + b"<p>text</p>" * 10,
        (b"<div " + b" ".join(b"a%d" % n for n in range(2_000)) + b">x</div>") * 400,
    ],
)
def test_what_makes_the_parser_quadratic_is_refused(html):
    """Deep nesting, very many elements or attributes are told by the bytes, before the parser sees them."""
    with pytest.raises(TooComplex):
        refuse_complex(html)


@pytest.mark.parametrize(
    "html",
    [
        b"<p>text" * 100_000,
        b"<p>a</p>" * 200_000,
        b"<ul>" + b"<li>item" * 100_000 + b"</ul>",
        b"<div><p>text</p></div>" * 100_000,
        b"<div>" * 300 + b"<p>text</p>" * 5_000,
        b"<script>" + b"if (a<b && c>d) { e = '<div>'; }" * 50_000 + b"</script>",
        b"<p>text</p>" + b"<!-- an advertisement -->" * 30_000,
        b"<p>" + b"word " * 900_000,
        b'<img src="data:image/png;base64,' + b"A" * 3_000_000 + b'">',
        b"<div data-props='" + b'{"a": 1, "b": [2, 3]}, ' * 100_000 + b"'></div>",
        b"",
    ],
)
def test_a_long_page_that_is_only_long_is_read(html):
    """Length alone refuses nothing: flat lists, long texts, inline data, scripts."""
    refuse_complex(html)

    assert nesting_work(html[:200_000]) <= 200_000_000


def test_attributes_are_counted_outside_quotes():
    """A value in quotes is no attribute, however many blanks and signs it holds."""
    quoted = b"<div a='" + b"x > y " * 200_000 + b"' b=\"" + b"z " * 100_000 + b'">'

    assert attribute_work(quoted) < 100
