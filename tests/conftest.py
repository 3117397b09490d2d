"""Fixtures of the whole suite."""

import hypothesis  # noqa: F401 - its plugin imports it at the very end, when a collection of garbage breaks the parser (CPython 3.11)

pytest_plugins = ["tests.kafka.fixtures"]
