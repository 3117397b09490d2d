import random

import pytest

from worker.dedupe.entries import ENTRY_BYTES, NO_ENTRY, entries_of
from worker.dedupe.table import Table

KEYS = 3_000


def record(key, end, tail=b"x"):
    return key + bytes(8) + end.to_bytes(4, "big") + tail.ljust(ENTRY_BYTES - 12, b".")


@pytest.fixture
def chance():
    return random.Random(7)


@pytest.fixture(params=["spread", "one part", "one slot"])
def keys(request, chance):
    """Keys as digests are, and such that all lie in one part or differ nowhere that the hash looks at."""
    made = [chance.randbytes(16) for _ in range(KEYS)]
    return {
        "spread": made,
        "one part": [b"\x07" + key[1:] for key in made],
        "one slot": [b"\x07" + key[1:8] + b"end.end." for key in made],
    }[request.param]


def test_it_holds_what_a_dictionary_holds(keys, chance):
    """Put, put again, swept and found in any order, it is a dictionary of what has not ended."""
    table, model = Table(), {}
    for now in range(100, 1_000, 100):
        put = [record(key, chance.randrange(now, 1_200), chance.randbytes(3)) for key in chance.choices(keys, k=400)]
        table.put(b"head" + b"".join(put), 4, now)
        over = now.to_bytes(4, "big")
        model |= {held[:16]: held for held in put if held[24:28] > over}
        model = {key: held for key, held in model.items() if held[24:28] > over}
        for part in range(256):
            table.sweep(part, now)

        found = entries_of(table.find(b"".join(keys)))
        assert [model.get(key, key + NO_ENTRY)[16:] for key in keys] == found
        assert len(model) == len(table)
        assert sorted(model.values()) == sorted(_held(table, now))


def test_only_what_lasts_is_told(keys):
    """Records that ended are left out before they are swept."""
    table = Table()
    table.put(b"".join(record(key, 100 + n % 2) for n, key in enumerate(keys)))

    assert KEYS == len(_held(table, 99))
    assert KEYS // 2 == len(_held(table, 100))
    assert 0 == len(_held(table, 101))
    assert KEYS == len(table)


def test_keys_may_stand_apart():
    """A key is found wherever it begins, whatever stands behind it."""
    table = Table()
    table.put(record(b"k" * 16, 5) + record(b"l" * 16, 5))

    assert table.find(b"l" * 16 + b"rest!" + b"k" * 16 + b"more!", 21) == table.find(b"l" * 16 + b"k" * 16)
    assert b"" == table.find(b"")


@pytest.mark.parametrize(("size", "stride"), [(15, 16), (33, 16), (15, 15), (0, 0), (16, -16)])
def test_keys_that_are_cut_are_refused(size, stride):
    """Nothing is read beyond what was given."""
    with pytest.raises(ValueError, match="no keys of"):
        Table().find(bytes(size), stride)


@pytest.mark.parametrize(("size", "begin"), [(65, 0), (66, 1), (66, 67), (66, -66)])
def test_records_that_are_cut_are_refused(size, begin):
    """Neither is anything written that is no whole record."""
    table = Table()
    with pytest.raises(ValueError, match="no whole records"):
        table.put(bytes(size), begin)
    assert 0 == len(table)


def _held(table, now):
    held = b"".join(table.records(part, now) for part in range(256))
    return [held[at : at + 66] for at in range(0, len(held), 66)]
