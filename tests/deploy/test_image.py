"""The image: clean by hadolint, built for real, and run the way production confines it."""

import json
import time
from collections.abc import Iterator

import pytest

import worker
from tests.deploy import image
from tests.deploy.live.processes import free_port
from tests.deploy.tools import ROOT, ran, said

READY_SECONDS = 60.0


@pytest.fixture(scope="module", autouse=True)
def built() -> str:
    """The image, built once."""
    return image.built()


@pytest.fixture(scope="module")
def inspected() -> dict:
    """What the image says of itself."""
    return json.loads(image.podman("image", "inspect", image.IMAGE).stdout)[0]


@pytest.fixture
def container(kafka) -> Iterator[str]:
    """A worker in a container, on real Apache Kafka."""
    settings = {
        "NEWSWORKER_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "NEWSWORKER_HTTP_BIND": f"127.0.0.1:{free_port()}",
        "NEWSWORKER_TOPIC_PREFIX": "image.",
        "NEWSWORKER_APP_ID": "image",
    }
    with image.running("topics", "apply", "--partitions", "2", **settings) as topics:
        assert "0" == image.podman("wait", topics).stdout.strip(), said(image.podman("logs", topics))
    with image.running(**settings) as running:
        yield running


def test_hadolint_finds_nothing():
    """The Containerfile follows hadolint's advice, all of it."""
    checked = ran("hadolint", image.CONTAINERFILE)

    assert checked.returncode == 0, said(checked)


def test_the_base_is_pinned():
    """The base has a tag for people and a digest for machines."""
    base = next(
        line for line in image.CONTAINERFILE.read_text(encoding="utf-8").splitlines() if line.startswith("ARG BASE=")
    )

    assert ":3.11-slim-bookworm@sha256:" in base


def test_the_image_says_what_it_is(inspected):
    """Labels, user, entry point and stop signal are those of the design."""
    labels = inspected["Labels"]

    assert worker.__version__ == labels["org.opencontainers.image.version"]
    assert 40 == len(labels["org.opencontainers.image.revision"])
    assert {"source", "licenses", "title"} <= {name.rsplit(".", 1)[1] for name in labels}
    assert ("10001:10001", ["newsworker"], ["run"]) == (
        inspected["Config"]["User"],
        inspected["Config"]["Entrypoint"],
        inspected["Config"]["Cmd"],
    )


def test_only_the_environment_is_in_it():
    """No build tools of ours, no cache and no source beside the installed package."""
    with image.files() as root:
        assert [] == list((root / "src").glob("*"))
        assert [] == list((root / "root").glob(".cache/*"))
        assert (root / "opt" / "newsworker" / "bin" / "newsworker").exists()
        assert not (root / "opt" / "newsworker" / "lib" / "python3.11" / "site-packages" / "pytest").exists()


def test_a_command_runs_confined():
    """With a read-only root, no capability and a number for a user, the command works."""
    done = image.ran_once("--version")

    assert f"newsworker {worker.__version__}\n" == done.stdout, said(done)


def test_the_core_works_inside():
    """The installed package has its data files: a page is split inside the image, confined."""
    pages = ROOT / "worker" / "samples" / "pages"
    done = image.ran_once("split", "/pages/01-nordlicht-faehre.html", "--format", "jsonl", volumes={pages: "/pages"})

    assert done.returncode == 0, said(done)
    assert json.loads(done.stdout)["article"]["headline"]


def test_it_becomes_ready_and_stops_on_request(container):
    """On real Kafka `probe ready` inside says yes; root can't be written; a stop ends it with 0."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        probe = image.podman("exec", container, "newsworker", "probe", "ready")
        if probe.returncode == 0:
            break
        time.sleep(0.5)
    written = image.podman("exec", container, "touch", "/written")
    capabilities = image.podman("exec", container, "grep", "Cap", "/proc/1/status").stdout.split()[1::2]

    assert probe.returncode == 0, said(probe) + image.podman("logs", container).stderr
    assert "Read-only file system" in written.stderr
    assert {"0000000000000000"} == set(capabilities)
    image.podman("stop", "-t", "40", container)
    assert "0" == image.podman("inspect", container, "--format", "{{.State.ExitCode}}").stdout.strip()


def test_its_materials_are_listed():
    """The bill of materials names what the lock names, with the system's packages and licences beside."""
    whole, lock, licences = image.bill_of_materials()
    found = {
        c["name"].lower().replace("_", "-")
        for c in json.loads(whole.read_text())["components"]
        if "pypi" in c.get("purl", "")
    }
    named = {c["name"].lower().replace("_", "-") for c in json.loads(lock.read_text())["components"]}
    # What the lock names for other systems or optional parts is not in this image.
    known = named & found

    assert {"faust-streaming", "aiokafka", "selectolax", "pydantic"} <= known
    assert [] == sorted(found - named - {"newsworker", "pip", "setuptools"})
    assert "pkg:deb/debian/python3" in licences.read_text()
    assert [] == [line for line in licences.read_text().splitlines() if "pkg:pypi" in line and line.endswith("unknown")]


def test_a_bill_that_is_none_is_seen(tmp_path):
    """A component without its type is refused by CycloneDX's schema: the check can fail."""
    bad = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [{"name": "x"}]}
    file = tmp_path / "bad.cdx.json"
    file.write_text(json.dumps(bad))

    checked = ran("python", ROOT / "tests" / "deploy" / "valid_bom.py", file)

    assert (1, True) == (checked.returncode, "'type' is a required property" in checked.stdout), said(checked)
