from datetime import UTC, datetime
from itertools import cycle, islice

import pytest
import structlog

from schemas import RawPage, decode
from schemas.split_page import SplitPage
from tests.deploy.live.pages import SITES, Look, article
from worker.extract import split_page
from worker.ops.catalogue import PageOutcome
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.site_health import SILENT_PAGES, Signal
from worker.ops.site_watch import SiteWatch

LISTED = "town.example"


def page(n, *, words=500, site=LISTED):
    article = {
        "article_id": "0" * 32,
        "site": site,
        "headline": "A headline",
        "authors": ["Ann Author"],
        "word_count": words,
        "fingerprint": "0" * 32,
        "published_at": "2026-01-01T00:00:00Z",
    }
    return SplitPage.model_validate(
        {
            "page_id": "0" * 32,
            "url": f"https://{site}/story-number-{n}",
            "site": site,
            "article": article,
            "counts": {"found": 1},
            "extractor_version": "1",
            "identity_version": "1",
        }
    )


@pytest.fixture
def watch():
    metrics = Metrics([Stage.DEDUPE], sites=[LISTED])
    made = SiteWatch([LISTED], metrics)
    made.metrics = metrics
    return made


def drift(watch, site, signal):
    return watch.metrics.registry.get_sample_value("newsworker_site_drift", {"site": site, "signal": signal})


def pages_of(watch, site, outcome="accepted"):
    return watch.metrics.registry.get_sample_value("newsworker_site_pages_total", {"site": site, "outcome": outcome})


def test_a_redesign_is_one_event_with_examples(watch):
    """When bodies go empty the drift rises and the log names the site, once, with addresses to look at."""
    for n in range(SILENT_PAGES):
        watch.decided(page(n), PageOutcome.ACCEPTED)
    with structlog.testing.capture_logs() as logs:
        for n in range(60):
            watch.decided(page(n, words=0), PageOutcome.ACCEPTED)

    (event,) = logs
    assert (event["event"], event["site"], event["signal"]) == ("site_off", LISTED, Signal.BODY)
    assert len(event["examples"]) == 5
    assert all(address.startswith("https://town.example/story-number-") for address in event["examples"])
    assert drift(watch, LISTED, "body") > 0.4


def test_a_mended_site_is_told_once(watch):
    """When it is well again there is one event, and no flutter on the way."""
    for words, n in ((500, SILENT_PAGES), (0, 60)):
        for number in range(n):
            watch.decided(page(number, words=words), PageOutcome.ACCEPTED)
    with structlog.testing.capture_logs() as logs:
        for number in range(200):
            watch.decided(page(number), PageOutcome.ACCEPTED)

    assert ["site_on_again"] == [event["event"] for event in logs]


def test_a_site_that_is_not_listed_is_other(watch):
    """No site makes a series of its own without being asked for."""
    watch.decided(page(1, site="elsewhere.example"), PageOutcome.REPEAT)
    watch.rejected(b"elsewhere.example")
    watch.rejected(None)

    assert (pages_of(watch, "other", "repeat"), pages_of(watch, "other", "rejected")) == (1, 2)
    assert pages_of(watch, "elsewhere.example") is None


def test_every_listed_site_is_there_from_the_start(watch):
    """A listed site has its series before its first page, with 0."""
    assert [pages_of(watch, site) for site in (LISTED, "other")] == [0, 0]
    assert drift(watch, LISTED, "teasers") == 0


def test_after_a_claim_all_begins_anew(watch):
    """Partitions moved, so a site's pages may have gone elsewhere meanwhile: no verdict from before counts."""
    for words, n in ((500, SILENT_PAGES), (0, 60)):
        for number in range(n):
            watch.decided(page(number, words=words), PageOutcome.ACCEPTED)

    watch.restart()
    after_restart = drift(watch, LISTED, "body")
    watch.decided(page(1, words=0), PageOutcome.ACCEPTED)

    assert (after_restart, drift(watch, LISTED, "body")) == (0.0, 0.0)


SITE = SITES[0].removeprefix("www.")


def pages_as_read(look):
    """Return ten pages of one site, as they are read from HTML."""
    at = datetime(2026, 11, 9, tzinfo=UTC)
    return [split_page(decode(RawPage, article(n * len(SITES), at, look=look))) for n in range(10)]


@pytest.mark.parametrize(
    ("look", "signals"),
    [(Look.HOLLOW, {Signal.ARTICLE}), (Look.BARE, {Signal.FIELDS}), (Look.SHORT, set()), (Look.USUAL, set())],
    ids=str,
)
def test_a_redesign_is_seen_from_the_pages_themselves(look, signals):
    """Text that moves into a script, or a byline that vanishes, goes off; a slow day's short pieces do not."""
    watch = SiteWatch([SITE], Metrics([Stage.DEDUPE], sites=[SITE]))
    for known in islice(cycle(pages_as_read(Look.USUAL)), 2 * SILENT_PAGES):
        watch.decided(known, PageOutcome.ACCEPTED)

    with structlog.testing.capture_logs() as logs:
        for changed in islice(cycle(pages_as_read(look)), 150):
            watch.decided(changed, PageOutcome.ACCEPTED)

    assert signals == {event["signal"] for event in logs if event["event"] == "site_off"}
