import pytest

from worker.extract.bylines import agency_named, byline, is_announced, is_name, is_opening, opening
from worker.extract.lexicon import WORDINGS


@pytest.mark.parametrize(
    ("text", "authors", "agency"),
    [
        ("|", (), None),
        ("", (), None),
        ("Thanh Hà |", ("Thanh Hà",), None),
        ("Thanh Hà - Hữu Chánh (Nguồn: AFP) |", ("Thanh Hà", "Hữu Chánh"), "AFP"),
        ("Thanh Hà(Nguồn:AFP) |", ("Thanh Hà",), "AFP"),
        ("Lan Anh（新华社） |", ("Lan Anh",), "Xinhua"),
        ("Lan Anh (Nguồn: AFP, Reuters) |", ("Lan Anh",), "AFP, Reuters"),
        ("K.M |", ("K.M",), None),
        ("K.M, N.L |", ("K.M", "N.L"), None),
        ("Ann Lee, Bob Ray - Cid Diaz |", ("Ann Lee", "Bob Ray", "Cid Diaz"), None),
        ("By Ann Lee, Science Editor", ("Ann Lee",), None),
        ("By Ann Lee and Bob Ray, Reuters", ("Ann Lee", "Bob Ray"), "Reuters"),
        ("Von Max Müller und Eva Maria Schmidt", ("Max Müller", "Eva Maria Schmidt"), None),
        ("Eine Analyse von Max Müller", ("Max Müller",), None),
        ("Par Jean Dupont avec AFP", ("Jean Dupont",), "AFP"),
        ("Juan Pérez y María López", ("Juan Pérez", "María López"), None),
        ("José Ortega y Gasset", ("José Ortega y Gasset",), None),
        ("Ursula von der Leyen", ("Ursula von der Leyen",), None),
        ("AFP / dpa", (), "AFP, dpa"),
        ("Mit Material von dpa", (), "dpa"),
        ("Theo TTXVN", (), "TTXVN"),
        ("Quelle: dpa", (), "dpa"),
        ("Reporting by Ann Lee; Editing by Bob Ray", ("Ann Lee",), None),
        ("홍길동 기자 hong@paper.example", ("홍길동",), None),
        ("记者 王小明", ("王小明",), None),
        ("Redaktion", (), None),
        ("Ann Lee, Ann Lee |", ("Ann Lee",), None),
    ],
)
def test_a_byline_comes_apart(text, authors, agency):
    """Names come out one by one, agencies apart from them; bars, titles, desks and editors are neither."""
    found = byline(text)

    assert (authors, agency) == (found.authors, found.agency)


@pytest.mark.parametrize("text", ["By Ann Lee", "Von Eva Kurz", "di Mario Rossi", "Oleh: Budi Santoso"])
def test_an_opening_word_announces_a_byline(text):
    """A line that begins with the word for "by" and a capital is a byline wherever it stands."""
    assert opening(text) > 0
    assert byline(text).announced


@pytest.mark.parametrize("written", [str, str.upper, str.lower])
def test_every_opening_of_the_lexicon_is_known_as_written_and_in_one_case(written):
    """No language's word is passed over for its first letters."""
    for word in [word for language in WORDINGS.languages for word in language.bylines.get("author", ())]:
        assert is_announced(f"| {written(word)} Ann Lee")


@pytest.mark.parametrize("text", ["(Reuters) By Ann Lee", "desk@paper.example By Ann Lee"])
def test_an_opening_may_follow_a_credit_or_an_address(text):
    """What is no part of the line does not hide its first word."""
    assert is_announced(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("By", True), ("VON", True), ("文/", True), ("Words by", True), ("By Ann", False), ("", False)]
)
def test_a_text_may_be_nothing_but_an_opening(text, is_one):
    """The name that it announces then has an element of its own."""
    assert is_one == is_opening(text)


@pytest.mark.parametrize("text", ["by the river", "di mare", "Byron Lee", "Von", "Vonnegut", ""])
def test_the_same_word_before_prose_announces_nothing(text):
    """Without a name after it the word is a word."""
    assert 0 == opening(text)


def test_an_agency_in_prose_is_no_credit():
    """Agencies that a sentence names in brackets with more around it stay where they are."""
    assert "AP" == agency_named("AP")
    assert agency_named("ap") is None
    assert agency_named("The video was released by AFP") is None


@pytest.mark.parametrize("text", ["", "1234", "a" * 61, "one two three four five six seven", "<b>Ann</b>", "Newsroom"])
def test_what_can_be_no_name_is_none(text):
    """Figures, sentences, markup and desks are no names."""
    assert not is_name(text)
