import pytest

from schemas import BlockKind, Reason, TeaserKind
from worker.extract.flattened import read_flattened
from worker.extract.items import Form
from worker.extract.limits import Limits
from worker.extract.merge import Merged, merge

ARTICLE = [
    "A ferry goes electric on the fjord",
    "Ann Lee |",
    "The first battery ship of the line sails in spring.",
    "The ship takes a hundred and eighty guests over the water each day.",
    "The old one stays in the harbour for two more winters.",
]
GROUPS = [
    "A bridge is closed until Easter",
    "|",
    "Cars go round by the dam.",
    "The library moves to the old shed",
    "Bob Ray |",
    "Readers carry the books.",
]


def read(*lines: str):
    return read_flattened("\n\n".join(lines))


def merged(*lines: str) -> Merged:
    return merge(read(*lines).items, site="text:t", own_keys=frozenset())


def headlines(*lines: str) -> list[str | None]:
    return [teaser.headline for teaser in merged(*lines).teasers]


def test_an_article_ends_at_a_heading():
    """Headline, byline, lead and body stand above the heading, groups below it have its kind."""
    page = read(*ARTICLE, "RELATED NEWS", *GROUPS)

    article = page.article
    assert (ARTICLE[0], ("Ann Lee",), ARTICLE[2], ARTICLE[3:]) == (
        article.headline,
        article.byline.authors,
        article.lead,
        [block.text for block in article.body],
    )
    assert {(TeaserKind.RELATED, "RELATED NEWS")} == {(item.kind, item.heading) for item in page.items}


def test_a_line_of_the_body_that_repeats_an_item_is_out():
    """The headline of another story stands in its group, and not in the text as well."""
    page = read(*ARTICLE, GROUPS[0], ARTICLE[3], "RELATED NEWS", *GROUPS)

    assert [*ARTICLE[3:], ARTICLE[3]] == [block.text for block in page.article.body]


@pytest.mark.parametrize(
    "heading",
    ["related news", "Related News:", "» RELATED NEWS", "Tin liên quan", "関連記事", "Mehr zum Thema", "اقرأ أيضا"],
)
def test_a_heading_may_be_of_any_language_and_form(heading):
    """Case, colon, arrow and language of the heading make no difference."""
    page = read(*ARTICLE, heading, *GROUPS)

    assert 2 == len(page.article.body)
    assert 2 == len(page.items)


def test_without_a_heading_the_next_bar_ends_the_body():
    """The line above the next bar is a headline, so the body ends before it."""
    page = read(*ARTICLE, *GROUPS)

    assert ARTICLE[3:] == [block.text for block in page.article.body]
    assert [GROUPS[0], GROUPS[3]] == [item.headline for item in page.items]


def test_a_doubtful_heading_counts_only_before_a_group():
    """The word "More" heads a block where a bar line follows in its second line, else it is a line of the body."""
    assert "More" not in [block.text for block in read(*ARTICLE, "More", *GROUPS).article.body]
    assert "More" in [block.text for block in read(*ARTICLE, "More", "of the same text.").article.body]


def test_headings_change_the_kind_of_what_follows():
    """Each heading between groups gives its own kind to the groups below it."""
    page = read(*ARTICLE, "Related news", *GROUPS[:3], "Most read", *GROUPS[3:])

    assert [TeaserKind.RELATED, TeaserKind.POPULAR] == [item.kind for item in page.items]


@pytest.mark.parametrize("signature", ["Ann Lee", "ANN LEE", "By Ann Lee", "Ann Lee |"])
def test_the_signature_is_no_paragraph(signature):
    """A last line that repeats the byline confirms it and leaves the body."""
    page = read(*ARTICLE, signature.rstrip(" |"), "RELATED NEWS", *GROUPS)

    assert ARTICLE[3:] == [block.text for block in page.article.body]
    assert ("Ann Lee",) == page.article.byline.authors


def test_a_byline_at_the_foot_fills_an_empty_one_at_the_head():
    """Where the bar stands alone, names in the last line of the body are the authors."""
    page = read(ARTICLE[0], "|", *ARTICLE[2:], "Bob Ray", "RELATED NEWS", *GROUPS)

    assert ("Bob Ray",) == page.article.byline.authors
    assert ARTICLE[3:] == [block.text for block in page.article.body]


def test_another_last_line_stays_in_the_body():
    """A short sentence at the end, or another name than the byline's, is text."""
    assert "It sails on." == read(*ARTICLE, "It sails on.").article.body[-1].text
    assert "Bob Ray" == read(*ARTICLE, "Bob Ray").article.body[-1].text


def test_a_list_is_no_article():
    """Between two groups of a list stand a lead and a headline, so nothing is taken for a body."""
    page = read(*GROUPS)

    assert page.article is None
    assert [GROUPS[0], GROUPS[3]] == headlines(*GROUPS)


def test_the_name_of_a_list_is_counted_not_guessed_at():
    """A line on top of a list is no headline: it is counted as unassigned."""
    result = merged("News from the river", *GROUPS)

    assert [Reason.UNASSIGNED] == [item.reason for item in result.settled]
    assert 2 == len(result.teasers)


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        ([GROUPS[0]], Reason.ORPHAN_HEADLINE),
        ([GROUPS[2]], Reason.ORPHAN_LEAD),
        (["Another story that was cut off"], Reason.PARTIAL),
    ],
)
def test_what_is_left_over_has_a_reason(tail, reason):
    """A lone repeat is merged as an orphan, a headline without its bar at the end is partial."""
    result = merged(*ARTICLE, "RELATED NEWS", *GROUPS, *tail)

    assert [reason] == [item.reason for item in result.settled]


def test_a_page_cut_after_a_bar_keeps_the_headline():
    """A group whose lead is lost is a teaser without a lead."""
    result = merged(*ARTICLE, "RELATED NEWS", *GROUPS[:5])

    assert [(GROUPS[0], GROUPS[2]), (GROUPS[3], None)] == [(each.headline, each.lead) for each in result.teasers]


def test_without_any_bar_the_first_line_is_the_headline():
    """A page of plain paragraphs is an article: headline, lead, body."""
    article = read(ARTICLE[0], *ARTICLE[2:]).article

    assert (ARTICLE[0], ARTICLE[2], 2) == (article.headline, article.lead, len(article.body))


def test_an_announced_byline_needs_no_bar():
    """A second line that begins with "By" names the author and is not the lead."""
    article = read(ARTICLE[0], "By Ann Lee", *ARTICLE[2:]).article

    assert (("Ann Lee",), ARTICLE[2]) == (article.byline.authors, article.lead)


def test_a_pointer_in_the_body_is_a_teaser():
    """A line "Read also: ..." leaves the body and becomes an inline teaser."""
    page = read(*ARTICLE, "Read also: A bridge is closed until Easter", "The text goes on after it.")

    assert [(TeaserKind.INLINE, "A bridge is closed until Easter")] == [
        (each.kind, each.headline) for each in page.items
    ]
    assert "The text goes on after it." == page.article.body[-1].text
    assert 3 == len(page.article.body)


def test_a_short_line_before_a_longer_one_is_a_sub_heading():
    """Inside the body it is a block of its own kind, no teaser."""
    page = read(*ARTICLE[:4], "The cable came late", ARTICLE[4])

    assert [BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH] == [each.kind for each in page.article.body]
    assert () == page.items


def test_a_bar_inside_a_headline_is_a_letter_of_it():
    """Only a bar at the end of a line is a separator."""
    assert "Live | Election" == read("Live | Election", *ARTICLE[1:]).article.headline


def test_frame_in_the_body_is_left_out_and_a_paywall_is_told():
    """Share lines are no paragraphs; a notice for subscribers marks the article."""
    article = read(*ARTICLE, "Share this article", "Subscribe to continue reading").article

    assert 2 == len(article.body)
    assert article.paywalled is True
    assert read(*ARTICLE).article.paywalled is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace("\n\n", "\n \t\n\u00a0\n\u200b\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(" |", "\u00a0|"),
        lambda text: text.replace(" |", "\t |  "),
        lambda text: text.replace("battery", "bat\u00adtery"),
        lambda text: "\ufeff" + text,
    ],
)
def test_blanks_and_invisible_letters_change_nothing(change):
    """Missing or doubled blank lines, other line ends, no-break blanks and soft hyphens give the same page."""
    text = "\n\n".join([*ARTICLE, "RELATED NEWS", *GROUPS])

    plain, changed = read_flattened(text), read_flattened(change(text))

    assert plain.article == changed.article
    assert [each.headline for each in plain.items] == [each.headline for each in changed.items]


def test_right_to_left_and_unspaced_scripts_split_the_same_way():
    """Arabic and Japanese pages are read by their bars like any other."""
    arabic = read(
        "العبارة تبحر بالكهرباء",
        "سلمى الدرويشي |",
        "السفينة الأولى تبحر في الربيع.",
        "تنقل السفينة مئة راكب.",
        "تبقى القديمة.",
    )
    japanese = read(
        "無人駅に本棚", "山田太郎 |", "待合室に本棚ができた。", "町の人が本を持ち寄った。", "秋の読書会も開かれる。"
    )

    assert (("سلمى الدرويشي",), 2) == (arabic.article.byline.authors, len(arabic.article.body))
    assert (("山田太郎",), 2) == (japanese.article.byline.authors, len(japanese.article.body))


def test_a_long_list_is_cut_and_says_so():
    """More items than are looked at are left unread, with a flag."""
    page = read_flattened("\n".join(GROUPS * 50), Limits(max_items=10))

    assert 10 == len(page.items)
    assert ("teasers_cut",) == page.flags


@pytest.mark.parametrize(
    "text", ["", "|", "|\n|\n|", "one line", "\n", "a\n|", " |\n |", "x" * 10_000, "RELATED NEWS", "More\n|\n|"]
)
def test_odd_pages_are_read_without_an_error(text):
    """Whatever the lines are, reading them is total."""
    page = read_flattened(text)

    assert all(item.form in Form for item in page.items)
