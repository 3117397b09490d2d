import pytest

from worker.dedupe.entries import ENTRY_BYTES, KEY_BYTES, NO_ENTRY, entries_of
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


def found(known, store, *keys):
    return entries_of(known.find(b"".join(keys), KEY_BYTES, store.seek))


def test_what_was_found_is_not_sought_again(store):
    """A second look at the same keys asks the store for those alone that it did not have."""
    known = Lately(generation=10)
    unknown = b"x" * 16
    first, second = (found(known, store, KEYS[0], unknown, KEYS[1]) for _ in range(2))

    assert [STORE[KEYS[0]], NO_ENTRY, STORE[KEYS[1]]] == first == second
    assert [KEYS[0], unknown, KEYS[1], unknown] == store.asked


def test_what_was_put_replaces_what_was_found(store):
    """An entry that changed is found as it is now, in whichever generation it stood before."""
    known = Lately(generation=2)
    found(known, store, *KEYS[:4])
    known.put(KEYS[0] + STORE[KEYS[9]])

    assert [STORE[KEYS[9]]] == found(known, store, KEYS[0])


def test_no_more_is_kept_than_two_generations(store):
    """However many keys are looked at, all are found, and those long not seen are sought again."""
    known = Lately(generation=5)
    for key in KEYS:
        assert [STORE[key]] == found(known, store, key)
    before = len(store.asked)
    found(known, store, *KEYS[:5])
    recent = len(store.asked)
    found(known, store, *KEYS[:5])

    assert (5, 0) == (recent - before, len(store.asked) - recent)
