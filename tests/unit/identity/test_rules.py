import pytest

from worker.identity import IDENTITY_VERSION
from worker.identity.rules import (
    FOLDING,
    PARAMETERS,
    STORIES,
    RulesError,
    content,
    folding,
    identity_version,
    story_patterns,
    tracking,
)


def test_the_files_of_the_package_are_usable():
    """What is shipped loads, and no name is both dropped and kept."""
    prefixes, dropped, kept = tracking(content(PARAMETERS))
    table, edges = folding(content(FOLDING))

    assert "utm_" in prefixes
    assert "fbclid" in dropped
    assert "id" in kept
    assert table[0x0640] is None
    assert "…" in edges
    assert "laodong.vn" in story_patterns(content(STORIES))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("drop = 1", r"\[drop\] is missing"),
        ("[drop]\nprefix = 1", "drop.prefix is missing or no list"),
        ('[drop]\nprefix = []\nexact = ["ID"]\n[keep]\nexact = []', "in lower case"),
        ('[drop]\nprefix = []\nexact = ["id"]\n[keep]\nexact = ["id"]', "under drop and under keep"),
        ("[drop", "no TOML"),
    ],
)
def test_unusable_parameters_are_refused_by_name(text, said):
    """An error names the file, the key and what to do."""
    with pytest.raises(RulesError, match=f"{PARAMETERS}: .*{said}"):
        tracking(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[replace]\n[drop]\ncode_points = ['zz']", "no code point"),
        ("[replace]\n[drop]\ncode_points = []\n[edges]", "edges.strip is missing"),
    ],
)
def test_unusable_folding_is_refused_by_name(text, said):
    """An error names the file, the key and what to do."""
    with pytest.raises(RulesError, match=f"{FOLDING}: .*{said}"):
        folding(text)


@pytest.mark.parametrize("pattern", [r"'('", r"'-(\d+)$'", "1"])
def test_an_unusable_story_pattern_is_refused_by_name(pattern):
    """A pattern compiles and has a group for the number."""
    with pytest.raises(RulesError, match=r"hosts\.a\.example\.pattern"):
        story_patterns(f"[hosts.'a.example']\npattern = {pattern}")


def test_the_version_follows_from_the_rules():
    """Two workers with the same rules name the same version."""
    assert identity_version() == IDENTITY_VERSION
