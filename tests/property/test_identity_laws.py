"""Identity holds for whatever a page links to."""

from hypothesis import given
from hypothesis import strategies as st

from worker.identity import address_key, fold, resolve

TAILS = st.lists(
    st.sampled_from(["/", ".", "?", "&", "=", "%", "%2E", "amp", "utm_id=1", "ref", "id=7"])
    | st.text("abYZ09-_~!$'()*+,:@é", max_size=3),
    max_size=12,
).map("".join)
ADDRESSES = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["harbour.example", "WWW.harbour.example", "m.vnexpress.net", "a..b", "-", "harbour.example:80"]),
    TAILS.map("/{}".format) | st.sampled_from(["", "/harbour-master-1234567.html", "/harbour-master-1234567.html/amp"]),
)


@given(ADDRESSES)
def test_a_clean_address_is_read_as_any_other_is(url):
    """A fragment with a letter that no clean address has changes nothing."""
    assert address_key(f"{url}#é") == address_key(url)


@given(TAILS | ADDRESSES)
def test_white_space_around_a_link_makes_no_other_story(href):
    """A clean link leads where the same one leads that has to be mended first."""
    clean, mended = (resolve(each, "https://harbour.example/news/") for each in (href, f"\t{href} "))

    assert address_key(mended or "") == address_key(clean or "")


@given(st.text(max_size=40) | st.text("aÉßİ\u00adｶㄱ각½… ", max_size=20))
def test_a_letter_folds_by_itself_as_it_does_in_the_long_way(text):
    """A letter beyond the first 65,536 changes nothing of the others."""
    assert fold(f"a{text}b \U00010428") == f"{fold(f'a{text}b')} \U00010428"
