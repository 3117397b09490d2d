import pytest

from schemas import TeaserKind
from worker.extract.lexicon import (
    WORDINGS,
    boilerplate_class,
    date_label,
    heading_kind,
    inline_label,
    is_paywall_notice,
    is_weekday,
    month_number,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("RELATED NEWS", TeaserKind.RELATED),
        ("Related News:", TeaserKind.RELATED),
        ("» Most read «", TeaserKind.POPULAR),
        ("  mehr zum  thema  ", TeaserKind.RELATED),
        ("Neueste Artikel", TeaserKind.LATEST),
        ("関連記事", TeaserKind.RELATED),
        ("Sponsored", TeaserKind.SPONSORED),
    ],
)
def test_a_heading_is_known_whatever_stands_around_it(text, kind):
    """Case, colons, arrows and doubled blanks do not hide a known heading."""
    found = heading_kind(text)

    assert found is not None
    assert kind == found.kind


@pytest.mark.parametrize("text", ["", "|", "Related News from the river", "x" * 500, "News that is related"])
def test_a_longer_or_other_text_is_no_heading(text):
    """Only the whole line counts."""
    assert heading_kind(text) is None


def test_a_doubtful_heading_says_so():
    """A word that also heads menus is marked, so that structure is asked for beside it."""
    assert heading_kind("More").ambiguous
    assert not heading_kind("Related articles").ambiguous


def test_every_wording_is_found_again():
    """Each line of each language file is known by the lookup, with a kind that some language gives it."""
    missing = [
        (language.code, kind, text)
        for language in WORDINGS.languages
        for kind, lists in language.headings.items()
        for name, texts in lists.items()
        for text in texts
        if (heading_kind(text) if name != "prefix" else inline_label(text)) is None
    ]

    assert [] == missing


@pytest.mark.parametrize(
    ("text", "rest", "separated"),
    [
        ("Read also: Floods hit the coast", "Floods hit the coast", True),
        ("READ MORE | Floods hit the coast", "Floods hit the coast", True),
        (">> Lire aussi : La grève continue", "La grève continue", True),
        ("関連記事：東京の夏祭り", "東京の夏祭り", True),
        ("[관련기사] 다리는 명절까지 닫힌다", "다리는 명절까지 닫힌다", True),
        ("(Read also) Floods hit the coast", "Floods hit the coast", True),
        ("Read more", "", True),
        ("More than a hundred people came", "than a hundred people came", False),
    ],
)
def test_a_label_is_parted_from_the_headline_after_it(text, rest, separated):
    """What follows the label comes out clean, and whether a sign parts the two is told."""
    label = inline_label(text)

    assert (rest, separated) == (label.rest, label.separated)


@pytest.mark.parametrize("text", ["", "Readers also like ferries", "The ferry: read also", "Morecambe wins"])
def test_a_text_that_only_begins_alike_has_no_label(text):
    """A label ends at a word's end."""
    assert inline_label(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Share", "share"),
        ("12 comments", "comment"),
        ("All rights reserved. © 2026 The Paper", "copyright"),
        ("5 min read", "counter"),
        ("Jetzt weiterlesen", "paywall"),
        ("Share your story with the desk", None),
        ("", None),
        ("All rights reserved " * 20, None),
    ],
)
def test_frame_is_known_by_class(text, name):
    """A line of the frame has its class; a sentence that begins alike has none."""
    assert name == boilerplate_class(text)
    assert (name == "paywall") == is_paywall_notice(text)


def test_months_that_languages_disagree_on_need_the_language():
    """Listopad is November in Czech and October in Croatian; without a language it is neither."""
    assert (None, 11, 10) == (month_number("listopad"), month_number("listopad", "cs"), month_number("listopad", "hr"))
    assert (9, 2, 1, None) == (
        month_number("Sept."),
        month_number("Φεβρουάριος"),
        month_number("JANVIER"),
        month_number("ferry"),
    )


def test_weekdays_and_labels_of_dates_are_known():
    """A weekday of any language and the words before a date are told from other words."""
    assert is_weekday("Mittwoch")
    assert not is_weekday("ferry")
    assert ("modified", "modified", "published", None) == (
        date_label("Last updated: 5 May"),
        date_label("Stand: 5.5.2026, 12:00 Uhr"),
        date_label("Publié le 5 mai"),
        date_label("Standing room only"),
    )
