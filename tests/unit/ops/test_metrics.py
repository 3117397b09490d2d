from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.decisions import Decision, Reason
from schemas.rejected import RejectReason
from schemas.split_page import SplitPage
from worker.ops.catalogue import OUTCOMES, REASONS, Cause, PageOutcome, SendResult, Step
from worker.ops.items import Items
from worker.ops.metrics import Metrics
from worker.ops.names import Stage


def made(*stages):
    return Metrics(stages or tuple(Stage), started=1_000.0)


def value(metrics, name, **labels):
    return metrics.registry.get_sample_value(f"newsworker_{name}", labels)


def total(metrics, name, **labels):
    """Sum a metric over all series that have these labels."""
    return sum(
        sample.value
        for family in metrics.registry.restricted_registry([f"newsworker_{name}"]).collect()
        for sample in family.samples
        if sample.name == f"newsworker_{name}" and labels.items() <= sample.labels.items()
    )


def test_a_received_page_is_in_flight_until_it_is_done():
    """Received and in flight move together, and so do done and no longer in flight."""
    metrics = made()

    metrics.received(Stage.SPLIT, 3)
    metrics.page_split(None, 0.02, at=2_000.0)
    metrics.page_split(RejectReason.EMPTY, 0.01, at=2_001.0)

    assert value(metrics, "in_flight_records", stage="split") == 1
    assert value(metrics, "pages_total", stage="split", outcome="accepted") == 1
    assert value(metrics, "pages_rejected_total", stage="split", reason="empty") == 1
    assert value(metrics, "last_progress_timestamp_seconds", stage="split") == 2_001.0
    assert value(metrics, "page_seconds_count", stage="split") == 2


PAGES = st.lists(
    st.sampled_from([(stage, outcome) for stage in Stage for outcome in OUTCOMES[stage]]).flatmap(
        lambda page: st.tuples(
            st.just(page),
            st.sampled_from(REASONS[page[0]]) if page[1] is PageOutcome.REJECTED else st.none(),
            st.lists(st.sampled_from(Reason), max_size=5),
        )
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=25)  # a registry has 270 series to make and to read
@given(PAGES, st.integers(0, 5))
def test_the_laws_hold_after_every_page(pages, waiting):
    """Received = outcomes + in flight, rejected = its reasons, items found = items decided, at every moment."""
    metrics = made()

    for stage in Stage:
        metrics.received(stage, waiting)
    for (stage, outcome), reason, reasons in pages:
        metrics.received(stage)
        if stage is Stage.SPLIT:
            metrics.page_split(reason, 0.1, at=1.0)
        else:
            items = None if reason else Items(len(reasons), None, reasons, [])
            metrics.page_decided(outcome, reason, 0.1, at=1.0, items=items)
        holds(metrics)


def holds(metrics):
    for stage in Stage:
        outcomes = total(metrics, "pages_total", stage=stage)
        in_flight = value(metrics, "in_flight_records", stage=stage)
        assert total(metrics, "records_received_total", stage=stage) == outcomes + in_flight
        rejected = total(metrics, "pages_total", stage=stage, outcome="rejected")
        assert total(metrics, "pages_rejected_total", stage=stage) == rejected
    assert value(metrics, "items_found_total") == total(metrics, "items_total")


def test_an_item_lost_on_the_way_shows():
    """What the split found and nobody decided on breaks the law in the open."""
    metrics = made()
    metrics.received(Stage.DEDUPE)

    metrics.page_decided(PageOutcome.ACCEPTED, None, 0.1, at=1.0, items=Items(3, Reason.NEW, [Reason.NEW], []))

    assert value(metrics, "items_found_total") - total(metrics, "items_total") == 1


def test_items_are_counted_by_what_they_are():
    """Article, teasers and what the split settled go to their own counters; a corrected teaser is an enriched one."""
    metrics = made()
    metrics.received(Stage.DEDUPE)
    teasers = [Reason.NEW, Reason.CORRECTED, Reason.ENRICHED, Reason.REPEAT_URL, Reason.LEAD_CONFLICT, Reason.SPONSORED]

    items = Items(9, Reason.REVISED, teasers, [Reason.REPEAT_IN_PAGE, Reason.SELF_LINK])
    metrics.page_decided(PageOutcome.ACCEPTED, None, 0.1, at=1.0, items=items)

    assert value(metrics, "articles_total", outcome="revised") == 1
    assert value(metrics, "teasers_total", outcome="new") == 1
    assert value(metrics, "teasers_total", outcome="enriched") == 2
    assert value(metrics, "teasers_total", outcome="repeat") == 2
    assert value(metrics, "items_total", decision="dropped", reason="sponsored") == 1
    assert total(metrics, "items_total", decision=Decision.MERGED_IN_PAGE) == 1


def test_fields_are_counted_as_present_or_missing():
    """A field that a page leaves out counts as missing, one that it fills as present."""
    teaser = {"teaser_id": "0" * 32, "story_id": "0" * 32, "kind": "related", "position": 1, "headline": "A"}
    page = SplitPage.model_validate(
        {
            "page_id": "0" * 32,
            "site": "example.org",
            "teasers": [teaser, teaser | {"lead": "B"}],
            "extractor_version": "1",
            "identity_version": "1",
        }
    )
    metrics = made()
    metrics.received(Stage.DEDUPE)

    items = Items(2, None, [Reason.NEW] * 2, []).with_fields(page)
    metrics.page_decided(PageOutcome.ACCEPTED, None, 0.1, at=1.0, items=items)

    assert value(metrics, "fields_total", record="teaser", field="headline", state="present") == 2
    assert value(metrics, "fields_total", record="teaser", field="lead", state="missing") == 1
    assert total(metrics, "fields_total", record="article") == 0


def test_lag_is_never_negative_and_goes_with_its_partition():
    """A position ahead of the last look counts as no lag; a revoked partition has no series."""
    metrics = made()

    metrics.lag(Stage.SPLIT, {0: -3, 1: 7}, -0.5)
    metrics.lag(Stage.SPLIT, {0: 2}, 4.0)

    assert value(metrics, "lag_records", stage="split", partition="0") == 2
    assert value(metrics, "lag_records", stage="split", partition="1") is None
    assert value(metrics, "lag_seconds", stage="split") == 4.0


def test_only_the_stages_of_the_process_have_series():
    """A process that only splits says nothing about dedupe, so that its absence is seen."""
    metrics = made(Stage.SPLIT)

    assert value(metrics, "ready", stage="split") == 0
    assert value(metrics, "ready", stage="dedupe") is None


def test_the_start_stands_for_the_first_progress():
    """Before anything is done the last progress is the start, not the year 1970."""
    metrics = made()

    assert value(metrics, "last_progress_timestamp_seconds", stage="dedupe") == 1_000.0
    assert value(metrics, "last_commit_timestamp_seconds", stage="dedupe") == 1_000.0


def test_build_info_names_one_guarantee():
    """When the guarantee is known it replaces the configured one instead of standing beside it."""
    metrics = made()

    metrics.guarantee("exactly_once")

    assert total(metrics, "build_info") == 1
    assert total(metrics, "build_info", guarantee="exactly_once") == 1


def test_the_broker_s_answers_are_counted():
    """Confirmed and failed sends, refetched records, commits and claims have their own series."""
    metrics = made()

    metrics.sent("articles.v1", SendResult.CONFIRMED, 4)
    metrics.refetched(Stage.DEDUPE, Cause.HOLE, 2)
    metrics.committed(Stage.DEDUPE, 0.03, at=5_000.0)
    metrics.claimed(1.5)
    metrics.event_committed("teasers.v1", -0.2)

    assert value(metrics, "events_sent_total", topic="articles.v1", result="confirmed") == 4
    assert value(metrics, "refetched_records_total", stage="dedupe", cause="hole") == 2
    assert value(metrics, "step_seconds_count", step=Step.COMMIT) == 1
    assert value(metrics, "last_commit_timestamp_seconds", stage="dedupe") == 5_000.0
    assert value(metrics, "recovery_seconds") == 1.5
    assert value(metrics, "freshness_seconds_bucket", topic="teasers.v1", le="0.1") == 1
