"""The catalogue against what a process really exports, both ways."""

import shutil
import subprocess

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

from worker.ops.catalogue import CATALOGUE, Kind
from worker.ops.metrics import Metrics
from worker.ops.names import METRIC_PREFIX, Stage

BUDGET = 400
"""Series a process may have beside those of its partitions and sites."""


def families(text, parse=prometheus):
    return {family.name: family for family in parse(text) if family.name.startswith(METRIC_PREFIX)}


def scraped(metrics, accept=""):
    return metrics.exposition(accept)[0].decode()


def exported_name(row):
    return row.name.removesuffix("_total") if row.kind is Kind.COUNTER else row.name


def test_names_and_types_are_the_catalogue_s():
    """What is exported stands in the catalogue with its type, and what stands there is exported."""
    found = {name: family.type for name, family in families(scraped(Metrics(Stage))).items()}

    assert {exported_name(row): row.kind for row in CATALOGUE} == found


def test_labels_are_the_catalogue_s():
    """Every series has the labels of its row and no other."""
    metrics = Metrics(Stage)
    metrics.lag(Stage.SPLIT, {0: 1}, 1.0)

    found = {
        name: {tuple(sorted(set(sample.labels) - {"le"})) for sample in family.samples}
        for name, family in families(scraped(metrics)).items()
    }

    assert {exported_name(row): {tuple(sorted(row.labels))} for row in CATALOGUE} == found


def test_label_values_are_the_catalogue_s():
    """No series has a value that its row does not list."""
    listed = {exported_name(row): dict(row.values or {}) for row in CATALOGUE}

    strange = [
        (name, label, value)
        for name, family in families(scraped(Metrics(Stage))).items()
        for sample in family.samples
        for label, value in sample.labels.items()
        if label in listed[name] and value not in listed[name][label]
    ]

    assert [] == strange


def test_every_counter_is_there_before_the_first_event():
    """A counter that begins at its first event hides that event from `rate`: each has series at the start, all 0."""
    counters = {name: family for name, family in families(scraped(Metrics(Stage))).items() if family.type == "counter"}

    assert [] == [name for name, family in counters.items() if not family.samples]
    assert {0.0} == {sample.value for family in counters.values() for sample in family.samples}


def test_a_process_stays_within_its_budget_of_series():
    """A process with both stages has fewer series than its budget, whatever it processes."""
    series = [line for line in scraped(Metrics(Stage)).splitlines() if not line.startswith("#")]

    assert len(series) < BUDGET


def test_a_partition_costs_one_series_a_stage():
    """A partition of both stages adds two series, and they go when it goes."""
    metrics = Metrics(Stage)
    before = scraped(metrics).count("\n")

    for stage in Stage:
        metrics.lag(stage, {0: 5, 1: 0}, 1.0)
    with_lag = scraped(metrics).count("\n")
    for stage in Stage:
        metrics.assigned(stage, [1])
        metrics.revoked(stage, 1)

    assert with_lag - before == 4
    assert scraped(metrics).count("\n") == before


def test_both_formats_say_the_same():
    """OpenMetrics on request has the same families as the plain text."""
    text, content_type = Metrics(Stage).exposition("application/openmetrics-text; version=1.0.0")

    assert content_type.startswith("application/openmetrics-text")
    assert set(families(text.decode(), openmetrics)) == set(families(scraped(Metrics(Stage))))


def test_promtool_finds_nothing_to_say():
    """Prometheus' own linter is content with names, types and help texts."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.fail("promtool is missing: install Debian's `prometheus`")

    checked = subprocess.run(
        [promtool, "check", "metrics"], input=scraped(Metrics(Stage)), capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
