"""The stage `dedupe`: a split page becomes the events that are new on it. Stateful, a state a partition.

The handler is total, as that of `split`, and only reads the state: the layer remembers what is whole.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial

from schemas import SplitPage, decode
from schemas.topics import ARTICLES, TEASERS
from worker.dedupe import DedupeSettings, MemoryState, Outcome, State, ToldTeaser, decide, page_decisions
from worker.ops.catalogue import PageOutcome, Step
from worker.ops.items import Items
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.site_watch import SiteWatch
from worker.ops.traces import StageTraces
from worker.stream.guarantee import Message, Record, Unit
from worker.stream.installation import Installation
from worker.stream.rejected import Rejection, rejected, rejection
from worker.stream.sinks import Sinks
from worker.stream.telling import tell, trace_page
from worker.stream.watch import Watch
from worker.stream.wire import received_at, trace


class DedupeStage:
    """Handles the records of the topic of split pages.

    Args:
        installation: Names, sizes, lifetimes and what is dropped.
        metrics: What is counted once a page is done.
        traces: What makes the spans; None where none are made.
    """

    def __init__(self, installation: Installation, metrics: Metrics, traces: StageTraces | None = None) -> None:
        settings = installation.settings
        self._desk = installation.desk(Stage.DEDUPE)
        self._settings = DedupeSettings.of_hours(
            settings.dedupe_ttl_hours, settings.dedupe_cap_hours, settings.drop_kinds
        )
        self._folder = settings.dedupe_folder
        self._tells_decisions = settings.decisions
        self._sinks = Sinks(installation)
        self._metrics = metrics
        self._traces = traces
        self.sites = SiteWatch(settings.sites, metrics)
        """Health of the extraction by site; begins anew with each claim."""

    def new_state(self) -> State:
        """Return the empty state of a partition, in memory or in a folder of its own."""
        if self._folder is None:
            return MemoryState(self._settings)
        from worker.dedupe.disk import DiskState  # noqa: PLC0415 - rocksdict comes with an extra

        return DiskState(self._settings, self._folder)

    def handle(self, record: Record, state: State) -> Unit:
        """Return all that one split page does. Total; reads ``state`` and leaves it as it is."""
        watch = Watch()
        try:
            return self._decided(record, state, watch)
        except Exception as error:  # noqa: BLE001 - pure code: whatever it raises is about this page
            why = rejection(error, Stage.DEDUPE)
            message = rejected(record, why, self._desk, datetime.now(UTC))
            return Unit((message,), then=partial(self._count_rejected, record, why, watch))

    def _decided(self, record: Record, state: State, watch: Watch) -> Unit:
        """Return what the page does.

        Raises:
            ContractError: The record is no split page.
            MalformedId: Another version's split wrote it.
            PageTooLarge: One of its events is larger than its topic takes.
        """
        page = decode(SplitPage, record.value)
        watch.lap(Step.DECODE)
        outcome = decide(page, state, received_at=received_at(record), settings=self._settings)
        watch.lap(Step.DECIDE)
        then = partial(self._count, record, outcome, _items(outcome), watch)
        return Unit(self._messages(outcome, record, state), outcome.entries, then=then)

    def _messages(self, outcome: Outcome, record: Record, state: State) -> tuple[Message, ...]:
        events = self._sinks.events(outcome.events, outcome.page, outcome.seen_at, trace(record.headers))
        if not self._tells_decisions:
            return events
        return (*events, self._sinks.decisions(page_decisions(outcome, state)))

    def _count(self, record: Record, outcome: Outcome, items: Items, watch: Watch) -> None:
        """Count a page that is done. Called once, after the commit."""
        now, page = time.time(), outcome.page
        for step, seconds in watch.laps:
            self._metrics.step(step, seconds)
        if page.received_at is not None:
            age = now - page.received_at.timestamp()
            for told in outcome.told:
                topic = TEASERS if isinstance(told, ToldTeaser) else ARTICLES
                self._metrics.event_committed(topic.name, age)
        ended = PageOutcome.REPEAT if outcome.is_repeat else PageOutcome.ACCEPTED
        self._metrics.page_decided(ended, None, watch.seconds, at=now, items=items)
        self.sites.decided(page, ended)
        if self._traces is not None:
            trace_page(self._traces, record, None, watch)
        tell(Stage.DEDUPE, record, ended, page_id=page.page_id, url=page.url)

    def _count_rejected(self, record: Record, why: Rejection, watch: Watch) -> None:
        self._metrics.page_decided(PageOutcome.REJECTED, why.reason, watch.seconds, at=time.time())
        self.sites.rejected(record.key)
        if self._traces is not None:
            trace_page(self._traces, record, why, watch)
        tell(Stage.DEDUPE, record, PageOutcome.REJECTED, why)


def _items(outcome: Outcome) -> Items:
    """Return what became of the page's items, in numbers."""
    page = outcome.page
    has_article = page.article is not None
    article = outcome.reasons[0] if has_article else None
    teasers = outcome.reasons[1:] if has_article else outcome.reasons
    return Items(page.counts.found, article, teasers, outcome.settled).with_fields(page)
