from schemas import Reason
from tests.split_pages import SETTINGS, Run, article, at, page
from worker.dedupe import DedupeSettings, decide
from worker.identity import event_id


def told(text, hours, *, received=None, name="front"):
    return page(told=article(name, text), fetched=at(hours=hours), received=received and at(hours=received))


def test_a_revised_article_names_the_one_before(run):
    """Another fingerprint is a revision: one more, with the fingerprint before."""
    first, second = run.take(told("one", 0)), run.take(told("two", 1))

    assert ("new", 1, None) == (first.article.status, first.article.revision, first.article.previous_fingerprint)
    assert ("revised", 2) == (second.article.status, second.article.revision)
    assert first.article.fingerprint == second.article.previous_fingerprint


def test_the_same_article_again_is_a_recrawl(run):
    """The fingerprint of the newest revision makes no event."""
    run.take(told("one", 0))
    outcome, revisions = run.told(told("one", 1))

    assert outcome.article is None
    assert (Reason.RECRAWL_SAME,) == outcome.reasons
    assert (1,) == revisions


def test_back_to_the_first_text_is_a_revision(run):
    """A, B, A is three events with three ids."""
    outcomes = [run.take(told(text, hours)) for hours, text in enumerate(("A", "B", "A"))]
    events = [outcome.article for outcome in outcomes]

    assert [1, 2, 3] == [event.revision for event in events]
    assert events[0].fingerprint == events[2].fingerprint
    assert 3 == len({event_id("article", event.article_id, event.provenance.page_id) for event in events})


def test_an_older_page_overwrites_nothing(run):
    """A page fetched before the newest one seen is older, whatever it tells."""
    assert [["new"], ["older"], ["recrawl_same"]] == run.reasons(told("two", 2), told("one", 1), told("two", 1.5))


def test_a_recrawl_makes_what_lies_before_it_older(run):
    """The newest page seen counts, even where it told nothing new."""
    assert [["new"], ["recrawl_same"], ["older"], ["revised"]] == run.reasons(
        told("one", 0), told("one", 2), told("two", 1), told("two", 3)
    )


def test_a_page_of_the_same_moment_is_not_newer(run):
    """Two texts of one fetch time: the first of the log stays."""
    assert [["new"], ["older"]] == run.reasons(told("one", 0), told("two", 0, name="front"))


def test_a_microsecond_later_is_newer(run):
    """Fetch times are compared to the microsecond."""
    later = page(told=article("front", "two"), fetched=at(microseconds=1))

    assert [["new"], ["revised"]] == run.reasons(told("one", 0), later)


def test_a_time_in_the_future_is_taken_back(run):
    """A fetch time over an hour after the receipt is clamped to it: one bad clock empties no state."""
    bad = run.take(told("one", 24 * 365, received=1))
    good = run.take(told("two", 2))

    assert bad.is_clamped
    assert at(hours=1) == bad.seen_at == bad.stream_time
    assert (Reason.REVISED,) == good.reasons


def test_an_hour_ahead_is_no_bad_clock(run):
    """A crawler's clock may run an hour ahead."""
    outcome = run.take(told("one", 2, received=1))

    assert not outcome.is_clamped
    assert at(hours=2) == outcome.seen_at


def test_without_fetch_time_the_receipt_counts(run):
    """The raw record's timestamp stands in for a crawler that does not say."""
    silent = told("one", 0).model_copy(update={"fetched_at": None, "received_at": at(hours=3)})

    assert at(hours=3) == run.take(silent).seen_at
    assert [["older"], ["revised"]] == run.reasons(told("two", 2), told("two", 4))


def test_without_any_time_the_page_is_seen_at_stream_time(run):
    """Outside the stream there may be no time at all; nothing is guessed."""
    run.take(told("one", 5))
    timeless = told("x", 0, name="other").model_copy(update={"fetched_at": None, "received_at": None})
    outcome = run.take(timeless)

    assert at(hours=5) == outcome.stream_time == outcome.seen_at
    assert (Reason.NEW,) == outcome.reasons


def test_the_receipt_may_come_with_the_record(run):
    """Where the page does not carry it, the caller may say when it was received."""
    timeless = told("one", 0).model_copy(update={"fetched_at": None, "received_at": None})
    outcome = decide(timeless, run.state, received_at=at(hours=7), settings=SETTINGS)

    assert at(hours=7) == outcome.seen_at


def test_an_article_seen_again_after_its_end_is_new(new_state):
    """Same id, status new, revision 1: it replaces everything."""
    run = Run(new_state())
    run.take(told("one", 0))
    run.take(told("two", 1))
    outcome = run.take(told("two", 24 * 8 + 2))

    assert ("new", 1, None) == (outcome.article.status, outcome.article.revision, outcome.article.previous_fingerprint)


def test_a_fingerprint_of_another_form_is_compared_all_the_same(run):
    """A fingerprint that is no 32 hex digits is one all the same."""
    odd = [
        told("one", n).model_copy(update={"article": article().model_copy(update={"fingerprint": f})})
        for n, f in enumerate(("short", "short", "other"))
    ]

    assert [["new"], ["recrawl_same"], ["revised"]] == run.reasons(*odd)


def test_the_cap_ends_what_is_seen_every_day(new_state):
    """A story first seen four weeks ago is new, though it never left the page."""
    run = Run(new_state(), DedupeSettings())
    reasons = run.reasons(*(told("one", 24 * day) for day in range(30)))

    assert ["new"] + ["recrawl_same"] * 27 + ["new", "recrawl_same"] == [reason for (reason,) in reasons]
