"""Alerts fire for real, and the dashboard is answered: a worker on Apache Kafka, Prometheus, Alertmanager.

A few scenes; `python -m tests.deploy.live` plays all of them.
"""

import json
from collections.abc import Iterator

import pytest

from tests.deploy.live import pages
from tests.deploy.live.faults import FAULTS, QUIET, calm, play
from tests.deploy.live.scene import Scene
from tests.deploy.tools import ROOT

PLAYED = {"bad envelopes", "worker killed", "stage forgotten"}
CALM = {"rolling restart"}
BOARD = json.loads((ROOT / "deploy" / "grafana" / "newsworker.json").read_text(encoding="utf-8"))
VARIABLES = {"$__rate_interval": "10s", "$instance": ".+", "$memory_limit": "1073741824"}
LOAD_SECONDS = 30.0


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.name in PLAYED], ids=lambda fault: fault.name)
def test_a_fault_raises_its_alert_and_no_other(fault):
    """What goes wrong shows in `amtool alert query`, and nothing else does."""
    seen, logs = play(fault)

    assert fault.expected <= seen.keys() <= fault.expected | fault.beside, f"{seen}\n{logs}"


@pytest.mark.parametrize("quiet", [q for q in QUIET if q.name in CALM], ids=lambda quiet: quiet.name)
def test_where_all_is_well_nothing_shows(quiet):
    """Ordinary work raises no alert."""
    seen, logs = calm(quiet)

    assert {} == seen, logs


@pytest.fixture(scope="module")
def loaded() -> Iterator[Scene]:
    """A scene under load, good pages and bad ones, long enough for every window."""
    with Scene() as scene:
        scene.start()
        scene.begin()
        with scene.feed(rate=10), scene.feed(pages.broken, rate=1):
            scene.watch(LOAD_SECONDS)
            yield scene


def test_every_query_of_the_dashboard_is_answered(loaded):
    """Each query, annotations too, has at least one series: a misspelt metric would have none."""
    asked = [(panel["title"], target["expr"]) for panel in BOARD["panels"] for target in panel.get("targets", [])]
    asked += [(mark["name"], mark["expr"]) for mark in BOARD["annotations"]["list"]]
    unanswered = []
    for title, expr in asked:
        for name, value in VARIABLES.items():
            expr = expr.replace(name, value)  # noqa: PLW2901 - filled step by step
        if not loaded.prometheus.query(expr):
            unanswered.append((title, expr))

    assert [] == unanswered
