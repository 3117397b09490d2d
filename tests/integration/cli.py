"""Running the command line inside a test."""

from __future__ import annotations

import os
import sys
import uuid
from typing import NamedTuple

import pytest

from worker.cli.main import main


class Shown(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


class CommandLine:
    """`newsworker` in an installation of its own.

    Args:
        bootstrap: The broker.
        patch: Sets the environment.
        capture: Catches what is printed.
        environment: Settings by name without the prefix; they win over the installation's own.
    """

    def __init__(
        self, bootstrap: str, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], **environment: str
    ) -> None:
        self.installation = uuid.uuid4().hex[:8]
        self._patch, self._capture = patch, capture
        given = {
            "KAFKA_BOOTSTRAP": bootstrap,
            "TOPIC_PREFIX": f"{self.installation}.",
            "APP_ID": f"nw-{self.installation}",
        } | environment
        self.prefix, self.app_id = given["TOPIC_PREFIX"], given["APP_ID"]
        self.environment = {f"NEWSWORKER_{name}": value for name, value in given.items()}

    def __call__(self, *arguments: str) -> Shown:
        """Run one command, with no other settings than its own."""
        for name in [name for name in os.environ if name.startswith("NEWSWORKER_")]:
            self._patch.delenv(name)
        for name, value in self.environment.items():
            self._patch.setenv(name, value)
        self._patch.setattr(sys, "argv", ["newsworker", *arguments])
        try:
            main()
        except SystemExit as ended:
            return Shown(int(ended.code or 0), *self._capture.readouterr())
        return Shown(0, *self._capture.readouterr())
