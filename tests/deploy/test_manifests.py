"""The Kubernetes manifests: valid for every schema there is, within policy, and true to the worker."""

import importlib.util
import json
from collections.abc import Iterator

import pytest
import yaml

from schemas.topics import RAW, SPLIT
from tests.deploy.tools import ROOT, VALIDATORS, ran, said
from worker.ops.names import ENV_PREFIX
from worker.ops.settings import Settings

KUBERNETES = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("dev", "prod", "apart")
CUSTOM = {"PodMonitor", "PrometheusRule", "ScaledObject", "TriggerAuthentication"}
EXEMPT = {
    "CKV_K8S_11": "a limit on CPU throttles a worker in the middle of a commit",
    "CKV_K8S_15": "tags are not moved, so a node may use the image that it has",
    "CKV_K8S_43": "the digest is known only when the image was built; the overlay says where it goes",
}
"""Policies that are not followed, and why."""

INPUTS = {"newsworker-split": RAW.name, "newsworker-dedupe": SPLIT.name}
"""Input topic by consumer group."""


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request) -> str:
    """Each overlay as kubectl builds it."""
    built = ran("kubectl", "kustomize", KUBERNETES / "overlays" / request.param)
    assert built.returncode == 0, said(built)
    return built.stdout


@pytest.fixture
def resources(overlay) -> list[dict]:
    """Its resources."""
    return list(yaml.safe_load_all(overlay))


def of_kind(resources: list[dict], *kinds: str) -> list[dict]:
    return [resource for resource in resources if resource["kind"] in kinds]


def pods(resources: list[dict]) -> Iterator[dict]:
    """Yield the pod of each workload."""
    for resource in of_kind(resources, "Deployment", "Job"):
        yield resource["spec"]["template"]["spec"]


def variables(resources: list[dict]) -> dict[str, str]:
    """Return every setting that the manifests give."""
    given = {k: v for config in of_kind(resources, "ConfigMap") for k, v in config["data"].items()}
    listed = [e for pod in pods(resources) for c in pod["containers"] for e in c.get("env", [])]
    return given | {entry["name"]: entry.get("value", "") for entry in listed}


def test_kubernetes_takes_the_core_kinds(overlay, tmp_path):
    """Every core resource fits its schema, without a property that the schema doesn't know."""
    file = tmp_path / "overlay.yaml"
    file.write_text(overlay)

    checked = ran("kubernetes-validate", "--strict", file)

    assert checked.returncode == 0, said(checked)
    unknown = [line for line in (checked.stdout + checked.stderr).splitlines() if "Couldn't find schema" in line]
    assert all(any(f"kind {kind} " in line for kind in CUSTOM) for line in unknown), said(checked)


def test_the_operators_take_the_custom_kinds(resources):
    """PodMonitor, PrometheusRule, ScaledObject and TriggerAuthentication fit their operators' schemas."""
    checked = ran("node", VALIDATORS / "check.mjs", stdin=json.dumps(of_kind(resources, *CUSTOM)))

    assert checked.returncode == 0, said(checked)


def test_the_check_of_custom_kinds_refuses_a_bad_one():
    """A scaled object without a target does not pass: the check can fail."""
    bad = {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "x"},
        "spec": {"triggers": []},
    }

    assert ran("node", VALIDATORS / "check.mjs", stdin=json.dumps([bad])).returncode == 1


def test_policy_is_followed(overlay, tmp_path):
    """Checkov finds nothing beside what we exempt with a reason."""
    file = tmp_path / "overlay.yaml"
    file.write_text(overlay)

    checked = ran(
        "checkov", "-f", file, "--framework", "kubernetes", "--compact", "--quiet", "-o", "json",
        "--skip-check", ",".join(EXEMPT), BC_SKIP_MAPPING="TRUE",
    )  # fmt: skip

    assert checked.returncode == 0, said(checked)
    report = json.loads(checked.stdout)
    assert report["summary"]["passed"] > 50
    assert 0 == report["summary"]["parsing_errors"]


def test_every_setting_exists(resources):
    """A setting in a manifest is a setting of the worker: a typo would stop its start."""
    known = {f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = variables(resources)

    assert given
    assert [] == [name for name in given if name not in known and name.removesuffix("_FILE") not in known]


def test_settings_in_production_are_production_s(resources, request):
    """An overlay for production names the guarantee, encrypts and proves who it is."""
    given = variables(resources)
    if given["NEWSWORKER_ENVIRONMENT"] != "prod":
        assert "dev" in request.node.name
        return

    assert "exactly_once" == given["NEWSWORKER_GUARANTEE"]
    assert "SASL_SSL" == given["NEWSWORKER_KAFKA_SECURITY"]
    assert "SCRAM-SHA-512" == given["NEWSWORKER_KAFKA_SASL_MECHANISM"]
    assert given["NEWSWORKER_KAFKA_SASL_PASSWORD_FILE"].startswith("/etc/newsworker/")


def test_pods_are_confined(resources):
    """No token, no root, no write outside /tmp, no capability, no surprise from service links."""
    for pod in pods(resources):
        assert pod["automountServiceAccountToken"] is False
        assert (10001, True) == (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsNonRoot"])
        assert "RuntimeDefault" == pod["securityContext"]["seccompProfile"]["type"]
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert "memory" in container["resources"]["limits"]
            assert "cpu" not in container["resources"]["limits"]
            writable = [m["mountPath"] for m in container["volumeMounts"] if not m.get("readOnly")]
            assert ["/tmp"] == writable


def test_a_rollout_replaces_pods_one_by_one(resources):
    """No extra pod, one at a time, and more time to end than the worker takes to drain."""
    drain = float(variables(resources)["NEWSWORKER_DRAIN_SECONDS"])
    for deployment in of_kind(resources, "Deployment"):
        pod = deployment["spec"]["template"]["spec"]

        assert {"maxSurge": 0, "maxUnavailable": 1} == deployment["spec"]["strategy"]["rollingUpdate"]
        assert 60 == pod["terminationGracePeriodSeconds"] >= drain + 15
        assert pod["enableServiceLinks"] is False
        probes = {
            name: pod["containers"][0][f"{name}Probe"]["httpGet"]["path"]
            for name in ("startup", "liveness", "readiness")
        }
        assert {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"} == probes


def test_selectors_find_their_pods(resources):
    """What selects pods by label selects those of its deployment; network policy and monitor select all."""
    labels = {
        d["metadata"]["name"]: d["spec"]["template"]["metadata"]["labels"] for d in of_kind(resources, "Deployment")
    }

    for budget in of_kind(resources, "PodDisruptionBudget"):
        wanted = budget["spec"]["selector"]["matchLabels"].items()
        assert [budget["metadata"]["name"]] == [name for name, has in labels.items() if wanted <= has.items()]
    for policy in of_kind(resources, "NetworkPolicy"):
        wanted = policy["spec"]["podSelector"]["matchLabels"].items()
        assert all(wanted <= has.items() for has in labels.values())
    for monitor in of_kind(resources, "PodMonitor"):
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        assert all(wanted <= has.items() for has in labels.values())
    assert of_kind(resources, "NetworkPolicy")


def test_autoscaling_follows_each_stage_s_lag(resources):
    """A scaled object has a deployment, a trigger a stage with its own group and topic, and partitions as its limit."""
    deployments = {d["metadata"]["name"]: d for d in of_kind(resources, "Deployment")}
    job = of_kind(resources, "Job")[0]["spec"]["template"]["spec"]["containers"][0]["args"]
    groups = []
    for scaled in of_kind(resources, "ScaledObject"):
        spec = scaled["spec"]
        groups += [trigger["metadata"]["consumerGroup"] for trigger in spec["triggers"]]

        assert "replicas" not in deployments[spec["scaleTargetRef"]["name"]]["spec"]
        assert ["--partitions", str(spec["maxReplicaCount"])] == job[-2:]
        assert spec["minReplicaCount"] >= 1
        assert (
            300
            == spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]["stabilizationWindowSeconds"]
        )
        for trigger in spec["triggers"]:
            assert INPUTS[trigger["metadata"]["consumerGroup"]] == trigger["metadata"]["topic"]
            assert "true" == trigger["metadata"]["limitToPartitionsWithLag"]
    assert sorted(groups) == (sorted(INPUTS) if of_kind(resources, "ScaledObject") else [])


def test_the_operator_has_the_rules_of_everybody():
    """The PrometheusRule is what build.py makes of deploy/prometheus/rules.yml."""
    file = KUBERNETES / "components" / "monitoring" / "build.py"
    spec = importlib.util.spec_from_file_location("operator_rules", file)
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)

    assert build.rendered() == build.TARGET.read_text(encoding="utf-8")
