import pytest

from tests.split_pages import CUT, Run, at, page, teaser
from worker.dedupe.entries import ENTRY_BYTES, NO_ENTRY
from worker.dedupe.lately import Forms, Lately

STORE = {bytes([n]) * 16: bytes([n]) * ENTRY_BYTES for n in range(1, 40)}
KEYS = list(STORE)


class Store:
    """A store that counts what it is asked for."""

    def __init__(self):
        self.asked = []

    def seek(self, keys):
        self.asked += keys
        return [STORE.get(key, NO_ENTRY) for key in keys]


@pytest.fixture
def store():
    return Store()


def test_what_was_found_is_not_sought_again(store):
    """A second look at the same keys asks the store for those alone that it did not have."""
    known = Lately(generation=10)
    unknown = b"x" * 16
    first = known.find([KEYS[0], unknown, KEYS[1]], store.seek)
    second = known.find([KEYS[0], unknown, KEYS[1]], store.seek)

    assert [STORE[KEYS[0]], NO_ENTRY, STORE[KEYS[1]]] == first == second
    assert [KEYS[0], unknown, KEYS[1], unknown] == store.asked


def test_what_was_put_replaces_what_was_found(store):
    """An entry that changed is found as it is now, in whichever generation it stood before."""
    known = Lately(generation=2)
    known.find(KEYS[:4], store.seek)
    known.put(KEYS[0], STORE[KEYS[9]])

    assert [STORE[KEYS[9]]] == known.find(KEYS[:1], store.seek)


def test_no_more_is_kept_than_two_generations(store):
    """However many keys are looked at, all are found, and those long not seen are sought again."""
    known = Lately(generation=5)
    for key in KEYS:
        assert [STORE[key]] == known.find([key], store.seek)
    before = len(store.asked)
    known.find(KEYS[:5], store.seek)
    recent = len(store.asked)
    known.find(KEYS[:5], store.seek)

    assert (5, 0) == (recent - before, len(store.asked) - recent)


def test_too_many_forms_are_forgotten():
    """Forms are a help, so they may go: when there are too many, all go."""
    forms = Forms(most=3)
    for n in range(5):
        forms.add(bytes([n]))

    assert {bytes([3]), bytes([4])} == forms


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
