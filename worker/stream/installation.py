"""What the stages know of the installation: names on the cluster, sizes, who writes. From settings, once."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

import worker
from schemas.topics import ALL, REJECTED, Topic, max_message_bytes, topic_name
from worker.ops.kafka import security
from worker.ops.names import Stage
from worker.ops.settings import Settings
from worker.stream.guarantee import Client
from worker.stream.rejected import Desk

Headers = tuple[tuple[str, bytes], ...]

VERSION = worker.__version__


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation of the worker on a cluster."""

    settings: Settings
    host: str = field(default_factory=socket.gethostname)
    """Name of this machine or pod, for ``rejected-by``."""

    def topic(self, topic: Topic) -> str:
        """Return the topic's name on the cluster."""
        return topic_name(topic, prefix=self.settings.topic_prefix, app_id=self.settings.app_id)

    def max_bytes(self, topic: Topic) -> int:
        """Return the largest record that the topic takes."""
        return max_message_bytes(topic, self.settings.max_page_bytes)

    def group(self, stage: Stage) -> str:
        """Return the id of the stage's Faust app, which is its consumer group."""
        return f"{self.settings.app_id}-{stage}"

    def desk(self, stage: Stage) -> Desk:
        """Return where the stage's rejected pages go."""
        by = f"newsworker/{VERSION} {self.host}"
        return Desk(self.topic(REJECTED), self.max_bytes(REJECTED), stage, by)

    def client(self) -> Client:
        """Return how every client of the worker reaches the broker.

        Raises:
            ssl.SSLError: A certificate or key can't be used.
            OSError: One of the files can't be read.
        """
        return Client(
            self.settings.kafka_bootstrap,
            security=security(self.settings),
            max_record_bytes=self.max_bytes(REJECTED),
        )

    @property
    def ce_source(self) -> str:
        """Return the ``ce_source`` of all events."""
        return f"/newsworker/{self.settings.environment}"

    @property
    def registry_names(self) -> dict[str, str]:
        """Return the registry's name of each topic by its name on the cluster: metrics speak the former."""
        return {self.topic(topic): topic.name for topic in ALL}
