"""The compose file: valid, and as cautious as the manifests."""

import sys

import pytest
import yaml

from tests.deploy.tools import ROOT, ran, said
from worker.ops.names import ENV_PREFIX
from worker.ops.settings import Settings

FILE = ROOT / "docker-compose.yml"
OURS = ("topics", "worker", "feed")


@pytest.fixture(scope="module")
def services() -> dict[str, dict]:
    """Services of all profiles, as podman-compose resolves them."""
    done = ran("podman-compose", "--profile", "demo", "--profile", "observe", "-f", FILE, "config")
    assert done.returncode == 0, said(done)
    return yaml.safe_load(done.stdout)["services"]


def test_the_schema_takes_the_file():
    """The file fits the compose specification."""
    checked = ran("check-jsonschema", "--builtin-schema", "vendor.compose-spec", FILE)

    assert checked.returncode == 0, said(checked)


def test_all_services_are_there(services):
    """Broker, topics, worker, feed and the three that observe."""
    expected = {"kafka", "topics", "worker", "feed", "prometheus", "alertmanager", "grafana"}

    assert expected == set(services)


def test_ports_are_bound_to_loopback(services):
    """Nothing is reachable from another machine."""
    ports = [port for service in services.values() for port in service.get("ports", [])]

    assert ports
    assert [] == [port for port in ports if not port.startswith("127.0.0.1:")]


def test_limits_and_versions_are_named(services):
    """Every service has a limit on memory and an image with a version."""
    assert [] == [name for name, service in services.items() if "mem_limit" not in service]
    assert [] == [name for name, service in services.items() if ":" not in service["image"]]
    assert [] == [name for name, service in services.items() if service["image"].endswith(":latest")]


def test_ours_run_confined(services):
    """The worker's containers have a read-only root, no capability and no way to more."""
    for name in OURS:
        assert services[name]["read_only"] is True
        assert ["ALL"] == services[name]["cap_drop"]
        assert ["no-new-privileges:true"] == services[name]["security_opt"]
        assert ["/tmp"] == services[name]["tmpfs"]


def test_the_order_of_a_start_rests_on_health(services):
    """The worker waits for the topics, they wait for a healthy broker, and who waits for health finds a check."""
    waits = {name: service.get("depends_on", {}) for name, service in services.items()}

    assert "service_completed_successfully" == waits["worker"]["topics"]["condition"]
    assert "service_healthy" == waits["topics"]["kafka"]["condition"]
    for needs in waits.values():
        for other, how in needs.items():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[other]


def test_stops_leave_time_to_drain(services):
    """The worker gets more time to end than its drain takes."""
    drain = Settings.model_fields["drain_seconds"].default

    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > drain


def test_settings_exist(services):
    """Every setting given to the worker is one."""
    known = {f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {key for name in OURS for key in services[name]["environment"]}

    assert given
    assert given <= known


def test_memory_limits_are_the_dashboard_s(services):
    """Compose, the Kubernetes base and the dashboard's line name one limit."""
    sys.path.insert(0, str(ROOT / "deploy" / "grafana"))
    from panels import MEMORY_LIMIT_BYTES  # noqa: PLC0415 - a script's table, found by its folder

    base = yaml.safe_load((ROOT / "deploy/kubernetes/base/worker/deployment.yaml").read_text(encoding="utf-8"))
    limit = base["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"]

    assert ("1g", "1Gi", 1024**3) == (services["worker"]["mem_limit"], limit, MEMORY_LIMIT_BYTES)
