"""Where the tools are. One that is missing is a failure that says what to install, never a skip."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv-deploy" / "bin"
VALIDATORS = Path(__file__).parent / "validators"

DEBIAN = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "amtool": "prometheus-alertmanager",
    "prometheus-alertmanager": "prometheus-alertmanager",
    "podman": "podman",
    "runc": "runc",
    "debootstrap": "debootstrap",
    "node": "nodejs",
}
"""Debian's package for each tool that does not come from a lock file."""


class ToolMissing(AssertionError):
    """A tool is not on this machine; the message says how to get it."""


def tool(name: str) -> str:
    """Return the path of a tool: from the environment of `make deploy-check`, else from the system.

    Raises:
        ToolMissing: It is in neither.
    """
    found = shutil.which(name, path=f"{TOOLS}:{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        how = f"apt-get install {DEBIAN[name]}" if name in DEBIAN else "make deploy-check (it installs its tools)"
        raise ToolMissing(f"{name} is missing: {how}")
    return found


def ran(name: str, *arguments: str | Path, stdin: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a tool and return what it said.

    Args:
        name: Which.
        arguments: Its arguments.
        stdin: What it reads.
        more: Environment variables to add.
    """
    return subprocess.run(
        [tool(name), *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **more},
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return all that a tool wrote, for a failure's message."""
    return f"{done.args}\n{done.stdout}\n{done.stderr}"
