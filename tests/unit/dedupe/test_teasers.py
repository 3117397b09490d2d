import pytest

from schemas import Counts, Reason, TeaserKind
from tests.split_pages import CUT, LINKED, SETTINGS, SITE, TEXT, Run, article, at, page, shown, teaser
from worker.dedupe import DedupeSettings, decide


def test_a_story_is_new_once(run):
    """The first page that shows a teaser makes its event, the next ones make none."""
    first = run.take(page(teaser("a")))
    second, revisions = run.told(page(teaser("a"), name="other", fetched=at(hours=1)))

    assert [("new", 1, ())] == [(event.status, event.revision, event.changed) for event in first.teasers]
    assert () == second.teasers
    assert (Reason.REPEAT_URL,) == second.reasons
    assert (1,) == revisions


def test_an_event_says_where_it_was_found(run):
    """Page, address and versions travel in the value; the ranks of the split do not."""
    found = page(teaser("a"))
    event = run.take(found).teasers[0]

    assert (found.page_id, found.url) == (event.found_on.page_id, event.found_on.url)
    assert (found.page_id, at()) == (event.provenance.page_id, event.provenance.fetched_at)
    assert () == event.ranks


def test_deciding_does_not_remember(run):
    """A page whose effects were not committed is as new when it is read again."""
    taken = page(teaser("a"), teaser("b"), told=article())

    assert decide(taken, run.state, settings=SETTINGS) == decide(taken, run.state, settings=SETTINGS)
    assert run.state.keys() == 0


def test_a_page_delivered_again_is_dropped_whole(run):
    """The split may deliver a page twice: all its items are the page again."""
    taken = page(teaser("a"), told=article())
    run.take(taken)
    again = run.take(taken)

    assert (Reason.PAGE_AGAIN, Reason.PAGE_AGAIN) == again.reasons
    assert again.is_page_again
    assert again.is_repeat
    assert b"" == again.entries


def test_a_page_is_known_for_a_day_of_stream_time(run):
    """After 24 hours its items are repeats by their own ids; a second earlier it is the page again."""
    taken, tick = page(teaser("a")), page(teaser("b"), name="tick", fetched=at(hours=24, seconds=-1))
    tock = page(teaser("b"), name="tock", fetched=at(hours=24))

    assert [["new"], ["new"], ["page_again"], ["repeat_url"], ["repeat_url"]] == run.reasons(
        taken, tick, taken, tock, taken
    )


@pytest.mark.parametrize(
    ("poor", "rich", "changed", "reason"),
    [
        ({}, {"lead": "A lead."}, ("lead",), Reason.ENRICHED),
        ({}, {"lead": "A lead.", "authors": ("A", "B")}, ("lead", "authors"), Reason.ENRICHED),
        (
            {"lead": "A le", "ranks": {"lead": CUT}},
            {"lead": "A lead.", "ranks": {"lead": TEXT}},
            ("lead",),
            Reason.CORRECTED,
        ),
        (
            {"lead": "x", "ranks": {"lead": TEXT}},
            {"lead": "A lead.", "kicker": "K"},
            ("kicker", "lead"),
            Reason.ENRICHED,
        ),
        ({"headline": None}, {}, ("headline",), Reason.ENRICHED),
        ({}, {"published_at": at(days=-1)}, ("published_at",), Reason.ENRICHED),
        ({}, {"agency": "AFP", "image": "https://example.com/i.jpg"}, ("agency", "image"), Reason.ENRICHED),
    ],
)
def test_a_richer_repeat_is_a_patch(run, poor, rich, changed, reason):
    """A filled or better field makes an enriched event that names it; the reverse order makes none."""
    run.take(page(teaser("a", **poor)))
    outcome = run.take(page(teaser("a", **rich), name="rich"))

    assert [("enriched", 2, changed)] == [(e.status, e.revision, e.changed) for e in outcome.teasers]
    assert (reason,) == outcome.reasons


@pytest.mark.parametrize("order", [("poor", "rich"), ("rich", "poor")])
def test_a_poorer_and_a_richer_page_give_one_end_state(new_state, order):
    """Whichever page comes first, a reader holds the same fields in the end."""
    pages = {"poor": page(teaser("a")), "rich": page(teaser("a", lead="A lead.", authors=("A",)), name="rich")}
    run = Run(new_state())
    held = shown([run.take(pages[name]) for name in order])[pages["rich"].teasers[0].teaser_id]

    assert ("A lead.", ("A",)) == (held["lead"], held["authors"])


def test_a_better_form_of_the_same_text_is_no_event(run):
    """A higher rank without another text changes nothing for a reader, but it counts from then on."""
    run.take(page(teaser("a", lead="A lead.", ranks={"lead": TEXT})))
    better = run.take(page(teaser("a", lead="A lead."), name="better"))
    worse = run.take(page(teaser("a", lead="Other.", ranks={"lead": TEXT}), name="worse"))

    assert (Reason.REPEAT_URL,) == better.reasons
    assert (Reason.REPEAT_URL,) == worse.reasons
    assert () == worse.conflicts


@pytest.mark.parametrize(
    ("one", "other", "reason", "conflicts"),
    [
        ({"headline": "One thing"}, {"headline": "Another"}, "headline_conflict", ("headline",)),
        ({"lead": "One thing"}, {"lead": "Another"}, "lead_conflict", ("lead",)),
        ({"kicker": "One"}, {"kicker": "Another"}, "repeat_url", ("kicker",)),
        (
            {"headline": "One", "lead": "One"},
            {"headline": "Another", "lead": "Another"},
            "headline_conflict",
            ("headline", "lead"),
        ),
    ],
)
def test_a_contradiction_of_equal_rank_is_counted(run, one, other, reason, conflicts):
    """What was emitted stays; the repeat that says otherwise is dropped, and said so."""
    run.take(page(teaser("a", **one)))
    outcome = run.take(page(teaser("a", **other), name="other"))

    assert () == outcome.teasers
    assert [reason] == [str(r) for r in outcome.reasons]
    assert conflicts == outcome.conflicts


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_two_contradictions_stay_two_in_either_order(new_state, order):
    """The first of the log stays, whichever it is; the others are conflicts, each time they come."""
    texts = {"one": "Text one", "two": "Text two"}
    run = Run(new_state())
    first = run.take(page(teaser("a", headline="Zero text"), name="zero"))
    pages = [page(teaser("a", headline=texts[name]), name=f"{n}") for n, name in enumerate(order * 2)]
    rest = [run.take(taken) for taken in pages]

    assert "Zero text" == first.teasers[0].headline
    assert [("headline",)] * 4 == [outcome.conflicts for outcome in rest]


def test_a_conflict_beside_a_filled_field_is_counted_too(run):
    """A repeat may fill one field and contradict another: it is a patch of the first alone."""
    run.take(page(teaser("a", headline="One thing")))
    outcome = run.take(page(teaser("a", headline="Another", lead="A lead."), name="other"))

    assert [("lead",)] == [event.changed for event in outcome.teasers]
    assert ("headline",) == outcome.conflicts


def test_two_versions_of_a_page_then_both_again_bring_nothing_new(run):
    """Poorer, richer, poorer, richer: the last two make no event."""
    poor, rich = {}, {"lead": "A lead."}
    pages = [page(teaser("a", **fields), name=str(n)) for n, fields in enumerate((poor, rich, poor, rich))]

    assert [["new"], ["enriched"], ["repeat_url"], ["repeat_url"]] == run.reasons(*pages)


def test_how_a_repeat_was_known_is_said(run):
    """By its headline without an address, by its number where the site declares one."""
    text = {"site": "text:a", "url": None}
    known = [page(teaser("a", **text), name=name, site="text:a") for name in "ab"]
    numbered = [page(teaser("b", site="laodong.vn"), name=name, site="laodong.vn") for name in "ab"]

    assert [["new"], ["repeat_headline"]] == run.reasons(*known)
    assert [["new"], ["repeat_story"]] == run.reasons(*numbered)


def test_the_same_story_on_another_site_is_no_repeat(run):
    """Each site points to it once: two teasers, one story."""
    here, there = run.take(page(teaser("a"))), run.take(page(teaser("a", site="b.example"), site="b.example"))

    assert here.teasers[0].story_id == there.teasers[0].story_id
    assert here.teasers[0].teaser_id != there.teasers[0].teaser_id


def test_dropped_kinds_leave_no_trace(new_state):
    """A sponsored item is counted, makes no event, and is new when an editor shows it."""
    run = Run(new_state())
    ad = run.take(page(teaser("a", kind=TeaserKind.SPONSORED)))
    shown_by_editor = run.take(page(teaser("a"), name="other"))
    ad_again = run.take(page(teaser("a", kind=TeaserKind.SPONSORED), name="third"))

    assert (Reason.SPONSORED,) == ad.reasons == ad_again.reasons
    assert (Reason.NEW,) == shown_by_editor.reasons


def test_an_installation_chooses_the_kinds_it_drops(new_state):
    """With no kind to drop, sponsored items are emitted as they are."""
    run = Run(new_state(), DedupeSettings(drop_kinds=frozenset()))
    outcome = run.take(page(teaser("a", kind=TeaserKind.SPONSORED)))

    assert [TeaserKind.SPONSORED] == [event.kind for event in outcome.teasers]


def test_an_id_twice_on_a_page_makes_one_event(run):
    """A page makes at most one event of a record, even where the split failed to merge."""
    outcome = run.take(page(teaser("a"), teaser("a", lead="A lead."), teaser("b")))

    assert (Reason.NEW, Reason.REPEAT_IN_PAGE, Reason.NEW) == outcome.reasons
    assert Counts(found=3, emitted=2, merged_in_page=1) == outcome.counts


def test_a_rank_without_a_value_counts_for_nothing(run):
    """An empty value is never a better one, whatever rank comes with it."""
    run.take(page(teaser("a", lead="A lead.", ranks={"lead": TEXT})))
    empty = teaser("a").model_copy(update={"ranks": (LINKED,) * 7})
    outcome = run.take(page(empty, name="other"))

    assert () == outcome.teasers


def test_values_without_ranks_count_as_text(run):
    """A split that states no ranks is read as a text group: a linked card is better."""
    run.take(page(teaser("a", lead="Plain").model_copy(update={"ranks": ()})))
    outcome = run.take(page(teaser("a", lead="Linked"), name="other"))

    assert [("lead",)] == [event.changed for event in outcome.teasers]


def test_ranks_out_of_range_are_bounded(run):
    """What another version states counts as the nearest rank there is, and what it doesn't state as none."""
    run.take(page(teaser("a", lead="First", kicker="Here").model_copy(update={"ranks": (9, -1, 6)})))
    same = teaser("a", lead="Second", kicker="There").model_copy(update={"ranks": (7, 0, 9, 0, 0, 0, 0, 7)})
    outcome = run.take(page(same, name="other"))

    assert [("lead",)] == [event.changed for event in outcome.teasers]
    assert () == outcome.conflicts


def test_a_story_as_teaser_then_article_then_teaser(run):
    """A teaser never suppresses an article, nor the other way round."""
    pages = [
        page(teaser("a"), name="1"),
        page(told=article("a"), name="2"),
        page(teaser("a"), name="3"),
        page(told=article("a"), name="4"),
    ]

    assert [["new"], ["new"], ["repeat_url"], ["recrawl_same"]] == run.reasons(*pages)
    assert pages[0].teasers[0].story_id == pages[1].article.article_id


def test_totals_add_up_with_what_the_split_settled(run):
    """Found is emitted, merged, dropped and rejected, items of the split included."""
    counts = Counts(found=7, merged_in_page=2, dropped=1, rejected=1)
    settled = (
        (Reason.REPEAT_IN_PAGE, "A"),
        (Reason.ORPHAN_LEAD, "B"),
        (Reason.SELF_LINK, "C"),
        (Reason.NO_IDENTITY, "D"),
    )
    run.take(page(teaser("a"), name="first"))
    outcome = run.take(page(teaser("a"), teaser("b"), told=article(), counts=counts, settled=settled))

    assert Counts(found=7, emitted=2, merged_in_page=2, dropped=2, rejected=1) == outcome.counts
    assert 7 == sum(outcome.decided.values())


def test_the_state_is_not_named_by_the_settings_alone(run):
    """The site is part of the id: two sites with one headline keep two entries."""
    run.take(page(teaser("a", site=SITE), teaser("a", site="b.example")))

    assert 3 == run.state.keys()
