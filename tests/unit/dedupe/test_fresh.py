import pytest

from tests.split_pages import CUT, SETTINGS, Run, at, page, teaser
from worker.dedupe.entries import KEY_BYTES, NO_DIGEST, NO_TAIL, RECORD, changes
from worker.dedupe.fresh import Fresh

STEP = SETTINGS.step_seconds
NOW = 20_000 * 86_400
LASTING = NOW + SETTINGS.ttl_seconds
SLOT = STEP // 100


@pytest.fixture
def fresh():
    return Fresh(SETTINGS)


def test_a_mark_goes_before_its_entry_is_a_step_old(fresh):
    """It is there for nearly a step and gone when the step is over, whatever was added meanwhile."""
    fresh.add(b"early", NOW, LASTING)
    fresh.add(b"late", NOW + STEP // 2, LASTING)
    fresh.forget(NOW + STEP - SLOT)

    assert {b"early", b"late"} == fresh.marks
    fresh.forget(NOW + STEP)
    assert {b"late"} == fresh.marks


def test_a_mark_goes_before_its_entry_ends(fresh):
    """An entry at its end is new again, however lately it was seen."""
    fresh.add(b"ending", NOW, NOW + 2 * SLOT)
    fresh.forget(NOW + 2 * SLOT)

    assert set() == fresh.marks


def test_what_is_over_is_not_taken(fresh):
    """A mark whose time has come already would never go."""
    fresh.forget(NOW + STEP)
    fresh.add(b"over", NOW, LASTING)

    assert set() == fresh.marks


def test_too_many_marks_are_forgotten():
    """Marks are a help, so they may go: when there are too many, all go."""
    fresh = Fresh(SETTINGS, most=8)
    for n in range(10):
        fresh.add(bytes([n]), NOW, LASTING)
        fresh.add_poorer(bytes([n]), NOW)

    assert {bytes([8]), bytes([9])} == fresh.marks
    assert [8, 9] == [n for n in range(10) if fresh.is_poorer(bytes([n]), NOW)]


def test_what_made_an_entry_is_a_mere_repeat(fresh):
    """Changes tell the marks of teasers; articles and pages have none, and what was seen long ago is over."""
    of_teaser, of_article, of_old = (bytes([n]) * KEY_BYTES for n in range(3))
    records = [
        RECORD.pack(of_teaser, NOW, NOW, LASTING, 7, 1, b"form", NO_TAIL),
        RECORD.pack(of_article, NOW, NOW, LASTING, 0, 1, NO_DIGEST, NO_TAIL),
        RECORD.pack(of_old, NOW, NOW - STEP, LASTING, 7, 1, b"form", NO_TAIL),
    ]
    fresh.take(changes(NOW, records), NOW)

    assert {of_teaser + b"form"} == fresh.marks


def test_a_form_is_compared_anew_in_another_life(run):
    """What brought nothing to an entry may bring something to the one that comes after it."""
    rich, poorer = teaser("a", lead="A lead."), teaser("a")
    poorest = teaser("a", headline="The story", ranks={"headline": CUT})
    run.reasons(page(rich), page(poorer, name="2"), page(poorer, name="3"))

    assert [["new"], ["corrected"], ["repeat_url"]] == run.reasons(
        page(poorest, fetched=at(days=8)),
        page(poorer, name="4", fetched=at(days=8, hours=1)),
        page(poorer, name="5", fetched=at(days=8, hours=2)),
    )


def test_a_poorer_form_is_a_repeat_however_often(new_state):
    """A form that brings nothing is remembered as such, and still moves when it was last seen."""
    run = Run(new_state())
    run.take(page(teaser("a", lead="A lead.")))
    outcomes = [run.take(page(teaser("a"), name=str(n), fetched=at(hours=n))) for n in range(1, 40)]

    assert {("repeat_url",)} == {tuple(map(str, outcome.reasons)) for outcome in outcomes}
    assert [21] == [n for n, outcome in enumerate(outcomes, 1) if len(outcome.entries) > 100]
