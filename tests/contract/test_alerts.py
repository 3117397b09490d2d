"""Every alert can be acted on: it has a runbook section and cases that show when it fires."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.leaving_out import needs
from worker.ops.site_health import OFF

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "rules.yml"
CASES = sorted((ROOT / "deploy" / "prometheus" / "tests").glob("*.yml"))
ALERTS = [
    rule
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
    if "alert" in rule
]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_has_a_runbook_section(alert: dict):
    """The address in the annotation leads to a section of that name, with all four parts."""
    page, anchor = alert["annotations"]["runbook"].split("#")
    sections = (ROOT / page).read_text(encoding="utf-8").split("\n### ")
    section = next((s for s in sections if s.split("\n", 1)[0].lower() == anchor), "")

    assert re.findall(r"^\*\*(\w+)\*\*", section, re.MULTILINE) == ["Means", "Look", "Do", "Wake"]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_has_a_case_that_fires_and_one_that_stays_quiet(alert: dict):
    """Two kinds of series are held against each alert."""
    tests = [test for file in CASES for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]]
    expected = [
        bool(case["exp_alerts"])
        for test in tests
        for case in test["alert_rule_test"]
        if case["alertname"] == alert["alert"]
    ]

    assert set(expected) == {True, False}


@needs(shutil.which("promtool"), "no promtool: install the package `prometheus`")
def test_prometheus_agrees_with_the_cases():
    """Prometheus itself evaluates the rules as the cases say."""
    done = subprocess.run(["promtool", "test", "rules", *CASES], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_site_is_off_for_the_alert_where_it_is_for_the_log():
    """The alert and the event `site_off` have one threshold, and `other`, a mixture, raises none."""
    (expr,) = [alert["expr"] for alert in ALERTS if alert["alert"] == "NewsworkerSiteOff"]

    assert f'max by (site, signal) (newsworker_site_drift{{site!="other"}}) >= {OFF}' == expr
