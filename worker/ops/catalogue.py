"""The catalogue of metrics: a row a metric. Registry, docs and the checks of rules and dashboards come from it.

Names are interface: a rename needs a changelog entry, and old and new side by side for one minor release.
A label's values are an enum, the partitions assigned or the sites listed; never an address, a host, a
headline, a key or the text of an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from schemas.decisions import Decision, Reason
from schemas.rejected import RejectReason
from worker.ops.names import METRIC_PREFIX, Stage
from worker.ops.site_health import Signal


class Kind(StrEnum):
    """Type of a metric."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class PageOutcome(StrEnum):
    """How a page ends a stage: exactly one of these."""

    ACCEPTED = "accepted"
    REPEAT = "repeat"
    """Nothing on it was new; only ``dedupe`` can tell."""
    REJECTED = "rejected"


class ArticleOutcome(StrEnum):
    """What ``dedupe`` decided about an article."""

    NEW = "new"
    REVISED = "revised"
    RECRAWL = "recrawl"
    OLDER = "older"


class TeaserOutcome(StrEnum):
    """What ``dedupe`` decided about a teaser."""

    NEW = "new"
    ENRICHED = "enriched"
    REPEAT = "repeat"


class Step(StrEnum):
    """A step of the work on a page or a batch."""

    DECODE = "decode"
    EXTRACT = "extract"
    DECIDE = "decide"
    COMMIT = "commit"


class SendResult(StrEnum):
    """What the broker answered to a send."""

    CONFIRMED = "confirmed"
    FAILED = "failed"


class Cause(StrEnum):
    """Why records were read again: left out in between, left out at the end, missing in the log itself."""

    HOLE = "hole"
    TAIL = "tail"
    LOG = "log"


class FieldState(StrEnum):
    """Whether a page says something."""

    PRESENT = "present"
    MISSING = "missing"


class ReplayResult(StrEnum):
    """What became of a rejected page at a replay."""

    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Metric:
    """One row: what is exported under a name, and what it means."""

    suffix: str
    """Name without the prefix; a counter's has its ``_total``."""

    kind: Kind
    """Counter, gauge or histogram."""

    meaning: str
    """What it counts or measures, and when it moves."""

    labels: tuple[str, ...] = ()
    """Label names in order."""

    values: Mapping[str, tuple[str, ...]] | None = None
    """Values of the labels that have fixed ones."""

    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram, in its unit."""

    @property
    def name(self) -> str:
        """Name as exported."""
        return f"{METRIC_PREFIX}{self.suffix}"


STAGES = tuple(Stage)

FIELDS: Mapping[str, tuple[str, ...]] = {
    "article": (
        "headline", "authors", "agency", "lead", "body", "captions", "published_at", "modified_at",
        "language", "section", "images",
    ),
    "teaser": ("headline", "kicker", "lead", "authors", "agency", "url", "image", "published_at"),
}  # fmt: skip
"""Fields that are counted as present or missing, by record."""

REASONS: Mapping[Stage, tuple[RejectReason, ...]] = {
    Stage.SPLIT: tuple(reason for reason in RejectReason if reason is not RejectReason.INVALID_SPLIT_PAGE),
    Stage.DEDUPE: (RejectReason.INVALID_SPLIT_PAGE, RejectReason.TOO_LARGE, RejectReason.INTERNAL),
}
"""Reasons for which each stage can reject."""

OUTCOMES: Mapping[Stage, tuple[PageOutcome, ...]] = {
    Stage.SPLIT: (PageOutcome.ACCEPTED, PageOutcome.REJECTED),
    Stage.DEDUPE: tuple(PageOutcome),
}
"""Outcomes that a page can have in each stage."""

SENDS: Mapping[Stage, tuple[str, ...]] = {
    Stage.SPLIT: ("pages.split.v1", "pages.rejected.v1"),
    Stage.DEDUPE: ("articles.v1", "teasers.v1", "pages.rejected.v1", "decisions.v1", "dedupe-state"),
}
"""Topics that each stage writes, by their registry names."""

EVENT_TOPICS = ("articles.v1", "teasers.v1")
"""Topics whose freshness is measured."""

STEP_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
PAGE_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
FRESHNESS_BUCKETS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
BYTES_BUCKETS = (1e3, 1e4, 5e4, 1e5, 2.5e5, 5e5, 1e6, 2.5e6, 5e6, 1e7)

COUNTER, GAUGE, HISTOGRAM = Kind.COUNTER, Kind.GAUGE, Kind.HISTOGRAM

CATALOGUE = (
    Metric(
        "pages_total", COUNTER, "Pages by stage and outcome, counted once each, after the commit.",
        ("stage", "outcome"), {"stage": STAGES, "outcome": tuple(PageOutcome)},
    ),
    Metric(
        "pages_rejected_total", COUNTER, "Rejected pages by reason; the sum equals pages_total with outcome rejected.",
        ("stage", "reason"), {"stage": STAGES, "reason": tuple(RejectReason)},
    ),
    Metric(
        "articles_total", COUNTER, "Articles by what dedupe decided.",
        ("outcome",), {"outcome": tuple(ArticleOutcome)},
    ),
    Metric(
        "teasers_total", COUNTER, "Teasers by what dedupe decided, after the merge inside the page.",
        ("outcome",), {"outcome": tuple(TeaserOutcome)},
    ),
    Metric("items_found_total", COUNTER, "Items found on pages, the article counted as one; counted by dedupe."),
    Metric(
        "items_total", COUNTER, "Items by decision and reason; the sum equals items_found_total.",
        ("decision", "reason"), {"decision": tuple(Decision), "reason": tuple(Reason)},
    ),
    Metric(
        "records_received_total", COUNTER,
        "Records taken up as the next expected one, refetched ones too; not those skipped or handed back.",
        ("stage",), {"stage": STAGES},
    ),
    Metric(
        "events_sent_total", COUNTER, "Messages by topic, counted after the broker's answer.",
        ("topic", "result"), {"result": tuple(SendResult)},
    ),
    Metric(
        "step_seconds", HISTOGRAM, "Duration of a step: decode, extract and decide a page, commit a batch.",
        ("step",), {"step": tuple(Step)}, STEP_BUCKETS,
    ),
    Metric(
        "page_seconds", HISTOGRAM, "Time of a page from received to committed.",
        ("stage",), {"stage": STAGES}, PAGE_BUCKETS,
    ),
    Metric(
        "freshness_seconds", HISTOGRAM, "Age of an event at its commit, from the raw record's timestamp.",
        ("topic",), {"topic": EVENT_TOPICS}, FRESHNESS_BUCKETS,
    ),
    Metric(
        "refetched_records_total", COUNTER,
        "Records that Faust left out and that were read again; cause log: missing in the log itself.",
        ("stage", "cause"), {"stage": STAGES, "cause": tuple(Cause)},
    ),
    Metric("page_bytes", HISTOGRAM, "Size of a raw page's record value.", buckets=BYTES_BUCKETS),
    Metric(
        "fields_total", COUNTER, "Fields of articles and teasers by whether the page says something.",
        ("record", "field", "state"), {"record": tuple(FIELDS), "state": tuple(FieldState)},
    ),
    Metric(
        "lag_records", GAUGE,
        "Last stable offset minus the position behind the last page done; claimed partitions only, never below 0.",
        ("stage", "partition"), {"stage": STAGES},
    ),
    Metric(
        "lag_seconds", GAUGE, "Age of the oldest unfinished record; 0 when caught up.",
        ("stage",), {"stage": STAGES},
    ),
    Metric("assigned_partitions", GAUGE, "Partitions that this process holds.", ("stage",), {"stage": STAGES}),
    Metric("in_flight_records", GAUGE, "Records received and not yet committed.", ("stage",), {"stage": STAGES}),
    Metric(
        "last_progress_timestamp_seconds", GAUGE, "When the last page was done; the start, before the first.",
        ("stage",), {"stage": STAGES},
    ),
    Metric(
        "last_commit_timestamp_seconds", GAUGE,
        "When the last commit, or for split the last batch, was confirmed; the start, before the first.",
        ("stage",), {"stage": STAGES},
    ),
    Metric("rebalances_total", COUNTER, "Rebalances that this process saw.", ("stage",), {"stage": STAGES}),
    Metric("recovery_seconds", GAUGE, "Duration of the last claim: restore of a partition's state."),
    Metric("seen_keys", GAUGE, "Live entries of the state."),
    Metric("ready", GAUGE, "What /readyz says of the stage: 1 ready, 0 not.", ("stage",), {"stage": STAGES}),
    Metric("draining", GAUGE, "1 after SIGTERM."),
    Metric(
        "site_pages_total", COUNTER, "Pages of the listed sites, and of all others as `other`, by what dedupe decided.",
        ("site", "outcome"), {"outcome": tuple(PageOutcome)},
    ),
    Metric(
        "site_drift", GAUGE,
        "How far a site's pages are from its running baseline: 0 as usual or too few to tell, 1 nothing left.",
        ("site", "signal"), {"signal": tuple(Signal)},
    ),
    Metric(
        "replayed_total", COUNTER, "Rejected pages sent in again, by the replay command.",
        ("result",), {"result": tuple(ReplayResult)},
    ),
    Metric(
        "build_info", GAUGE, "1; the labels say what runs.",
        ("version", "commit", "python", "faust", "guarantee"),
    ),
)  # fmt: skip
"""Every metric of the worker, beside the client's own ``process_*`` and ``python_*``."""
