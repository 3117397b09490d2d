"""Prometheus and Alertmanager read what we give them, and the right people hear."""

from tests.deploy.tools import ROOT, ran, said

PROMETHEUS = ROOT / "deploy" / "prometheus"
ALERTMANAGER = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"


def test_prometheus_takes_rules_and_configuration():
    """The rules and the scrape configuration are valid."""
    rules = ran("promtool", "check", "rules", PROMETHEUS / "rules.yml")
    config = ran("promtool", "check", "config", PROMETHEUS / "prometheus.yml")

    assert rules.returncode == 0, said(rules)
    assert config.returncode == 0, said(config)


def test_alertmanager_takes_its_configuration():
    """Routes, receivers and inhibitions are valid."""
    checked = ran("amtool", "check-config", ALERTMANAGER)

    assert checked.returncode == 0, said(checked)


def receiver(*labels: str) -> str:
    """Return who hears of an alert with these labels."""
    done = ran("amtool", "config", "routes", "test", f"--config.file={ALERTMANAGER}", *labels)
    assert done.returncode == 0, said(done)
    return done.stdout.strip()


def test_a_page_wakes_somebody_and_a_ticket_waits():
    """Severity decides who hears; what has none is a ticket."""
    assert "page" == receiver("severity=page", "alertname=NewsworkerAbsent")
    assert "ticket" == receiver("severity=ticket", "alertname=NewsworkerRejectedHigh")
    assert "ticket" == receiver("alertname=Unknown")
