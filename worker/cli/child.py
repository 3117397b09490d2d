"""Children that do not outlive the one who started them, however that one ended. Linux only; elsewhere they may."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that this process gets when the thread that started it is gone."""

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Ask the kernel to kill this process with its parent. For ``preexec_fn``: one call, nothing allocated.

    The thread counts, not the process: start such a child in the main thread.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
