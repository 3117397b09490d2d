"""What the worker counts: one class on a registry of its own, given to the stages.

Counters of one law move in one method, without an await in between: a scrape never sees half.
Rendering happens in the same event loop, for the same reason.
"""

import platform
import time
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder

import worker
from schemas.decisions import Reason
from schemas.rejected import RejectReason
from worker.ops.catalogue import (
    CATALOGUE,
    EVENT_TOPICS,
    FIELDS,
    OUTCOMES,
    REASONS,
    SENDS,
    ArticleOutcome,
    Cause,
    FieldState,
    Kind,
    Metric,
    PageOutcome,
    ReplayResult,
    SendResult,
    Step,
    TeaserOutcome,
)
from worker.ops.items import Items
from worker.ops.names import Guarantee, Stage
from worker.ops.site_health import Signal


class Metrics:
    """Everything that a worker exports.

    Args:
        stages: The stages of this process: only their series exist, from the first scrape, with 0.
        guarantee: The configured guarantee; `guarantee` names the one that holds.
        commit: Commit of the build.
        started: Seconds since the epoch; stands for the last progress before there is any.
        sites: Sites with series of their own, beside `other`.
    """

    def __init__(
        self,
        stages: Iterable[Stage],
        *,
        guarantee: str = Guarantee.AUTO,
        commit: str = "unknown",
        started: float | None = None,
        sites: Iterable[str] = (),
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a `_created` series for each counter doubles what is stored
        self.registry = CollectorRegistry(auto_describe=True)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self.stages = tuple(stages)
        made = {row.suffix: _made(row, self.registry) for row in CATALOGUE}
        self._counters = {name: metric for name, metric in made.items() if isinstance(metric, Counter)}
        self._gauges = {name: metric for name, metric in made.items() if isinstance(metric, Gauge)}
        self._histograms = {name: metric for name, metric in made.items() if isinstance(metric, Histogram)}
        self._begin(time.time() if started is None else started)
        if Stage.DEDUPE in self.stages:
            self._begin_sites((*sites, "other"))
        self._build = (worker.__version__, commit, platform.python_version(), _faust_version())
        self.guarantee(guarantee)

    # -- records and pages

    def received(self, stage: Stage, n: int = 1) -> None:
        """``n`` records were taken up; they are in flight until `page_split` or `page_decided`."""
        self._received[stage].inc(n)
        self._in_flight[stage].inc(n)

    def page_split(self, reason: RejectReason | None, seconds: float, *, at: float) -> None:
        """A raw page is done: accepted, or rejected for ``reason``.

        Args:
            reason: Why it was rejected; None for an accepted page.
            seconds: From received to committed.
            at: Now, seconds since the epoch.
        """
        outcome = PageOutcome.ACCEPTED if reason is None else PageOutcome.REJECTED
        self._done(Stage.SPLIT, outcome, reason, seconds, at)

    def page_decided(
        self,
        outcome: PageOutcome,
        reason: RejectReason | None,
        seconds: float,
        *,
        at: float,
        items: Items | None = None,
    ) -> None:
        """A split page is done, and so are all its items.

        Args:
            outcome: Accepted, repeat or rejected.
            reason: Why it was rejected; None for any other.
            seconds: From received to committed.
            at: Now, seconds since the epoch.
            items: What became of its items; None for a rejected page.
        """
        self._done(Stage.DEDUPE, outcome, reason, seconds, at)
        if items is None:
            return
        self._counters["items_found_total"].inc(items.found)
        for item_reason, n in items.reasons.items():
            self._items[item_reason].inc(n)
        for article, n in items.articles.items():
            self._articles[article].inc(n)
        for teaser, n in items.teasers.items():
            self._teasers[teaser].inc(n)
        for field, n in items.fields.items():
            self._fields[field].inc(n)

    def page_size(self, size: int) -> None:
        """A raw page of ``size`` bytes was read."""
        self._histograms["page_bytes"].observe(size)

    def step(self, step: Step, seconds: float) -> None:
        """A step took ``seconds``."""
        self._steps[step].observe(seconds)

    def event_committed(self, topic: str, age_seconds: float) -> None:
        """An event of ``age_seconds`` became visible on ``topic`` (the registry's name)."""
        if topic in self._freshness:
            self._freshness[topic].observe(max(0.0, age_seconds))

    # -- the sites

    def site_page(self, site: str, outcome: PageOutcome) -> None:
        """A page of a listed site, or of ``other``, is done."""
        self._counters["site_pages_total"].labels(site, outcome).inc()

    def site_drift(self, site: str, signal: Signal, drift: float) -> None:
        """How far a site is from its baseline, 0 to 1."""
        self._drift[site, signal].set(drift)

    # -- the broker

    def sent(self, topic: str, result: SendResult, n: int = 1) -> None:
        """The broker answered for ``n`` messages to ``topic`` (the registry's name)."""
        self._counters["events_sent_total"].labels(topic, result).inc(n)

    def refetched(self, stage: Stage, cause: Cause, n: int) -> None:
        """``n`` records that were left out were read again, or are missing in the log."""
        self._counters["refetched_records_total"].labels(stage, cause).inc(n)

    def committed(self, stage: Stage, seconds: float, *, at: float) -> None:
        """A commit was confirmed after ``seconds``."""
        self.step(Step.COMMIT, seconds)
        self._gauges["last_commit_timestamp_seconds"].labels(stage).set(at)

    def rebalanced(self, stage: Stage) -> None:
        """The group was rebalanced."""
        self._counters["rebalances_total"].labels(stage).inc()

    def claimed(self, seconds: float) -> None:
        """A partition's state is restored after ``seconds``."""
        self._gauges["recovery_seconds"].set(seconds)

    def assigned(self, stage: Stage, partitions: Iterable[int]) -> None:
        """Exactly these partitions are held; the series of all others go."""
        held = set(partitions)
        for partition in self._lagging[stage] - held:
            self.revoked(stage, partition)
        self._gauges["assigned_partitions"].labels(stage).set(len(held))

    def revoked(self, stage: Stage, partition: int) -> None:
        """The partition's series go: stale lag is the classic false alarm."""
        if partition in self._lagging[stage]:
            self._lagging[stage].discard(partition)
            self._gauges["lag_records"].remove(stage, str(partition))

    def lag(self, stage: Stage, records: Mapping[int, int], seconds: float) -> None:
        """Records behind by partition, and the age of the oldest unfinished one."""
        for partition in self._lagging[stage] - set(records):
            self.revoked(stage, partition)
        for partition, n in records.items():
            self._lagging[stage].add(partition)
            self._gauges["lag_records"].labels(stage, str(partition)).set(max(0, n))
        self._gauges["lag_seconds"].labels(stage).set(max(0.0, seconds))

    # -- the process

    def ready(self, stage: Stage, *, is_ready: bool) -> None:
        """What `/readyz` says of the stage."""
        self._gauges["ready"].labels(stage).set(int(is_ready))

    def draining(self) -> None:
        """The process was asked to stop."""
        self._gauges["draining"].set(1)

    def seen_keys(self, n: int) -> None:
        """The state holds ``n`` live entries."""
        self._gauges["seen_keys"].set(n)

    def replayed(self, result: ReplayResult, n: int = 1) -> None:
        """``n`` rejected pages were sent in again, left out, or could not be sent."""
        self._counters["replayed_total"].labels(result).inc(n)

    def guarantee(self, guarantee: str) -> None:
        """Name the guarantee that holds."""
        info = self._gauges["build_info"]
        info.clear()
        info.labels(*self._build, guarantee).set(1)

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """Return what a scrape gets, and its content type: OpenMetrics where ``accept`` asks for it."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    # -- inside

    def _done(self, stage: Stage, outcome: PageOutcome, reason: RejectReason | None, seconds: float, at: float) -> None:
        self._in_flight[stage].dec()
        self._pages[stage, outcome].inc()
        if reason is not None:
            self._rejected[stage, reason].inc()
        self._page_seconds[stage].observe(seconds)
        self._progress[stage].set(at)

    def _begin(self, started: float) -> None:
        """Make every series that can occur, so that the first event is seen by ``rate``."""
        counter, gauge, stages = self._counters, self._gauges, self.stages
        self._pages = {(s, o): counter["pages_total"].labels(s, o) for s in stages for o in OUTCOMES[s]}
        self._rejected = {(s, r): counter["pages_rejected_total"].labels(s, r) for s in stages for r in REASONS[s]}
        self._received = {s: counter["records_received_total"].labels(s) for s in stages}
        self._in_flight = {s: gauge["in_flight_records"].labels(s) for s in stages}
        self._progress = {s: gauge["last_progress_timestamp_seconds"].labels(s) for s in stages}
        self._page_seconds = {s: self._histograms["page_seconds"].labels(s) for s in stages}
        self._steps = {step: self._histograms["step_seconds"].labels(step) for step in Step}
        self._freshness = {t: self._histograms["freshness_seconds"].labels(t) for t in EVENT_TOPICS}
        self._items = {r: counter["items_total"].labels(r.decision, r) for r in Reason}
        self._articles = {o: counter["articles_total"].labels(o) for o in ArticleOutcome}
        self._teasers = {o: counter["teasers_total"].labels(o) for o in TeaserOutcome}
        self._fields = {
            (record, field, state): counter["fields_total"].labels(record, field, state)
            for record, fields in FIELDS.items()
            for field in fields
            for state in FieldState
        }
        self._lagging: dict[Stage, set[int]] = {stage: set() for stage in stages}
        for result in ReplayResult:
            counter["replayed_total"].labels(result)
        for stage in stages:
            self._begin_stage(stage, started)

    def _begin_sites(self, sites: Iterable[str]) -> None:
        self._drift: dict[tuple[str, Signal], Gauge] = {}
        for site in sites:
            for outcome in PageOutcome:
                self._counters["site_pages_total"].labels(site, outcome)
            for signal in Signal:
                self._drift[site, signal] = self._gauges["site_drift"].labels(site, signal)

    def _begin_stage(self, stage: Stage, started: float) -> None:
        for topic in SENDS[stage]:
            for result in SendResult:
                self._counters["events_sent_total"].labels(topic, result)
        for cause in Cause:
            self._counters["refetched_records_total"].labels(stage, cause)
        self._counters["rebalances_total"].labels(stage)
        for name in ("assigned_partitions", "lag_seconds", "ready"):
            self._gauges[name].labels(stage).set(0)
        for name in ("last_progress_timestamp_seconds", "last_commit_timestamp_seconds"):
            self._gauges[name].labels(stage).set(started)


def _made(row: Metric, registry: CollectorRegistry) -> Counter | Gauge | Histogram:
    match row.kind:
        case Kind.COUNTER:
            return Counter(row.name, row.meaning, row.labels, registry=registry)
        case Kind.GAUGE:
            return Gauge(row.name, row.meaning, row.labels, registry=registry)
        case Kind.HISTOGRAM:
            return Histogram(row.name, row.meaning, row.labels, registry=registry, buckets=row.buckets)


def _faust_version() -> str:
    try:
        return version("faust-streaming")
    except PackageNotFoundError:
        return "none"
