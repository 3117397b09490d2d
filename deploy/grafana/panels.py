"""The dashboard's panels: a row a row, a panel a panel. `build.py` turns them into Grafana's JSON.

Read from the top: the first row answers "is it well?", the others say where it is not.
"""

from dataclasses import dataclass, field

MEMORY_LIMIT_BYTES = 1024**3
"""Memory limit of a worker in compose and in the Kubernetes base; a test compares them."""

OURS = 'instance=~"$instance"'
"""What every query is narrowed to."""


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL query of a panel, and how its series are called."""

    expr: str
    legend: str = "__auto"
    as_heatmap: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture. ``shows``, ``normal`` and ``alerts`` together are its description."""

    title: str
    kind: str
    """``stat``, ``timeseries`` or ``heatmap``."""

    unit: str
    """Grafana's name of the unit; one that it does not know is written after the number."""

    shows: str
    normal: str
    queries: tuple[Query, ...]
    alerts: tuple[str, ...] = ()
    """Alerts of ``deploy/prometheus/rules.yml`` that belong to it."""

    limits: tuple[tuple[str, float], ...] = ()
    """Colours and the values they begin at."""

    is_stacked: bool = False

    @property
    def description(self) -> str:
        """What somebody needs who sees the panel for the first time."""
        alert = "Alert: " + ", ".join(self.alerts) if self.alerts else "No alert belongs to it"
        return f"{self.shows} Normal: {self.normal} {alert}."


@dataclass(frozen=True, slots=True)
class Row:
    """Panels side by side under a heading."""

    title: str
    panels: tuple[Panel, ...] = field(default=())
    height: int = 8
    """In Grafana's grid, about 30 pixels each."""


def stat(title: str, unit: str, shows: str, normal: str, *queries: Query, **more: object) -> Panel:
    """Return a panel with the last value, large."""
    return Panel(title, "stat", unit, shows, normal, queries, **more)  # type: ignore[arg-type] # the fields of Panel


def graph(title: str, unit: str, shows: str, normal: str, *queries: Query, **more: object) -> Panel:
    """Return a panel with lines over time."""
    return Panel(title, "timeseries", unit, shows, normal, queries, **more)  # type: ignore[arg-type] # as above


def rate(metric: str, by: str, where: str = "") -> str:
    """Return the sum of a counter's rate by some labels."""
    selector = f"{OURS},{where}" if where else OURS
    return f"sum by ({by}) (rate({metric}{{{selector}}}[$__rate_interval]))"


def share(metric: str, part: str, by: str) -> str:
    """Return the rate of a part of a counter over the rate of the whole, by some labels."""
    return f"{rate(metric, by, part)} / {rate(metric, by)}"


def quantile(q: float, metric: str, by: str) -> str:
    """Return a quantile of a histogram by some labels."""
    return f"histogram_quantile({q}, {rate(f'{metric}_bucket', f'le, {by}')})"


GREEN_TO_RED = ("green", 0.0)
LATE = (
    f'1 - sum(rate(newsworker_freshness_seconds_bucket{{{OURS},topic="articles.v1",le="30.0"}}[$__rate_interval]))'
    f' / sum(rate(newsworker_freshness_seconds_count{{{OURS},topic="articles.v1"}}[$__rate_interval]))'
)
UNACCOUNTED = (
    f"sum by (stage) (newsworker_records_received_total{{{OURS}}})"
    f" - sum by (stage) (newsworker_pages_total{{{OURS}}})"
    f" - sum by (stage) (newsworker_in_flight_records{{{OURS}}})"
)

NOW = Row(
    "Now: is it well?",
    (
        stat(
            "Ready workers", "short",
            "Workers that say they do their share, by stage.", "as many as are deployed, never 0.",
            Query(f"sum by (stage) (newsworker_ready{{{OURS}}})", "{{stage}}"),
            alerts=("NewsworkerAbsent",), limits=(("red", 0.0), ("green", 1.0)),
        ),
        stat(
            "Pages a second", "pages/s",
            "Pages that ended a stage, whatever the outcome.", "follows the crawlers; both stages alike.",
            Query(rate("newsworker_pages_total", "stage"), "{{stage}}"),
            alerts=("NewsworkerStalled",),
        ),
        stat(
            "Late articles", "percentunit",
            "Share of articles committed more than 30 s after their page arrived.", "under 1 %.",
            Query(LATE, "late"),
            alerts=("NewsworkerFreshnessBurn",), limits=(GREEN_TO_RED, ("orange", 0.01), ("red", 0.144)),
        ),
        stat(
            "Rejected pages", "percentunit",
            "Share of pages that could not be used, by stage.", "under 2 % an hour.",
            Query(share("newsworker_pages_total", 'outcome="rejected"', "stage"), "{{stage}}"),
            alerts=("NewsworkerRejectedHigh",), limits=(GREEN_TO_RED, ("red", 0.02)),
        ),
        stat(
            "Worst lag", "s",
            "Age of the oldest page that some worker has not finished, by stage.", "a few seconds; 0 when idle.",
            Query(f"max by (stage) (newsworker_lag_seconds{{{OURS}}})", "{{stage}}"),
            alerts=("NewsworkerFreshnessBurn", "NewsworkerStalled"),
            limits=(GREEN_TO_RED, ("orange", 30.0), ("red", 300.0)),
        ),
        stat(
            "Versions running", "short",
            "Workers by version and by the guarantee that holds.", "one version, two during an upgrade.",
            Query(
                f"count by (version, guarantee) (newsworker_build_info{{{OURS}}})", "{{version}} {{guarantee}}"
            ),
        ),
    ),
    height=5,
)  # fmt: skip

FLOW = Row(
    "Flow",
    (
        graph(
            "Pages by stage and outcome", "pages/s",
            "Pages a second that ended a stage.", "mostly accepted; repeats come with every re-crawl.",
            Query(rate("newsworker_pages_total", "stage, outcome"), "{{stage}} {{outcome}}"),
            alerts=("NewsworkerStalled", "NewsworkerRejectedHigh"), is_stacked=True,
        ),
        graph(
            "Events by topic", "events/s",
            "Messages a second that the broker confirmed, by topic.", "teasers several times the articles.",
            Query(rate("newsworker_events_sent_total", "topic", 'result="confirmed"'), "{{topic}}"),
        ),
        graph(
            "Received minus outcomes", "short",
            "Records received, less pages with an outcome, less pages in flight.", "exactly 0, always.",
            Query(UNACCOUNTED, "{{stage}}"),
            alerts=("NewsworkerUnaccounted",),
        ),
        graph(
            "Raw bytes", "Bps",
            "Bytes a second of raw pages read.", "follows the pages a second.",
            Query(f"sum(rate(newsworker_page_bytes_sum{{{OURS}}}[$__rate_interval]))", "read"),
        ),
    ),
)  # fmt: skip

TIME = Row(
    "Time",
    (
        graph(
            "Page, received to committed", "s",
            "How long a page takes in a stage: median, 95th and 99th percentile.",
            "half the commit interval to the whole of it.",
            *(
                Query(quantile(q, "newsworker_page_seconds", "stage"), f"{{{{stage}}}} p{int(q * 100)}")
                for q in (0.5, 0.95, 0.99)
            ),
            alerts=("NewsworkerFreshnessBurn",),
        ),
        graph(
            "Step, 95th percentile", "s",
            "How long a step of the work takes.", "decode, extract and decide in milliseconds; commit in tens.",
            Query(quantile(0.95, "newsworker_step_seconds", "step"), "{{step}}"),
            alerts=("NewsworkerLagGrowing",),
        ),
        Panel(
            "Freshness of articles", "heatmap", "s",
            "How old an article is when readers see it, from the arrival of its page.", "all below 30 s.",
            (
                Query(
                    "sum by (le) (increase(newsworker_freshness_seconds_bucket"
                    f'{{{OURS},topic="articles.v1"}}[$__rate_interval]))',
                    "{{le}}",
                    as_heatmap=True,
                ),
            ),
            alerts=("NewsworkerFreshnessBurn",),
        ),
    ),
)  # fmt: skip

KAFKA = Row(
    "Kafka",
    (
        graph(
            "Lag by partition", "short",
            "Records that wait, by stage and partition.", "near 0; one high line is one busy or stuck partition.",
            Query(f"sum by (stage, partition) (newsworker_lag_records{{{OURS}}})", "{{stage}} {{partition}}"),
            alerts=("NewsworkerLagGrowing", "NewsworkerStalled"),
        ),
        graph(
            "Assigned partitions", "short",
            "Partitions that each worker holds.", "about equal; moves only at a rebalance.",
            Query(
                f"sum by (instance, stage) (newsworker_assigned_partitions{{{OURS}}})", "{{instance}} {{stage}}"
            ),
        ),
        graph(
            "Rebalances", "short",
            "Rebalances that the workers saw in 15 minutes.", "0, and a few at each deploy.",
            Query(f"sum by (stage) (increase(newsworker_rebalances_total{{{OURS}}}[15m]))", "{{stage}}"),
            alerts=("NewsworkerRebalancing",),
        ),
        graph(
            "Age of the last commit", "s",
            "Time since the last commit of each worker.", "about the commit interval; grows on an idle topic.",
            Query(
                f"time() - max by (instance, stage) (newsworker_last_commit_timestamp_seconds{{{OURS}}})",
                "{{instance}} {{stage}}",
            ),
            alerts=("NewsworkerCommitStuck",),
        ),
        graph(
            "Failed sends", "events/s",
            "Messages a second that the broker refused, by topic.", "0.",
            Query(rate("newsworker_events_sent_total", "topic", 'result="failed"'), "{{topic}}"),
            alerts=("NewsworkerSendFailing",),
        ),
    ),
)  # fmt: skip

QUALITY = Row(
    "Quality",
    (
        graph(
            "Rejected by reason", "pages/s",
            "Pages a second that could not be used.", "a trickle of many reasons; one that jumps is news.",
            Query(rate("newsworker_pages_rejected_total", "stage, reason") + " > 0", "{{stage}} {{reason}}"),
            alerts=("NewsworkerRejectedHigh",), is_stacked=True,
        ),
        graph(
            "Missing by field", "percentunit",
            "Share of articles and teasers that do not say a field.", "steady for each field, whatever its height.",
            Query(share("newsworker_fields_total", 'state="missing"', "record, field"), "{{record}} {{field}}"),
            alerts=("NewsworkerFieldMissing",),
        ),
        graph(
            "Drift by site", "percentunit",
            "How far the pages of each listed site are from their running baseline, worst signal.",
            "below 0.4, and 0 for the first 200 pages after a claim; `other` moves with the mix of its sites.",
            Query(f"max by (site) (newsworker_site_drift{{{OURS}}})", "{{site}}"),
            alerts=("NewsworkerSiteOff",),
        ),
        graph(
            "Page size, 95th percentile", "bytes",
            "Size of raw pages.", "a few hundred kilobytes; a jump is another crawler or another kind of page.",
            Query(
                f"histogram_quantile(0.95, {rate('newsworker_page_bytes_bucket', 'le')})",
                "p95",
            ),
        ),
    ),
)  # fmt: skip

DEDUPE = Row(
    "Dedupe",
    (
        graph(
            "Articles by outcome", "articles/s",
            "What became of articles.", "re-crawls most, new next, revised few, older nearly none.",
            Query(rate("newsworker_articles_total", "outcome"), "{{outcome}}"), is_stacked=True,
        ),
        graph(
            "Teasers by outcome", "teasers/s",
            "What became of teasers.", "repeats are most of them.",
            Query(rate("newsworker_teasers_total", "outcome"), "{{outcome}}"),
            alerts=("NewsworkerDedupeOdd",), is_stacked=True,
        ),
        graph(
            "Items by decision", "items/s",
            "Every item found on a page, by what was decided.", "the sum equals the items found.",
            Query(rate("newsworker_items_total", "decision"), "{{decision}}"),
            Query(f"sum(rate(newsworker_items_found_total{{{OURS}}}[$__rate_interval]))", "found"),
            alerts=("NewsworkerUnaccounted",),
        ),
        graph(
            "Seen keys", "short",
            "Live entries of the state.", "rises for a week, then flat; a fall to 0 is a lost state.",
            Query(f"sum by (instance) (newsworker_seen_keys{{{OURS}}})", "{{instance}}"),
            alerts=("NewsworkerDedupeOdd",),
        ),
        graph(
            "Recovery", "s",
            "How long the last claim of a partition took to restore its state.", "under 15 s a million keys.",
            Query(f"max by (instance) (newsworker_recovery_seconds{{{OURS}}})", "{{instance}}"),
            alerts=("NewsworkerAbsent",),
        ),
    ),
)  # fmt: skip

PROCESS = Row(
    "Process",
    (
        graph(
            "CPU", "short",
            "Cores that each worker uses.", "under 1: a worker is one thread; at 1 it needs more replicas.",
            Query(f"rate(process_cpu_seconds_total{{{OURS}}}[$__rate_interval])", "{{instance}}"),
            alerts=("NewsworkerLagGrowing",),
        ),
        graph(
            "Resident memory against limit", "bytes",
            "Memory of each worker, and the limit of its container.", "flat after warm-up, well under the limit.",
            Query(f"process_resident_memory_bytes{{{OURS}}}", "{{instance}}"),
            Query("vector($memory_limit)", "limit"),
        ),
        graph(
            "Open files", "short",
            "Open file descriptors of each worker.", "a few dozen, flat.",
            Query(f"process_open_fds{{{OURS}}}", "{{instance}}"),
        ),
        graph(
            "Restarts", "short",
            "Changes of the process' start time in an hour.", "0, and 1 at each deploy.",
            Query(f"changes(process_start_time_seconds{{{OURS}}}[1h])", "{{instance}}"),
            alerts=("NewsworkerRebalancing", "NewsworkerRestarting"),
        ),
    ),
)  # fmt: skip

ROWS = (NOW, FLOW, TIME, KAFKA, QUALITY, DEDUPE, PROCESS)
"""The page, from the top."""

STARTED = f"process_start_time_seconds{{{OURS}}}"
ANNOTATIONS = (
    (
        "Deploys", "purple", "{{version}}",
        f"min by (version) ({STARTED} * on (instance) group_left (version) newsworker_build_info{{{OURS}}}) * 1000",
    ),
    (
        "Restarts", "orange", "{{instance}}",
        f"{STARTED} * 1000",
    ),
)  # fmt: skip
"""Marks on every panel: name, colour, text, and a query whose value is the time in milliseconds."""
