"""What of a page is a teaser, and what is none."""

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import TeaserKind
from tests.unit.extract.teasers.page_of import PROSE, STORIES, URL, article, cards, found, items, page
from worker.extract.document import Document
from worker.extract.teasers import Page, find_teasers

BLOCK = f'<section class="related"><h2>Related news</h2>{cards()}</section>'


def test_cards_under_a_heading_are_teasers_with_all_their_parts():
    """Cards after an article come out in page order, each once, with headline, address and picture."""
    got = [(item.headline, item.url, item.image) for item in items(article(BLOCK))]

    expected = [
        (headline, f"https://www.harbour.example/news/{slug}", f"https://www.harbour.example/img/{slug}.jpg")
        for headline, slug in STORIES
    ]
    assert expected == got


def test_a_known_heading_names_the_kind_of_its_block():
    """The heading over a block is kept as shown, and says what kind the block is."""
    related, popular = items(article(BLOCK)), items(article(BLOCK.replace("Related news", "Most read")))

    assert {(TeaserKind.RELATED, "Related news")} == {(item.kind, item.heading) for item in related}
    assert {(TeaserKind.POPULAR, "Most read")} == {(item.kind, item.heading) for item in popular}


def test_a_heading_with_more_words_names_the_kind_all_the_same():
    """A section's name beside a known wording changes nothing, nor that the heading is a link."""
    longer = items(article(BLOCK.replace("Related news", "Most read in the harbour")))
    linked = items(article(BLOCK.replace("Related news", '<a href="/latest-news-all">Latest news</a>')))

    assert {TeaserKind.POPULAR} == {item.kind for item in longer}
    assert {TeaserKind.LATEST} == {item.kind for item in linked}


def test_a_link_beside_a_heading_does_not_name_the_block():
    """A label such as "Read more" between heading and items says nothing; the heading above it counts."""
    beside = BLOCK.replace("Related news</h2>", 'Most read</h2><a href="/all">Read more</a>')

    assert {(TeaserKind.POPULAR, "Most read")} == {(item.kind, item.heading) for item in items(article(beside))}


def test_the_second_tab_of_a_box_is_of_the_kind_of_the_first():
    """One heading stands over all tabs of what is read most."""
    tabs = "".join(f'<div class="tab"><ul>{cards(part)}</ul></div>' for part in (STORIES[:2], STORIES[2:]))

    assert {TeaserKind.POPULAR} == {
        item.kind for item in items(article(f'<div class="box"><h2>Most read</h2>{tabs}</div>'))
    }


def test_a_heading_stands_over_all_that_its_box_holds():
    """One large card in front and a list behind it are of one kind."""
    headline, slug = STORIES[0]
    large = f'<div>Most read</div><a href="/news/{slug}"><b>{headline}</b></a>'
    rest = "".join(f"<li>{cards([each])}</li>" for each in STORIES[1:])
    got = items(article(f'<div class="box">{large}<div><ol>{rest}</ol></div></div>'))

    assert [TeaserKind.POPULAR] * len(STORIES) == [item.kind for item in got]


def test_of_labels_in_a_row_each_list_takes_its_own():
    """Three buttons, then the lists that they show: the first list is the first button's."""
    row = "".join(f"<li><button>{label}</button></li>" for label in ("Most read", "Latest news", "Tags"))
    tabs = "".join(f'<div class="tab"><ul>{cards(part)}</ul></div>' for part in (STORIES[:2], STORIES[2:]))
    got = [(item.kind, item.heading) for item in items(article(f'<div class="box"><ul>{row}</ul>{tabs}</div>'))]

    assert [(TeaserKind.POPULAR, "Most read")] * 2 + [(TeaserKind.LATEST, "Latest news")] * 2 == got


def test_pointers_between_paragraphs_are_inline_however_many():
    """One pointer after each paragraph, as many as there are, are inline; as many in one place are a block."""
    links = [f'<div class="link"><a href="/news/{slug}">{headline}</a></div>' for headline, slug in STORIES]
    apart = "".join(f"{link}{PROSE}" for link in links)

    assert [TeaserKind.INLINE] * len(links) == kinds_inside(f"{PROSE}{apart}")
    assert [TeaserKind.RELATED] * len(links) == kinds_inside(f"{PROSE}{''.join(links)}{PROSE}")


def test_related_news_between_the_last_paragraph_and_the_comments_are_no_pointers_in_the_text():
    """Three cards under a known heading are inline where the article goes on, related where readers do."""
    related = f"<section><h2>Related news</h2>{cards(STORIES[:3])}</section>"
    comments = f'<div id="comments">{PROSE}</div>'

    assert [TeaserKind.INLINE] * 3 == kinds_inside(f"{PROSE}{related}{PROSE}")
    assert [TeaserKind.RELATED] * 3 == kinds_inside(f"{PROSE}{related}{comments}")


def kinds_inside(text: str) -> list[TeaserKind]:
    """Return the kinds of what is found inside an article's text."""
    document = Document(f"<html><body><main><h1>Tide table moves to the new pier</h1>{text}</main></body></html>")
    main = document.by_tag["main"][0]
    return [item.kind for item in find_teasers(document, page(), URL, range(main, document.ends[main])).items]


def test_menus_footers_and_platforms_give_no_teasers():
    """A page with nothing but menu, article and footer has no teaser."""
    assert () == items(article(""))


def test_a_link_of_the_page_to_itself_is_none():
    """Share, comment and print links of the page are no teasers, whatever their text."""
    slug = URL.rpartition("/")[2]
    links = [("Share this story with all of your friends", f"{slug}?share=mail"), ("Read all the comments here", slug)]

    assert not [item for item in items(article(BLOCK + cards(links))) if slug in (item.url or "")]


def test_a_phrase_of_the_prose_is_none():
    """A link in the middle of a sentence is no teaser, even where its address is a story's."""
    slug = "harbour-master-warns-of-a-higher-tide-48213309"
    prose = PROSE.replace("the harbour master said", f'<a href="/news/{slug}">the harbour master said</a>', 1)

    assert not [item for item in items(article(BLOCK + f"<div>{prose}</div>")) if slug in (item.url or "")]


def test_a_topic_that_labels_cards_is_none():
    """An address that stands behind story after story by a few words is their section or topic."""
    label = '<a class="label" href="/news/storm-and-tide">Storm and tide at sea</a>'
    slugs = [item.url.rpartition("/")[2] for item in items(article(f"<section>{cards(extra=label)}</section>"))]

    assert {slug for _, slug in STORIES} == set(slugs)


def test_what_teasers_take_holds_their_links_and_their_heading():
    """The body leaves out the cards and the heading over them."""
    html = article(BLOCK)
    document = Document(html)
    taken = found(html).elements

    assert "Related news" in {document.text(each) for each in taken}
    assert {headline for headline, _ in STORIES} <= {document.text(each) for each in taken}


MARKUP = st.lists(
    st.sampled_from(
        [
            "<div>",
            "</div>",
            "<ul>",
            "<li>",
            "</ul>",
            "<h2>",
            "</h2>",
            "<p>",
            "</p>",
            "<nav>",
            "Related",
            "Most read",
            "12:30",
        ]
        + [
            f'<a href="{href}">'
            for href in ("/news/a-story-of-four-words-123456", "//x.example/b", "javascript:a()", "http://[", URL)
        ]
        + [
            "</a>",
            "A headline of some words",
            "<img src='/a.jpg'>",
            "<time datetime='2024-13-45'>",
            "</time>",
            "<h3 ",
            "&#0;",
        ]
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_any_page_gives_addresses_of_other_pages(markup):
    """Whatever the markup, each item has a headline or a story that has one, and points to another page by http(s)."""
    document = Document("".join(markup))
    page = Page(URL, frozenset(["harbour.example/news/tide-table-moves-to-the-new-pier-48213377"]), URL)
    got = find_teasers(document, page, URL).items
    told = {item.url for item in got if item.headline}

    assert all(item.url and item.url.startswith(("http://", "https://")) and item.url != URL for item in got)
    assert {item.url for item in got} == told
    assert len({item.place for item in got}) == len(got)
