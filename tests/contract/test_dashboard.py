"""The dashboard asks for what the worker exports, and says what it shows."""

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import promql_parser
import pytest
import yaml
from grafana_foundation_sdk.models.dashboard import Dashboard

from worker.ops.catalogue import CATALOGUE, Kind

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "grafana" / "newsworker.json"
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yml").read_text(encoding="utf-8"))
BOARD = json.loads(FILE.read_text(encoding="utf-8"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]

PROCESS = {
    "process_cpu_seconds_total",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
}
"""Metrics that the client library exports by itself."""

VARIABLES = {"$__rate_interval": "1m", "$instance": ".+", "$memory_limit": "1"}


def queries() -> list[str]:
    """Return every query of the board: panels', annotations'."""
    asked = [target["expr"] for panel in PANELS for target in panel["targets"]]
    return asked + [mark["expr"] for mark in BOARD["annotations"]["list"]]


def filled(expr: str) -> str:
    """Return the query as Grafana would send it."""
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    return expr


def selectors(expr: str) -> Iterator[promql_parser.VectorSelector]:
    """Yield each selector of a query."""
    found: list[promql_parser.VectorSelector] = []

    def visit(node: object) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)
        elif isinstance(node, promql_parser.MatrixSelector):
            found.append(node.vector_selector)

    promql_parser.walk(promql_parser.parse(filled(expr)), visit)
    yield from found


def series() -> dict[str, tuple[str, ...]]:
    """Return the labels of every series that the catalogue promises, by its name in Prometheus."""
    names: dict[str, tuple[str, ...]] = {}
    for row in CATALOGUE:
        ends = ("_bucket", "_count", "_sum") if row.kind is Kind.HISTOGRAM else ("",)
        for end in ends:
            names[row.name + end] = (*row.labels, "le") if end == "_bucket" else row.labels
    return names | dict.fromkeys(PROCESS, ())


def test_the_file_is_what_the_table_makes_of_it():
    """Whoever edits panels.py writes the JSON anew: `python deploy/grafana/build.py`."""
    spec = importlib.util.spec_from_file_location("build", FILE.with_name("build.py"))
    build = importlib.util.module_from_spec(spec)
    sys.modules["build"] = build
    spec.loader.exec_module(build)

    assert build.rendered() == FILE.read_text(encoding="utf-8")


def test_grafana_s_own_model_takes_the_file():
    """The Grafana foundation SDK reads the page, every panel of it."""
    read = Dashboard.from_json(BOARD)

    assert "newsworker" == read.uid
    assert [panel["title"] for panel in BOARD["panels"]] == [panel.title for panel in read.panels]


@pytest.mark.parametrize("expr", queries())
def test_a_query_asks_for_metrics_of_the_catalogue(expr: str):
    """A query parses, and each selector has a known metric, its own labels, and only our instances."""
    promised = series()
    for selector in selectors(expr):
        labels = {matcher.name for matcher in selector.matchers.matchers}

        assert selector.name in promised
        assert labels <= {*promised[selector.name], "instance"}
    ours = expr.count('instance=~"$instance"')
    assert ours >= 1 or expr == "vector($memory_limit)"


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_explains_itself(panel: dict):
    """A panel has a unit, and its description says what it shows, what is normal and which alert belongs to it."""
    alerts = {rule["alert"] for group in RULES["groups"] for rule in group["rules"] if "alert" in rule}
    described = panel["description"]

    assert panel["fieldConfig"]["defaults"]["unit"]
    assert "Normal: " in described
    assert re.findall(r"Newsworker\w+", described) or described.endswith("No alert belongs to it.")
    assert set(re.findall(r"Newsworker\w+", described)) <= alerts


def test_every_alert_has_a_panel():
    """Somebody who was woken finds the alert's picture on the page."""
    named = {name for panel in PANELS for name in re.findall(r"Newsworker\w+", panel["description"])}

    assert {rule["alert"] for group in RULES["groups"] for rule in group["rules"] if "alert" in rule} == named


def test_ids_are_unique_and_panels_do_not_overlap():
    """Each panel has an id and a place of its own."""
    ids = [panel["id"] for panel in BOARD["panels"]]
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in BOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(ids) == len(set(ids))
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_no_data_source_is_fixed():
    """The page works on any Grafana: every data source is the variable."""
    found = re.findall(r'"uid": "([^"]+)"', FILE.read_text(encoding="utf-8"))

    assert {"newsworker", "${datasource}"} == set(found)


def test_rates_follow_the_picture_s_width():
    """A rate has Grafana's own interval, or a longer one that its description names."""
    spans = {span for expr in queries() for span in re.findall(r"\[([^\]]+)\]", expr)}

    assert {"$__rate_interval", "15m", "1h"} == spans
