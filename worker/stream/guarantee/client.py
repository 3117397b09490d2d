"""How the layer reaches the broker: one description, from which it makes its own clients.

Faust's consumer only delivers; what the layer promises rests on these clients and their settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

TRANSACTION_TIMEOUT_MS = 20_000
"""A dead owner's transaction holds up read_committed readers for so long unless it is fenced (Kafka's
default: 60 s). It must be longer than a commit may take, `PATIENCE_SECONDS`."""

PATIENCE_SECONDS = 15.0
"""How long the layer waits for a confirmation, a commit or a claim step before the process gives up."""

BATCH_BYTES = 256 << 10
"""Messages to one partition travel together up to so many bytes, not yet compressed."""

FETCH_BYTES = 8 << 20
"""What the layer's reader fetches at once: a restore is bound by round trips, not by memory."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where the broker is and how to talk to it.

    Args:
        bootstrap: ``host:port``, comma separated.
        security: Keyword arguments that every aiokafka client takes: ``security_protocol``,
            ``ssl_context``, ``sasl_mechanism`` and so on.
        max_record_bytes: Largest record that is read or written.
        compression: ``zstd``, ``lz4``, ``gzip`` or None. The client's lz4 is that of the highest effort: for
            batches of split pages it takes three times the time of zstd, and 30 % more room.
        linger_ms: How long a producer gathers before it sends.
        request_timeout_seconds: After so long without an answer a request has failed.
    """

    bootstrap: str
    security: Mapping[str, Any] = field(default_factory=dict)
    max_record_bytes: int = 8 << 20
    compression: str | None = "zstd"
    linger_ms: int = 5
    request_timeout_seconds: float = 30.0

    def producer(self, **options: Any) -> AIOKafkaProducer:
        """Return a producer that is not yet started; acks from all replicas in sync."""
        return AIOKafkaProducer(
            bootstrap_servers=self.bootstrap,
            acks="all",
            linger_ms=self.linger_ms,
            compression_type=self.compression,
            max_batch_size=min(self.max_record_bytes, BATCH_BYTES),
            max_request_size=self.max_record_bytes,
            request_timeout_ms=int(self.request_timeout_seconds * 1000),
            **self.security,
            **options,
        )

    def transactional(self, transactional_id: str) -> AIOKafkaProducer:
        """Return a producer whose start fences every other one of this id."""
        return self.producer(transactional_id=transactional_id, transaction_timeout_ms=TRANSACTION_TIMEOUT_MS)

    def consumer(self, **options: Any) -> AIOKafkaConsumer:
        """Return a read_committed consumer that is not yet started, outside any group unless told."""
        return AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_partition_fetch_bytes=max(FETCH_BYTES, self.max_record_bytes),
            fetch_max_wait_ms=100,
            request_timeout_ms=int(self.request_timeout_seconds * 1000),
            **self.security,
            **options,
        )

    def admin(self) -> AIOKafkaAdminClient:
        """Return an admin client that is not yet started."""
        return AIOKafkaAdminClient(
            bootstrap_servers=self.bootstrap,
            request_timeout_ms=int(self.request_timeout_seconds * 1000),
            **self.security,
        )
