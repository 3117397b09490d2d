import pytest

from worker.extract.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry that was built for the line is said to be the first of its kind in the north.", "en"),
        ("Die Fähre ist die erste ihrer Art und wird nach dem Umbau auch für die Inseln fahren.", "de"),
        ("Chợ nổi đã họp lại và những người bán hàng trên sông là con của các chủ ghe cũ.", "vi"),
        ("Паром будет ходить чаще, и это не первый случай, когда в порту что-то меняется для людей.", "ru"),
        ("無人駅の待合室に町の人が本を持ち寄り、秋の読書会も開かれることになりました。", "ja"),
        ("港口的早市在冬天也会开放渔民们说今年的鱼比去年多", "zh"),
        ("무인역 대합실에 마을 사람들이 책을 가져와 작은 도서관이 되었다.", "ko"),
    ],
)
def test_a_text_has_the_language_of_its_words(text, language):
    """A sentence or two tell the language, by script or by everyday words."""
    assert language == language_of(text)


@pytest.mark.parametrize("text", ["", "Ann Lee", "1234 5678", "Zug", "||||", "\ud800"])
def test_where_nothing_tells_nothing_is_said(text):
    """A name, a number or a single word has no language."""
    assert language_of(text) is None
