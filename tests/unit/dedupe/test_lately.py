import pytest

from worker.dedupe.entries import ENTRY_BYTES, NO_ENTRY
from worker.dedupe.lately import Lately

STORE = {bytes([n]) * 16: bytes([n]) * ENTRY_BYTES for n in range(1, 40)}
KEYS = list(STORE)


class Store:
    """A store that counts what it is asked for."""

    def __init__(self):
        self.asked = []

    def seek(self, key):
        self.asked.append(key)
        return STORE.get(key, NO_ENTRY)


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
