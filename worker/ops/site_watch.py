"""Watches the listed sites: their health as metrics, and an event in the log when something goes off."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import structlog

from schemas.split_page import SplitPage
from worker.ops.catalogue import PageOutcome
from worker.ops.metrics import Metrics
from worker.ops.site_health import OFF, REJECTED_PAGE, Signal, Signs, SiteHealth, signs, speaks_against

OTHER = "other"
"""The label of every site that is not listed."""

EXAMPLES = 5
"""Addresses of pages that an event names."""

ON = OFF / 2
"""Drift below which a signal is on again: less than where it went off, so that it doesn't flutter."""

log = structlog.get_logger("newsworker.sites")


class SiteWatch:
    """The sites of one process. Called in the event loop, once a page, after its commit.

    Args:
        listed: Sites with series of their own.
        metrics: Where drift is exported.
    """

    def __init__(self, listed: Iterable[str], metrics: Metrics) -> None:
        self._listed = frozenset(listed)
        self._metrics = metrics
        self._health: dict[str, SiteHealth] = {}
        self._off: set[tuple[str, Signal]] = set()
        self._examples: dict[tuple[str, Signal], deque[str]] = {}

    def decided(self, page: SplitPage, outcome: PageOutcome) -> None:
        """A page was accepted, or is a repeat."""
        site = self._label(page.site)
        self._metrics.site_page(site, outcome)
        self._seen(site, signs(page), page.url)

    def rejected(self, key: bytes | None) -> None:
        """A split page was rejected; its key is the site."""
        site = self._label((key or b"").decode("utf-8", "replace"))
        self._metrics.site_page(site, PageOutcome.REJECTED)
        self._seen(site, REJECTED_PAGE, None)

    def restart(self) -> None:
        """Begin anew after a claim: partitions, and so sites, came and went. Silent for the first pages."""
        self._health.clear()
        self._off.clear()
        self._examples.clear()
        for site in (*self._listed, OTHER):
            for signal in Signal:
                self._metrics.site_drift(site, signal, 0.0)

    def _label(self, site: str) -> str:
        return site if site in self._listed else OTHER

    def _seen(self, site: str, page: Signs, url: str | None) -> None:
        health = self._health.get(site, SiteHealth()).seen(page)
        self._health[site] = health
        for signal, drift in health.drift().items():
            self._metrics.site_drift(site, signal, drift)
            if url is not None and speaks_against(signal, page, health):
                self._examples.setdefault((site, signal), deque(maxlen=EXAMPLES)).append(url)
            self._tell(site, signal, drift, health)

    def _tell(self, site: str, signal: Signal, drift: float, health: SiteHealth) -> None:
        """Log when a signal goes off, and when it is on again."""
        where = (site, signal)
        if drift >= OFF and where not in self._off:
            self._off.add(where)
            log.warning(
                "site_off",
                site=site,
                signal=signal,
                drift=round(drift, 2),
                field=health.worst_field() if signal is Signal.FIELDS else None,
                examples=list(self._examples.get(where, ())),
            )
        elif drift < ON and where in self._off:
            self._off.discard(where)
            log.info("site_on_again", site=site, signal=signal, drift=round(drift, 2))
