from datetime import timedelta

import pytest

from tests.split_pages import SETTINGS, T0, Run, at, page, teaser
from worker.dedupe import DedupeSettings, MalformedId, UnreadableChanges, decide
from worker.dedupe.disk import DiskState
from worker.dedupe.entries import ENTRY, KEY_BYTES, NO_ENTRY, NO_TAIL, RECORD, changes, entries_of, page_record
from worker.dedupe.memory import PARTS
from worker.dedupe.state import PART_RECORDS

DAY = 86_400
NOW = 20_000 * DAY


def record(key, *, ends=NOW + 7 * DAY, revision=1):
    return RECORD.pack(key, NOW, NOW, ends, 5, revision, b"form", NO_TAIL)


def keys(n, start=0):
    return [
        (number * 2_654_435_761 % 2**128).to_bytes(KEY_BYTES, "little") for number in range(start + 1, start + n + 1)
    ]


def found(state, wanted):
    """Return the packed entries of keys."""
    return entries_of(state.find(b"".join(wanted), KEY_BYTES))


def entries(state, wanted):
    """Return the entries of keys, those that ended left out."""
    unpacked = [ENTRY.unpack(entry) for entry in found(state, wanted)]
    return [entry for entry in unpacked if entry[2] > state.stream_time]


def test_what_was_put_is_found(new_state):
    """Each key gives its own entry, an unknown one none, at any size of the state."""
    state, known, unknown = new_state(), keys(5_000), keys(5_000, start=5_000)
    for at_key in range(0, 5_000, 100):
        state.apply(changes(NOW, [record(key, revision=7) for key in known[at_key : at_key + 100]]))

    assert [7] * 5_000 == [entry[4] for entry in entries(state, known)]
    assert [NO_ENTRY] * 5_000 == found(state, unknown)
    assert found(state, []) == []


def test_pages_are_known_until_they_end(new_state):
    """A page's id tells when it ends, an unknown one 0; a restored state says the same."""
    state, restored, (known, unknown) = new_state(), new_state(), keys(2)
    state.apply(changes(NOW, [page_record(known, NOW + DAY)]))
    for part in state.snapshot():
        restored.apply(part)

    assert [(NOW + DAY, 0)] * 2 == [(one.page_end(known), one.page_end(unknown)) for one in (state, restored)]


def test_a_new_value_replaces_the_old_one(new_state):
    """A key has one entry: the last that was put, in whichever segment it ends."""
    state, (key,) = new_state(), keys(1)
    for revision, ends in enumerate((NOW + DAY, NOW + DAY, NOW + 3 * DAY, NOW + 7 * DAY), start=1):
        state.apply(changes(NOW, [record(key, ends=ends, revision=revision)]))

        assert [(NOW, NOW, ends, 5, revision, b"form", NO_TAIL)] == entries(state, [key])


def settle(state):
    """Let as many pages pass as it takes until what ended is gone."""
    for _ in range(PARTS):
        state.apply(changes(state.stream_time, []))


def test_what_ended_goes(new_state):
    """After a segment of time and some pages what ended in it is gone, and what ends later is not."""
    state = new_state()
    by_day = {day: keys(50, start=100 * day) for day in range(1, 8)}
    for day, group in by_day.items():
        state.apply(changes(NOW, [record(key, ends=NOW + day * DAY - 1) for key in group]))
    state.apply(changes(NOW + 4 * DAY, []))

    settle(state)

    left = {day: len(entries(state, group)) for day, group in by_day.items()}
    assert {1: 0, 2: 0, 3: 0, 4: 0, 5: 50, 6: 50, 7: 50} == left
    assert 150 == state.keys()


def test_what_ended_goes_where_few_pages_come(new_state):
    """A partition of some hundred pages a day forgets all that ended, if some days later."""
    state = new_state()
    state.apply(changes(NOW, [record(key, ends=NOW + DAY) for key in keys(600)]))
    for number in range(4 * 144):
        state.apply(changes(NOW + number * DAY // 144, []))

    assert 0 == state.keys()


def test_years_of_silence_drop_everything(new_state):
    """Stream time may jump by any distance."""
    state = new_state()
    state.apply(changes(NOW, [record(key) for key in keys(10)]))
    state.apply(changes(NOW + 3_650 * DAY, [record(key, ends=NOW + 3_651 * DAY) for key in keys(3, start=50)]))

    settle(state)

    assert [] == entries(state, keys(10))
    assert 3 == state.keys()


def test_stream_time_never_goes_back(new_state):
    """Changes of an earlier stream time are applied and leave it where it is."""
    state = new_state()
    state.apply(changes(NOW, []))
    state.apply(changes(NOW - DAY, [record(key) for key in keys(1)]))

    assert NOW == state.stream_time
    assert 1 == state.keys()


def test_an_entry_that_ended_is_not_taken(new_state):
    """A restore leaves out what is known no more."""
    state = new_state()
    state.apply(changes(NOW, [record(key, ends=NOW) for key in keys(5)]))

    assert 0 == state.keys()


def test_a_snapshot_makes_the_same_state(new_state):
    """Its parts, applied to a new state, give the same entries and the same stream time."""
    state, restored, known = new_state(), new_state(), keys(3_000)
    for step in range(3):  # each key moves on from segment to segment
        state.apply(changes(NOW + step, [record(key, ends=NOW + (step + 2) * DAY) for key in known[step * 500 :]]))
    for part in state.snapshot():
        restored.apply(part)

    assert found(state, known) == found(restored, known)
    assert state.stream_time == restored.stream_time
    assert 3_000 == len(entries(restored, known))


def test_a_state_may_change_while_its_snapshot_is_read(new_state):
    """Parts of different moments, and then the changes since the first one again, make the state as it is."""
    state, restored, known = new_state(), new_state(), keys(30_000)
    for start in range(0, 20_000, 1_000):
        ends = NOW + (1 if start < 5_000 else 4) * DAY
        state.apply(changes(NOW, [record(key, ends=ends) for key in known[start : start + 1_000]]))
    later, parts = [], []
    for n, part in enumerate(state.snapshot()):
        moved, new = known[15_000 + 100 * n :][:100], known[20_000 + 1_000 * n :][:1_000]
        later.append(changes(NOW + (n + 1) * DAY, [record(key, ends=NOW + 7 * DAY, revision=5) for key in moved + new]))
        state.apply(later[-1])
        parts.append(part)
    for change in parts + later:
        restored.apply(change)

    assert 2 < len(parts)
    assert sorted(entries(state, known)) == sorted(entries(restored, known))
    assert 15_000 < len(entries(restored, known))


def test_a_snapshot_comes_in_parts_of_bounded_size(new_state):
    """No part is larger than what fits a record of the log."""
    state = new_state()
    for start in range(0, 20_000, 1_000):
        state.apply(changes(NOW, [record(key) for key in keys(1_000, start=start)]))

    sizes = [len(part) for part in state.snapshot()]
    assert len(sizes) > 2
    assert max(sizes) <= PART_RECORDS * RECORD.size + 5


def test_an_empty_state_has_an_empty_snapshot(new_state):
    """Nothing known, nothing to write."""
    assert list(new_state().snapshot()) == []


def test_changes_may_be_applied_again(new_state):
    """The last changes, applied once more in order, give the same state: a replay does that."""
    state, known = new_state(), keys(20)
    applied = [
        changes(NOW + step * DAY, [record(key, ends=NOW + (step + 3) * DAY, revision=step) for key in known])
        for step in range(3)
    ]
    for change in applied + applied[1:]:
        state.apply(change)

    assert [(NOW + 5 * DAY, 2)] * 20 == [(entry[2], entry[4]) for entry in entries(state, known)]


def test_entries_of_a_longer_life_are_kept(new_state):
    """What was written under a longer TTL finds a place under a shorter one."""
    state = new_state(DedupeSettings.of_hours(24, 48, ()))
    state.apply(changes(NOW, [record(key, ends=NOW + 20 * DAY) for key in keys(5)]))

    assert 5 == len(entries(state, keys(5)))


@pytest.mark.parametrize("damaged", [b"", b"\x01\x00", b"\x02" + bytes(4), b"\x01" + bytes(4) + b"x"])
def test_unreadable_changes_are_refused(new_state, damaged):
    """Cut bytes and those of another version stop the restore, and change nothing."""
    state = new_state()

    with pytest.raises(UnreadableChanges):
        state.apply(damaged)
    assert 0 == state.keys()


def test_a_restored_state_decides_as_the_live_one(new_state):
    """Pages after a restore from the log of changes, or from a snapshot, meet the same decisions."""
    pages = [
        page(
            *(teaser(str((n * 7 + k) % 40), lead="x" if n % 3 else None) for k in range(5)),
            fetched=at(hours=9 * n),
            name=str(n),
        )
        for n in range(60)
    ]
    live = Run(new_state())
    log = [live.take(taken).entries for taken in pages[:40]]
    replayed, copied = Run(new_state()), Run(new_state())
    for change in log:
        replayed.state.apply(change)
    for part in live.state.snapshot():
        copied.state.apply(part)

    expected = [live.take(taken) for taken in pages[40:]]
    assert expected == [replayed.take(taken) for taken in pages[40:]]
    assert expected == [copied.take(taken) for taken in pages[40:]]


@pytest.mark.parametrize("bad", ["", "zz" * 16, "ab" * 15, "ab" * 17])
def test_a_malformed_id_is_refused(run, bad):
    """An id that is not 16 bytes would damage the state: the page is not taken."""
    broken = page(teaser("a").model_copy(update={"teaser_id": bad}))

    with pytest.raises(MalformedId):
        decide(broken, run.state, settings=SETTINGS)


def test_a_folder_goes_with_its_state(tmp_path):
    """A state on disk leaves nothing behind, closed once or twice."""
    state = DiskState(SETTINGS, tmp_path)
    Run(state).take(page(teaser("a"), fetched=T0 + timedelta(hours=1)))
    inside = list(tmp_path.iterdir())
    state.close()
    state.close()

    assert 1 == len(inside)
    assert [] == list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_deleted(tmp_path):
    """A folder whose owner is gone goes with the next state; one in use stays."""
    used = DiskState(SETTINGS, tmp_path)
    Run(used).take(page(teaser("a")))
    left = tmp_path / "dedupe-left"
    left.mkdir()
    (left / "owner").touch()
    (left / "entries").mkdir()
    other = DiskState(SETTINGS, tmp_path)

    assert not left.exists()
    assert 2 == len(list(tmp_path.iterdir()))
    assert ["repeat_url"] == [str(r) for r in Run(used).take(page(teaser("a"), name="other")).reasons]
    used.close()
    other.close()
