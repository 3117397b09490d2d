from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import ENRICHABLE, Counts, Reason, TeaserKind
from schemas.split_page import Settled
from tests.dedupe_model import Model
from tests.split_pages import CUT, LINKED, SETTINGS, TEXT, Run, article, at, page, shown, teaser
from worker.dedupe import DedupeSettings, MemoryState, decide
from worker.dedupe.disk import DiskState
from worker.dedupe.judge import Poorer

LAW = settings(max_examples=60, deadline=None)
"""Six runs of some pages a second: a minute is what all checks together may take."""

AS_RANKED = st.just("")
WITHIN_A_DAY = st.floats(0, 20)
NAMES = st.sampled_from("abcde")
RANKS = st.sampled_from([0, CUT, TEXT, 6, LINKED])
FIELDS = ("headline", "lead", "kicker", "authors", "published_at")
SETTLED = st.lists(st.sampled_from([r for r in Reason if r.decision.value != "emitted"]), max_size=3)
SHORT = DedupeSettings.of_hours(24, 72, (TeaserKind.SPONSORED,))


def value(field, name, rank, text):
    said = f"{field} of {name}, form {rank}{text}"
    if field == "authors":
        return (said,)
    return at(days=-rank, seconds=len(text)) if field == "published_at" else said


@st.composite
def teasers(draw, texts):
    name = draw(NAMES)
    ranks = {field: draw(RANKS) for field in FIELDS}
    fields = {field: value(field, name, rank, draw(texts)) for field, rank in ranks.items() if rank}
    kind = draw(st.sampled_from([TeaserKind.RELATED, TeaserKind.LATEST, TeaserKind.SPONSORED]))
    return teaser(name, kind=kind, ranks=ranks, **{"headline": None, **fields})


@st.composite
def pages(draw, texts=AS_RANKED, hours=WITHIN_A_DAY):
    items = draw(st.lists(teasers(texts), max_size=6, unique_by=lambda item: item.teaser_id))
    told = draw(st.none() | st.builds(article, NAMES, st.sampled_from("xyz")))
    settled = [Settled(reason) for reason in draw(SETTLED)]
    decided = Counter(item.reason.decision.value for item in settled)
    found = len(items) + (told is not None) + len(settled)
    return page(
        *items,
        told=told,
        fetched=at(hours=draw(hours)),
        name=str(draw(st.integers(0, 10**9))),
        counts=Counts(found=found, **decided),
        settled=tuple(settled),
    )


ANY = pages(texts=st.sampled_from(["", "!"]), hours=st.floats(0, 24 * 12))
RUNS = st.lists(ANY, max_size=16)
AGREEING = st.lists(pages(), max_size=12)


def run_over(taken, with_settings=SHORT):
    run = Run(MemoryState(with_settings), with_settings)
    return run, [run.take(one) for one in taken]


@LAW
@given(RUNS)
def test_totals_add_up(taken):
    """Every item of every page ends in one decision: what was found is what became of it."""
    _, outcomes = run_over(taken)

    for one, outcome in zip(taken, outcomes, strict=True):
        counts = outcome.counts
        by_decision = Counter(str(reason.decision) for reason in outcome.decided.elements())
        assert one.counts.found == sum(by_decision.values())
        assert one.counts.found == counts.emitted + counts.merged_in_page + counts.dropped + counts.rejected
        assert counts.emitted == by_decision["emitted"] == len(outcome.teasers) + (outcome.article is not None)


@LAW
@given(RUNS, ANY)
def test_deciding_is_a_function(before, one):
    """The same page and state give the same outcome, and deciding leaves the state as it was."""
    run, _ = run_over(before)
    snapshot = list(run.state.snapshot())

    assert decide(one, run.state, settings=SHORT) == decide(one, run.state, settings=SHORT)
    assert snapshot == list(run.state.snapshot())


@LAW
@given(RUNS, ANY)
def test_what_was_remembered_is_not_new(before, one):
    """The same items on another page at the same moment make no event, nor does the page again."""
    run, _ = run_over(before)
    run.take(one)
    twin = one.model_copy(update={"page_id": "ab" * 16})

    assert run.take(twin).is_repeat
    assert run.take(one).is_repeat


@LAW
@given(RUNS)
def test_every_decision_is_the_plain_models(taken):
    """Packed entries, steps and segments decide as a dictionary of plain values does."""
    run, model = Run(MemoryState(SHORT), SHORT), Model(SHORT)

    for one in taken:
        outcome, revisions = run.told(one)
        expected = model.take(one)
        assert expected.reasons == outcome.reasons
        assert expected.changed == tuple(event.changed for event in outcome.teasers)
        assert expected.conflicts == Counter(outcome.conflicts)
        assert expected.revisions == revisions


@LAW
@given(st.data(), AGREEING)
def test_the_order_of_pages_does_not_matter(data, taken):
    """However pages are shuffled, a reader holds the same teasers and articles in the end."""
    shuffled = data.draw(st.permutations(taken))
    (_, outcomes), (_, others) = run_over(taken, SETTINGS), run_over(shuffled, SETTINGS)

    assert values(outcomes) == values(others)
    assert newest_told(outcomes, taken) == newest_told(others, taken)


@LAW
@given(st.data(), st.lists(pages(texts=st.sampled_from(["", "!"])), max_size=12))
def test_only_counted_contradictions_depend_on_the_order(data, taken):
    """Where two orders end with another value, both counted a conflict of that field."""
    shuffled = data.draw(st.permutations(taken))
    (_, outcomes), (_, others) = run_over(taken, SETTINGS), run_over(shuffled, SETTINGS)
    held, other = values(outcomes), values(others)

    assert held.keys() == other.keys()
    differing = {field for key in held for field in ENRICHABLE if held[key][field] != other[key][field]}
    for run in (outcomes, others):
        assert differing <= {field for outcome in run for field in outcome.conflicts}


@LAW
@given(RUNS, RUNS)
def test_a_restored_state_decides_as_the_live_one(before, after):
    """Restored from its changes or from a snapshot, a state meets the same decisions."""
    live, outcomes = run_over(before)
    replayed, copied = Run(MemoryState(SHORT), SHORT), Run(MemoryState(SHORT), SHORT)
    for outcome in outcomes:
        if outcome.entries:
            replayed.state.apply(outcome.entries)
    for part in live.state.snapshot():
        copied.state.apply(part)

    expected = [live.told(one) for one in after]
    assert expected == [replayed.told(one) for one in after]
    assert expected == [copied.told(one) for one in after]


@LAW
@given(RUNS)
def test_what_is_at_hand_changes_no_decision(taken):
    """Deciding by the forms known to bring nothing is deciding by the entries alone."""
    at_hand, without = (Run(MemoryState(SHORT), SHORT) for _ in range(2))

    for one in taken:
        without.state.poorer = Poorer()
        assert without.told(one) == at_hand.told(one)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(RUNS, RUNS)
def test_both_stores_decide_alike(tmp_path, before, after):
    """Memory and disk meet the same decisions, live and restored from each other's snapshots."""
    memory, _ = run_over(before)
    live, restored = (Run(DiskState(SHORT, tmp_path), SHORT) for _ in range(2))
    for one in before:
        live.take(one)
    for part in memory.state.snapshot():
        restored.state.apply(part)
    copied = Run(MemoryState(SHORT), SHORT)
    for part in live.state.snapshot():
        copied.state.apply(part)

    expected = [memory.told(one) for one in after]
    for run in (live, restored, copied):
        assert expected == [run.told(one) for one in after]
    live.state.close()
    restored.state.close()


def values(outcomes):
    """Return what a reader holds of each teaser's enrichable fields."""
    return {key: {name: held[name] for name in ENRICHABLE} for key, held in shown(outcomes).items()}


def newest_told(outcomes, taken):
    """Return the last fingerprint a reader holds of each article whose newest page is the only one of its time."""
    held = {o.article.article_id: o.article.fingerprint for o in outcomes if o.article is not None}
    times = Counter((one.article.article_id, one.fetched_at) for one in taken if one.article is not None)
    newest = {key: max(when for other, when in times if other == key) for key in held}
    return {key: fingerprint for key, fingerprint in held.items() if times[key, newest[key]] == 1}
