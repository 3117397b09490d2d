"""Fixtures of the whole suite."""

# Imported here and not by the plugin at the very end, when a collection of garbage breaks the parser (CPython 3.11).
from hypothesis import HealthCheck, settings

from worker.stream.garbage import settle

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # tests hold on a busy machine as well: none asserts on time

pytest_plugins = ["tests.kafka.fixtures"]


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of the garbage collector's rounds, as a worker does."""
    settle()
