"""Apache Kafka's jars, resolved through Maven once and kept in a cache folder.

The folder's name carries a digest of ``pom.xml``, so a new version is a new folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
RESOLVE_SECONDS = 600
"""The first resolution fetches about 45 MB."""

INSTALL_HINT = (
    "Apache Kafka for the tests needs a Java 17 runtime and Maven on PATH: "
    "`apt-get install openjdk-17-jre-headless maven` (or name a running broker in KAFKA_BOOTSTRAP)."
)


class KafkaUnavailable(Exception):
    """Apache Kafka can't be had on this machine; the message says what to install."""


def java() -> str:
    """Return the path of the Java runtime.

    Raises:
        KafkaUnavailable: No ``java`` in ``JAVA_HOME`` or on ``PATH``.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        raise KafkaUnavailable(f"no `java` found. {INSTALL_HINT}")
    return found


def classpath() -> str:
    """Return the class path of the broker, resolving the jars on first use.

    Raises:
        KafkaUnavailable: No Maven, or Maven could not resolve the jars.
    """
    folder = _folder()
    if not folder.is_dir():
        _resolve(folder)
    return f"{folder}/*"


def _folder() -> Path:
    base = os.environ.get("NEWSWORKER_TEST_CACHE")
    cache = Path(base) if base else Path.home() / ".cache" / "newsworker"
    return cache / f"kafka-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"


def _resolve(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable(f"no `mvn` found. {INSTALL_HINT}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        shutil.copy(POM, work)
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={work}/jars", "-DincludeScope=runtime"]
        done = subprocess.run(
            [maven, "-q", "-B", *goal], cwd=work, capture_output=True, text=True, timeout=RESOLVE_SECONDS, check=False
        )
        if done.returncode != 0:
            raise KafkaUnavailable(f"Maven could not resolve the broker: {done.stdout[-800:]}{done.stderr[-800:]}")
        try:
            Path(work, "jars").rename(folder)
        except OSError:  # another run was faster; its folder is as good
            if not folder.is_dir():
                raise
