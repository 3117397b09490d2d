"""A network namespace with one cable to the brokers that can be pulled. Linux, as root, with ``ip``.

What the proxy imitates for one connection after the other, this does to all at once: packets are lost, both
kernels go on sending, and after the cut what they still have arrives.
"""

from __future__ import annotations

import os
import subprocess
from types import TracebackType
from typing import Self


class Namespace:
    """Use as a context manager; what was made goes at the end."""

    def __init__(self) -> None:
        number = os.getpid()
        self._name, self._near, self._far = f"chaos{number}", f"cn{number}", f"cf{number}"
        net = f"10.{200 + number // 256 % 50}.{number % 256}"
        self.host, self._inside = f"{net}.1", f"{net}.2"
        self.command = ("ip", "netns", "exec", self._name)
        """Goes before the command that is to run inside."""

    def cut(self) -> None:
        """Pull the cable: nothing comes through in either direction, and nobody is told."""
        _ip("link", "set", self._near, "down")

    def mend(self) -> None:
        """Plug it in again."""
        _ip("link", "set", self._near, "up")

    def __enter__(self) -> Self:
        _ip("netns", "add", self._name)
        _ip("link", "add", self._near, "type", "veth", "peer", "name", self._far, "netns", self._name)
        _ip("addr", "add", f"{self.host}/24", "dev", self._near)
        _ip("link", "set", self._near, "up")
        _ip("-n", self._name, "addr", "add", f"{self._inside}/24", "dev", self._far)
        for device in (self._far, "lo"):
            _ip("-n", self._name, "link", "set", device, "up")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _ip("netns", "del", self._name)  # the cable goes with it


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()} Needs Linux, root and iproute2.")
