import pytest

from worker.extract.lexicon import LEXICON_VERSION, WORDINGS
from worker.extract.lexicon.files import COMMON, LexiconError, wordings

SMALL = {COMMON: '[headings]\nedges = ":"\nmarkers = [">"]\n', "fr": '[headings.related]\nline = ["Lire aussi"]\n'}


def test_the_files_that_come_with_the_package_are_sound():
    """Every file is read, and each language says something."""
    assert len(WORDINGS.languages) > 50
    assert all(each.headings or each.bylines or each.boilerplate or each.dates for each in WORDINGS.languages)
    assert len(WORDINGS.agencies) > 90


def test_the_version_is_that_of_the_words():
    """Another word makes another version, the same files make the same."""
    other = SMALL | {"fr": '[headings.related]\nline = ["À lire"]\n'}

    assert wordings(SMALL).version == wordings(dict(SMALL)).version
    assert wordings(SMALL).version != wordings(other).version
    assert 12 == len(LEXICON_VERSION)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[headings.related", "fr.toml is no TOML"),
        ("[headings.similar]\nline = []", "headings.similar is no key, use one of related"),
        ('[headings.related]\nlines = ["a"]', "headings.related.lines is no key"),
        ('[headings.related]\nline = "Lire aussi"', "headings.related.line must be a list of texts"),
        ('[headings.related]\nline = [" "]', "headings.related.line must be a list of texts"),
        ('[headings.related]\nline = ["Lire aussi", "LIRE AUSSI"]', "twice"),
        ('headings = "x"', "headings must be a table"),
        ('[dates]\nmonths = [["janvier"]]', "has 1 rows"),
        ("[headings.related]\nline = ['De\u0301couvrir']", "is not NFC"),
    ],
)
def test_a_file_that_is_wrong_names_file_and_key(text, said):
    """The error of a bad file says which file, which key and what to write."""
    with pytest.raises(LexiconError, match=r"fr\.toml") as caught:
        wordings(SMALL | {"fr": text})

    assert said in str(caught.value)


def test_an_agency_without_a_name_is_refused():
    """An agency needs token, names and country."""
    with pytest.raises(LexiconError, match=r"agencies\[1\] needs token, names and country"):
        wordings(SMALL | {COMMON: '[[agencies]]\ntoken = "AFP"\n'})


def test_the_common_file_must_be_there():
    """Without common.toml there are no joiners and no agencies, so nothing starts."""
    with pytest.raises(LexiconError, match=r"common\.toml is missing"):
        wordings({"fr": SMALL["fr"]})
