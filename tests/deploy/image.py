"""The image, built and run where no registry of images can be reached: on a base made by debootstrap.

The base and the layers are kept in a cache folder; the first build takes about two minutes, the next seconds.
`python -m tests.deploy.image` builds it and writes its bill of materials to ``build/sbom/``.
"""

import functools
import importlib.metadata
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import worker
from tests.deploy.tools import ROOT, ran, said, tool

SUITE = "bookworm"
"""As the base that the Containerfile names."""

INCLUDED = "python3,python3-venv,libpython3-dev,ca-certificates"
"""The headers of Python, which Debian has apart, are in the base that the Containerfile names."""

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "newsworker" / "image"
BASE = f"localhost/newsworker-base:{crc32(INCLUDED.encode()):08x}"
IMAGE = "localhost/newsworker:check"
CONTAINERFILE = ROOT / "deploy" / "image" / "Containerfile"
CERTIFICATES = Path("/etc/ssl/certs")
SBOM = ROOT / "build" / "sbom"

CONFINED = (
    "--read-only", "--tmpfs", "/tmp", "--cap-drop=all", "--security-opt", "no-new-privileges", "--user", "10001:10001",
)  # fmt: skip
"""As the manifests confine it."""

NESTED = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--network", "host", "--no-healthcheck")
"""What podman needs inside a container that gives it no limits to raise and no systemd."""


@functools.cache
def _storage() -> tuple[str, ...]:
    """Return podman's storage options: overlay where the kernel has it, else the slow copy of everything."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for driver in ("overlay", "vfs"):
        options = ("--root", f"{CACHE}/{driver}", "--runroot", f"{CACHE}/{driver}-run", "--storage-driver", driver)
        if subprocess.run([tool("podman"), *options, "info"], capture_output=True, check=False).returncode == 0:
            return options
    raise AssertionError("podman can store images neither by overlay nor by vfs: `podman info` says why")


def podman(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run podman on the cache's store, with the runtime that works without systemd."""
    return ran("podman", *_storage(), "--runtime", tool("runc"), *arguments)


def built() -> str:
    """Return the name of the image, built from the work tree.

    Raises:
        AssertionError: A step failed; the message holds what it said.
    """
    if podman("image", "exists", BASE).returncode != 0:
        _make_base()
    certificates = ("-v", f"{CERTIFICATES}:{CERTIFICATES}:ro") if CERTIFICATES.is_dir() else ()
    done = podman(
        "build", "--format", "docker", "--isolation", "chroot", "--network", "host", *certificates,
        "--build-arg", f"BASE={BASE}", "--build-arg", f"REVISION={_revision()}", "-t", IMAGE, "-f", CONTAINERFILE, ".",
    )  # fmt: skip
    assert done.returncode == 0, said(done)
    return IMAGE


def ran_once(*arguments: str, volumes: Mapping[Path, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command of the image to its end, confined as in production, with folders to read."""
    given = [option for here, there in (volumes or {}).items() for option in ("-v", f"{here}:{there}:ro")]
    return podman("run", "--rm", *NESTED, *CONFINED, *given, IMAGE, *arguments)


@contextmanager
def running(*arguments: str, **settings: str) -> Iterator[str]:
    """Run the image in the background, confined as in production; yield the container's id."""
    given = [option for name, value in settings.items() for option in ("-e", f"{name}={value}")]
    started = podman("run", "-d", *NESTED, *CONFINED, *given, IMAGE, *arguments)
    assert started.returncode == 0, said(started)
    container = started.stdout.strip()
    try:
        yield container
    finally:
        podman("rm", "-f", "-t", "0", container)


@contextmanager
def files() -> Iterator[Path]:
    """Yield the root of the image's files."""
    mounted = podman("image", "mount", IMAGE)
    assert mounted.returncode == 0, said(mounted)
    try:
        yield Path(mounted.stdout.strip())
    finally:
        podman("image", "umount", IMAGE)


def bill_of_materials() -> list[Path]:
    """Write what the image holds and what its lock names, as CycloneDX, and the licences; return the files.

    Raises:
        AssertionError: A tool failed, or CycloneDX's own schema refuses what it wrote.
    """
    SBOM.mkdir(parents=True, exist_ok=True)
    image, lock, licences = SBOM / "image.cdx.json", SBOM / "lock.cdx.json", SBOM / "licences.txt"
    with files() as root:
        scanned = ran(
            "syft", "scan", f"dir:{root}", "-q", "-o", f"cyclonedx-json={image}",
            "--source-name", "newsworker", "--source-version", worker.__version__,
            SYFT_CHECK_FOR_APP_UPDATE="false",
        )  # fmt: skip
        classified = _classified(root)
    assert scanned.returncode == 0, said(scanned)
    named = ran("cyclonedx-py", "requirements", "requirements/worker.txt", "--of", "JSON", "-o", lock)
    assert named.returncode == 0, said(named)
    checked = ran("python", ROOT / "tests" / "deploy" / "valid_bom.py", image, lock)
    assert checked.returncode == 0, said(checked)
    components = json.loads(image.read_text(encoding="utf-8"))["components"]
    licences.write_text(
        "".join(sorted(_licence_line(c, classified) for c in components if "purl" in c)), encoding="utf-8"
    )
    return [image, lock, licences]


def _classified(root: Path) -> dict[str, str]:
    """Return the licence that each installed Python package names by a classifier, which syft does not read."""
    places = [str(place) for place in root.glob("opt/newsworker/lib/python3*/site-packages")]
    return {
        found.metadata["Name"].lower(): ", ".join(
            named.rpartition(" :: ")[2]
            for named in found.metadata.get_all("Classifier", [])
            if named.startswith("License ::")
        )
        for found in importlib.metadata.distributions(path=places)
    }


def _licence_line(component: dict, classified: Mapping[str, str]) -> str:
    named = [
        entry.get("expression") or entry["license"].get("id") or entry["license"].get("name")
        for entry in component.get("licenses", [])
    ]
    licence = ", ".join(filter(None, named)) or classified.get(component["name"].lower()) or "unknown"
    return f"{component['purl'].split('?')[0]}  {licence}\n"


def _make_base() -> None:
    with tempfile.TemporaryDirectory(prefix="newsworker-base-") as folder:
        rootfs, archive = Path(folder) / "rootfs", Path(folder) / "base.tar"
        made = ran("debootstrap", "--variant=minbase", f"--include={INCLUDED}", SUITE, rootfs)
        assert made.returncode == 0, said(made)
        shutil.rmtree(rootfs / "var" / "cache" / "apt", ignore_errors=True)
        packed = ran("tar", "-C", rootfs, "-cf", archive, ".")
        assert packed.returncode == 0, said(packed)
        taken = podman("import", archive, BASE)
        assert taken.returncode == 0, said(taken)


def _revision() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    built()
    print(*bill_of_materials(), sep="\n")
