import unicodedata

import pytest

from worker.identity import fold, is_identifying


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("“North Korea – enemy?”", "north korea - enemy"),
        ("Rare images of North Korea’s massive army", "rare images of north korea's massive army"),
        ("  Two\u00a0 spaces\tand\n lines ", "two spaces and lines"),
        ("Soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("Die STRASSE ist frei", "die strasse ist frei"),
        ("Die Straße ist frei", "die strasse ist frei"),
        ("ΟΔΟΣ ΚΛΕΙΣΤΗ", "οδοσ κλειστη"),
        ("οδος κλειστη", "οδοσ κλειστη"),
        ("İSTANBUL'DA DEPREM", "istanbul'da deprem"),
        ("İstanbul’da deprem", "istanbul'da deprem"),
        ("مُحَمَّد في القـــاهرة", "محمد في القاهرة"),
        ("ＴＯＫＹＯ２０２０　開幕", "tokyo2020 開幕"),
        ("ｶﾀｶﾅの見出し", "カタカナの見出し"),
        ("「首相」が会見", '首相"が会見'),
        ("`Quoted' headline", "quoted' headline"),
        ("´Quoted’ headline", "quoted' headline"),
        ("… · | •", ""),
        ("", ""),
    ],
)
def test_a_headline_has_one_form(text, key):
    """Case, width, quotes, dashes, spaces, invisible letters and edges do not make another headline."""
    assert key == fold(text)


def test_composed_and_decomposed_vietnamese_fold_alike():
    """NFC and NFD of one headline are one key."""
    headline = "Hình ảnh hiếm về quân đội Triều Tiên"

    assert fold(unicodedata.normalize("NFC", headline)) == fold(unicodedata.normalize("NFD", headline))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Con má đi chợ", "Con mà đi chợ"),
        ("Thanh Hà viết", "Thanh Hoa viết"),
        ("kadın haber", "kadin haber"),
        ("Año nuevo aquí", "Ano nuevo aquí"),
    ],
)
def test_diacritics_make_another_headline(one, other):
    """Letters that differ in a mark are other letters, the dotless i included."""
    assert fold(one) != fold(other)


def test_ascii_takes_no_other_way_than_the_rest():
    """The short way of ASCII text gives what the long one gives."""
    text = '  `Two\'   words -- "and" a QUOTE!?  '

    assert fold(text) == fold(text + "\u200b")


@pytest.mark.parametrize(
    "headline",
    ["Two words", "Tổng thống Mỹ", "首相が会見した", "東京で地震", "นายกรัฐมนตรี", "한국 대통령"],
)
def test_a_headline_of_two_words_names_a_story(headline):
    """Two words do, or six letters where the script writes no spaces."""
    expected = headline != "東京で地震"

    assert expected == is_identifying(fold(headline))


@pytest.mark.parametrize("headline", ["Opinion", "Sports -", "スポーツ", "经济", "ข่าว", "", "- - -"])
def test_a_label_names_no_story(headline):
    """One word, less than six letters without spaces, or nothing at all name no story."""
    assert not is_identifying(fold(headline))
