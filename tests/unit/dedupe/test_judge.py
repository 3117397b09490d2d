import pytest

from schemas import TeaserKind
from tests.split_pages import CUT, SETTINGS, Run, at, page, teaser
from worker.dedupe.entries import ENTRY, ENTRY_BYTES, KEY_BYTES, NO_ENTRY, RECORD
from worker.dedupe.judge import Poorer, judged
from worker.dedupe.marks import MARK_BYTES, read_marks
from worker.dedupe.teasers import repeats

NOW = 20_000 * 86_400
STEP = SETTINGS.step_seconds


def judge(shown, known, now=NOW):
    """Return what becomes of teasers whose entries are known, `NO_ENTRY` for none."""
    taken = page(*shown)
    ways = repeats(taken.site, SETTINGS.drop_kinds)
    return judged(
        taken.teasers, read_marks(taken), b"".join(known), ways.reasons, ways.dropped, Poorer(), now, SETTINGS
    )


def made(shown, **values):
    """Return the entry that a new teaser gets, some of its values others."""
    (record,) = judge([shown], [NO_ENTRY]).records
    entry = list(ENTRY.unpack(record[KEY_BYTES:]))
    for name, value in values.items():
        entry[("first", "last", "ends").index(name)] = value
    return ENTRY.pack(*entry)


def test_what_is_known_as_it_is_shown_is_a_mere_repeat():
    """It leaves nothing behind; what isn't known or has ended is new."""
    shown = [teaser(name) for name in "abc"]
    done = judge(shown, [made(shown[0]), NO_ENTRY, made(shown[2], ends=NOW)])

    assert ["repeat_url", "new", "new"] == [str(reason) for reason in done.reasons]
    assert shown[1:] == [told.item.model_copy(update={"position": 1}) for told in done.told]
    assert 2 == len(done.records)


def test_what_is_dropped_is_not_looked_at():
    """A dropped kind is neither compared nor seen, and a second one is no twin."""
    shown = teaser("a", kind=TeaserKind.SPONSORED)
    done = judge([shown, shown], [NO_ENTRY, made(teaser("a"), last=NOW - STEP)])

    assert ["sponsored"] * 2 == [str(reason) for reason in done.reasons]
    assert ([], []) == (done.records, done.told)


def test_a_key_that_stands_before_is_a_twin():
    """However it is shown and however many stand there, all but the first are twins."""
    names = [*range(100), 7, *range(100, 200), 150, 7]
    shown = [teaser(str(name), lead=f"Lead {place}") for place, name in enumerate(names)]

    reasons = [str(reason) for reason in judge(shown, [NO_ENTRY] * len(shown)).reasons]
    assert [100, 201, 202] == [place for place, reason in enumerate(reasons) if reason == "repeat_in_page"]
    assert 200 == reasons.count("new")


@pytest.mark.parametrize(
    ("first", "ends", "moved_to"),
    [
        (NOW - STEP, NOW + 1, NOW + SETTINGS.ttl_seconds),
        (NOW - SETTINGS.cap_seconds + 60, NOW + 1, NOW + 60),
        (NOW - STEP, NOW + 30 * 86_400, NOW + 30 * 86_400),
    ],
)
def test_a_repeat_a_step_later_moves(first, ends, moved_to):
    """It was seen now and lives as long from now, up to the cap, and never shorter than before."""
    shown = teaser("a")
    (record,) = judge([shown], [made(shown, first=first, last=NOW - STEP, ends=ends)]).records

    assert made(shown, first=first, last=NOW, ends=moved_to) == record[KEY_BYTES:]
    assert [] == judge([shown], [made(shown, last=NOW - STEP + 1)]).records


def test_nothing_outlives_the_last_second():
    """Where seconds no longer fit, an entry ends with them."""
    (record,) = judge([teaser("a")], [NO_ENTRY], now=2**32 - 9).records

    assert (2**32 - 9, 2**32 - 1) == (RECORD.unpack(record)[1], RECORD.unpack(record)[3])


@pytest.mark.parametrize(("marks", "known"), [(MARK_BYTES - 1, ENTRY_BYTES), (MARK_BYTES, 0), (0, 0)])
def test_bytes_that_do_not_fit_are_refused(marks, known):
    """Nothing is read beyond what was given."""
    ways = repeats("example.com", SETTINGS.drop_kinds)
    shown = page(teaser("a")).teasers
    with pytest.raises(ValueError, match="not those of 1 teasers"):
        judged(shown, bytes(marks), bytes(known), ways.reasons, ways.dropped, Poorer(), NOW, SETTINGS)
    with pytest.raises(ValueError, match="there are 256"):
        judged(shown, bytes(MARK_BYTES), NO_ENTRY, [], b"", Poorer(), NOW, SETTINGS)


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
