"""What a figure was measured on: machine, interpreter and commit."""

import os
import platform
import subprocess
from functools import cache
from pathlib import Path


def machine() -> dict[str, str | int | None]:
    """Return processor, number of cores, interpreter and commit."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "commit": _commit(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


@cache
def _commit() -> str | None:
    """Return the short id of the commit checked out, with ``+`` where files differ from it; None without git.

    Told once: a run that writes its own record makes a difference of it.
    """
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return told.stdout.strip()
