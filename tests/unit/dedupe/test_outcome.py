from schemas import Counts, Decision, Reason, decode, encode
from schemas.decisions import PageDecisions
from schemas.split_page import Settled
from tests.split_pages import article, at, page, teaser
from worker.dedupe import page_decisions


def test_every_item_has_its_decision(run):
    """The article first, then the teasers by position, then what the split settled."""
    run.take(page(teaser("a"), name="first"))
    taken = page(
        teaser("a", lead="A lead."),
        teaser("b"),
        told=article(),
        fetched=at(hours=1),
        counts=Counts(found=4, dropped=1),
        settled=(Settled(Reason.SELF_LINK, "Share", "https://example.com/page", "a[3]"),),
    )
    decisions = page_decisions(run.take(taken), run.state)

    assert [
        ("article", Decision.EMITTED, Reason.NEW, None, (), 1),
        ("teaser", Decision.EMITTED, Reason.ENRICHED, 1, ("lead",), 2),
        ("teaser", Decision.EMITTED, Reason.NEW, 2, (), 1),
        ("teaser", Decision.DROPPED, Reason.SELF_LINK, None, (), None),
    ] == [(i.record, i.decision, i.reason, i.position, i.changed, i.revision) for i in decisions.items]
    assert (at(hours=1), at(hours=1)) == (decisions.seen_at, decisions.stream_time)


def test_decisions_are_a_record_of_their_contract(run):
    """What is made can be written and read again."""
    taken = page(teaser("a", headline="x" * 500), told=article())
    decisions = page_decisions(run.take(taken), run.state)

    assert decisions == decode(PageDecisions, encode(decisions))
    assert 200 == len(decisions.items[1].headline)


def test_a_repeat_names_the_revision_that_it_repeats(run):
    """Who asks why an item was dropped learns what it was compared with."""
    run.take(page(teaser("a"), name="first"))
    run.take(page(teaser("a", lead="A lead."), name="second"))
    taken = page(teaser("a"), name="third")
    (item,) = page_decisions(run.take(taken), run.state).items

    assert (Reason.REPEAT_URL, 2) == (item.reason, item.revision)


def test_events_are_whole_records_of_their_contract(run):
    """Every event can be written and read again, though it was never validated."""
    outcome = run.take(page(teaser("a", published_at=at(), authors=("A",)), told=article()))

    for event in outcome.events:
        assert event == decode(type(event), encode(event))
