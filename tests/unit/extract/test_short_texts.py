"""Short texts."""

import pytest

from worker.extract.short_texts import is_count, is_date, size


@pytest.mark.parametrize(
    "text", ["21:37", "27分前", "13 May 2024", "1月14日", "7 h ago", "05.11.2025, Hamburg", "2025-06-02 20:00:00"]
)
def test_dates_and_ages_are_dates(text):
    """What only says when is a date."""
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["", "Old crane is moved across the bay", "Fleet of 12 boats comes home before the storm of the year", "42"]
)
def test_headlines_and_numbers_are_none(text):
    """A headline with a number in it is no date."""
    assert not is_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", True), ("128", True), ("4 min", True), ("", False), ("Pier", False), ("Boat 21", False)],
)
def test_ranks_and_lengths_are_counts(text, expected):
    """A number with at most a short unit is a count."""
    assert expected is is_count(text)


def test_scripts_without_spaces_say_more_in_a_letter():
    """A headline of ten Japanese letters is as long as one of 25 Latin ones."""
    assert (25, 25) == (size("港" * 10), size("a" * 25))
