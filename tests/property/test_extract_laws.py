"""What holds for every page, whatever a stranger puts into it."""

import random
import unicodedata
from dataclasses import replace

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import BodyEncoding, RawPage, Reason, RejectReason, SplitPage, TeaserKind, decode, encode
from worker.cli.outcome import line
from worker.cli.pages import PageFile
from worker.cli.split import outcome
from worker.extract import PageError, split_page
from worker.extract.bylines import byline
from worker.extract.flattened import read_flattened
from worker.extract.items import Form, FoundItem
from worker.extract.lexicon import boilerplate_class, date_label, heading_kind, inline_label, month_number
from worker.extract.merge import merge

CHARSETS = st.sampled_from(
    ["utf-8", "undefined", "latin-1", "shift_jis", "utf-16", "utf-7", "hex", "nul\x00", ""]
) | st.text(max_size=12)
TYPES = (
    st.none()
    | st.sampled_from(["text/html", "text/plain", "text/html; charset=undefined", "image/png"])
    | st.text(max_size=20)
)
ADDRESSES = st.none() | st.sampled_from(
    [
        "https://paper.example/news/ferry-1",
        "javascript:alert(1)",
        "http://[",
        "file:///x",
        "//x",
        "https://paper.example/",
    ]
)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div class='card'>",
            "</div>",
            "<a href='/news/story-1'>",
            "<a href='javascript:x'>",
            "</a>",
            "<h1>",
            "</h1>",
            "<h2>Related</h2>",
            "<script type='application/ld+json'>",
            "</script>",
            '{"@type":"NewsArticle","headline":',
            '"A \\ud800 headline"',
            "}",
            "<img src='data:x'>",
            "<ul><li>",
            "<!--",
            "-->",
            "<meta charset='undefined'>",
            "<title>",
            "</title>",
            "A ferry goes electric on the fjord. ",
            "It takes a hundred guests over the water each day. ",
            "<b",
            "&#xd800;",
            "\x00",
            "<br>",
            "<article>",
            "<time datetime='9999-99-99'>",
            "|",
            "\n",
        ]
    ),
    max_size=60,
).map("".join)
LINES = st.lists(
    st.sampled_from(
        [
            "|",
            "Ann Lee |",
            "RELATED NEWS",
            "A ferry goes electric",
            "The library moves",
            "It sails in spring.",
            "More",
            "",
            "Ann Lee",
        ]
    )
    | st.text(max_size=30),
    max_size=40,
).map("\n".join)
BODIES = (
    st.binary(max_size=400) | MARKUP | LINES | st.text(max_size=200) | MARKUP.map(lambda text: text.encode("utf-16"))
)


@st.composite
def raw_pages(draw: st.DrawFn) -> RawPage:
    """A page with every field that a stranger controls."""
    body = draw(BODIES)
    return RawPage.model_construct(
        url=draw(ADDRESSES),
        fetched_at=None,
        content_type=draw(TYPES),
        charset=draw(st.none() | CHARSETS),
        body=body,
        body_encoding=draw(st.sampled_from([None, *BodyEncoding])) if isinstance(body, bytes) else None,
        source=draw(st.text(min_size=1, max_size=10).filter(lambda text: text.isprintable())),
    )


def outcome_of(page: RawPage) -> SplitPage | RejectReason:
    try:
        return split_page(page)
    except PageError as error:
        return error.reason


@settings(max_examples=300, deadline=None)
@given(raw_pages())
def test_any_page_is_split_or_refused(page):
    """Whatever the body, the charset and the type it claims, the page has one outcome, and the same one again."""
    first = outcome_of(page)

    assert isinstance(first, SplitPage | RejectReason)
    assert first == outcome_of(page)


@settings(max_examples=300, deadline=None)
@given(raw_pages())
def test_the_totals_of_any_page_add_up(page):
    """What is found is passed on, merged, dropped or rejected: every item once."""
    split = outcome_of(page)
    if not isinstance(split, SplitPage):
        return
    counts = split.counts

    passed = len(split.teasers) + (split.article is not None)

    assert counts.found == passed + counts.merged_in_page + counts.dropped + counts.rejected
    assert len(split.settled) == counts.merged_in_page + counts.dropped + counts.rejected


@settings(max_examples=200, deadline=None)
@given(raw_pages())
def test_any_outcome_is_a_line_of_json(page):
    """One line of valid UTF-8 with the five keys; a rejected page has neither article nor teasers."""
    written = line(outcome(PageFile("page", page)), is_explained=False)

    read = orjson.loads(written)
    assert ["id", "article", "teasers", "counts", "rejected"] == list(read)
    assert 1 == written.count(b"\n")
    assert read["rejected"] != "internal"
    assert read["rejected"] is None or (read["article"] is None and read["teasers"] == [])


@settings(max_examples=200, deadline=None)
@given(raw_pages())
def test_a_split_page_survives_the_wire(page):
    """Decoding what was encoded gives the same record, so no lone surrogate and no odd number gets into one."""
    split = outcome_of(page)
    if isinstance(split, SplitPage):
        assert split == decode(SplitPage, encode(split))


ITEMS = st.builds(
    FoundItem,
    form=st.sampled_from([Form.TEXT_GROUP, Form.LINKED_CARD]),
    place=st.just(0),
    headline=st.none()
    | st.sampled_from(["A ferry goes electric", "A FERRY goes electric", "The library moves", "Video"]),
    lead=st.none()
    | st.sampled_from(["It sails", "It sails in spring.", "It sails …", "It stays.", "IT SAILS in spring."]),
    authors=st.sampled_from([(), ("Ann Lee",), ("Bob Ray", "Ann Lee")]),
    agency=st.none() | st.sampled_from(["AFP", "dpa"]),
    url=st.none()
    | st.sampled_from(
        ["https://paper.example/a-1", "https://paper.example/a-1?utm_source=x", "https://paper.example/b-2"]
    ),
    image=st.none() | st.just("https://paper.example/i.jpg"),
    kind=st.sampled_from(TeaserKind),
    heading=st.none() | st.sampled_from(["Related", "Most read"]),
    cut=st.sampled_from([frozenset(), frozenset({"lead"})]),
    settled_as=st.none() | st.sampled_from([None, None, Reason.BOILERPLATE]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ITEMS, max_size=12), st.randoms())
def test_merging_in_any_order_gives_the_same(items, chance: random.Random):
    """The order in which items are found is of no account: their places on the page are."""
    placed = [replace(item, place=n) for n, item in enumerate(items)]
    shuffled = placed.copy()
    chance.shuffle(shuffled)

    assert merge(placed, site="paper.example", own_keys=frozenset()) == merge(
        shuffled, site="paper.example", own_keys=frozenset()
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(ITEMS, max_size=12))
def test_no_story_is_a_teaser_twice(items):
    """After merging, each teaser of a page has an id of its own and positions count from 1."""
    placed = [replace(item, place=n) for n, item in enumerate(items)]

    teasers = merge(placed, site="paper.example", own_keys=frozenset()).teasers

    assert len({teaser.teaser_id for teaser in teasers}) == len(teasers)
    assert list(range(1, len(teasers) + 1)) == [teaser.position for teaser in teasers]


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_every_line_of_a_flattened_page_is_used_once_at_most(text):
    """Items of a flattened page stand at different places, and every text is a line of the page in NFC."""
    page = read_flattened(text)

    places = [item.place for item in page.items]
    assert len(set(places)) == len(places)
    texts = [block.text for block in page.article.body] if page.article else []
    assert all(unicodedata.is_normalized("NFC", each) and each == " ".join(each.split()) for each in texts)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_every_lookup_is_total(text):
    """Whatever the text, looking it up in the lexicon and taking it apart as a byline gives an answer."""
    for look in (heading_kind, inline_label, boilerplate_class, date_label, month_number, byline):
        look(text)
