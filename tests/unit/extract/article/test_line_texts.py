"""What the text of a line says by itself, as codes."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.extract.article.line_texts import (
    DOUBTFUL_WORDING,
    HEAD_LETTERS,
    HEADING_WORDING,
    bare,
    ending_code,
    head,
    is_stamp,
    said_in,
    start_code,
    wording_code,
)


@pytest.mark.parametrize(
    ("text", "letters"),
    [("The Ferry, at 9!", "theferryat9"), ("«Fähre» – GROSS", "fähregross"), ("Straße", "strasse"), ("– · –", "")],
)
def test_letters_and_digits_survive_any_template(text, letters):
    """Case folded, in any alphabet; nothing else is left."""
    assert letters == bare(text)


@given(st.text())
def test_any_text_is_bare_as_its_words_are_folded(text):
    """Whatever one letter is folded to: none, another or several."""
    assert "".join(re.findall(r"\w+", text.casefold())) == bare(text)


def test_the_head_of_a_line_is_so_many_letters():
    """However many of its first characters are none."""
    letters = "ferry" * HEAD_LETTERS

    assert letters[:HEAD_LETTERS] == head(". " * HEAD_LETTERS + letters)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Share", 1),
        ("Related articles", HEADING_WORDING),
        ("Top stories", DOUBTFUL_WORDING),
        ("Read more", 4),
        ("The ferry was late.", 0),
    ],
)
def test_the_lexicon_s_words_have_their_codes(text, code):
    """Boilerplate, headings sure and doubtful, labels; a sentence is none of them."""
    assert code == wording_code(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("9 November 2026, 09:00 · 3 min read", True), ("9 November 2026 | Harbour", False), ("Harbour", False)],
)
def test_a_stamp_is_dates_and_nothing_else(text, is_one):
    """Each part between separators says when."""
    assert is_one == is_stamp(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("It left.", 1),
        ("“It left.”", 1),
        ("她走了。", 1),
        ("They say:", 2),
        ("and so…", 3),
        ("one,", 4),
        ("Ferries", 0),
        ("”", 0),
    ],
)
def test_lines_end_as_they_do_inside_quotes(text, code):
    """Sentences, colons, ellipses, commas, in any script; closing quotes apart."""
    assert code == ending_code(text)


@pytest.mark.parametrize(
    ("text", "count"), [("One", 0), ("One. Two? Three.", 2), ("一。二。", 2), ("A. B. C. D. E. F. G.", 4)]
)
def test_sentences_that_end_inside_are_counted(text, count):
    """Up to four."""
    assert count == said_in(text)["sentences"]


@pytest.mark.parametrize(("letter", "code"), [("F", 0), ("f", 1), ("9", 2), ("“", 3), ("日", 4), ("·", 4)])
def test_lines_begin_with_letters_digits_or_quotes(letter, code):
    """A script without cases is none of them."""
    assert code == start_code(letter)


@pytest.mark.parametrize(("text", "count"), [("on 9 May 2026", 5), ("años: 12", 2), ("الساعة ٩", 1), ("noon", 0)])
def test_digits_of_any_script_are_counted(text, count):
    """With or without letters beyond ASCII."""
    assert count == said_in(text)["digits"]


def test_no_digit_of_unicode_is_passed_over():
    """What is left out of the search holds none, in this version of Python either."""
    digits = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isdecimal()]

    assert len(digits) == said_in("".join(digits))["digits"]


@pytest.mark.parametrize(
    ("text", "code"), [("© 2026", 1), ("Home | News", 2), ("ed@example.com", 3), ("www.example.com", 4), ("Home", 0)]
)
def test_the_first_mark_counts(text, code):
    """What frames have and prose has not."""
    assert code == said_in(text)["mark"]
