"""librdkafka's mock cluster: an independent second implementation of the protocol, with errors on demand.

It comes inside the wheel of confluent-kafka and is reached through ctypes. It isolates no transactions and
knows few administrative requests: the layer's `at_least_once` runs on it, the whole worker does not.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import TracebackType
from typing import Self

import confluent_kafka

PRODUCE, FETCH, LIST_OFFSETS, METADATA = 0, 1, 2, 3
"""Kafka's numbers of requests."""

NOT_LEADER, TIMED_OUT, NOT_ENOUGH_REPLICAS = 6, 7, 19
"""Kafka's numbers of errors that another try mends."""

NO_RIGHT = 29
"""Kafka's number of an error that no other try mends."""

_PRODUCER = 0


def _library() -> ctypes.CDLL:
    """Return the library that the wheel brings; it is loaded already."""
    folder = Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs"
    found = ctypes.CDLL(str(next(folder.glob("librdkafka*.so*"))))
    for name in ("rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_handle_mock_cluster"):
        getattr(found, name).restype = ctypes.c_void_p
    found.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    return found


class MockCluster:
    """Three brokers in this process, on loopback. Use as a context manager."""

    def __init__(self) -> None:
        self._library = _library()

    def __enter__(self) -> Self:
        reason = ctypes.create_string_buffer(512)
        conf = ctypes.c_void_p(self._library.rd_kafka_conf_new())
        for name, value in ((b"test.mock.num.brokers", b"3"), (b"log_level", b"0")):
            self._library.rd_kafka_conf_set(conf, name, value, reason, ctypes.c_size_t(len(reason)))
        made = self._library.rd_kafka_new(_PRODUCER, conf, reason, ctypes.c_size_t(len(reason)))
        assert made, reason.value.decode()
        self._handle = ctypes.c_void_p(made)
        self._cluster = ctypes.c_void_p(self._library.rd_kafka_handle_mock_cluster(self._handle))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._library.rd_kafka_destroy(self._handle)

    @property
    def bootstrap(self) -> str:
        """Addresses of the brokers, comma separated."""
        return str(self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode())

    def topic(self, name: str, partitions: int = 1) -> str:
        """Create a topic and return its name."""
        code = self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 3)
        assert code == 0, f"{name}: {code}"
        return name

    def fail(self, request: int, *errors: int) -> None:
        """Answer the next requests of a kind with these errors, one each."""
        codes = [ctypes.c_int(code) for code in errors]
        self._library.rd_kafka_mock_push_request_errors(
            self._cluster, ctypes.c_int16(request), ctypes.c_size_t(len(codes)), *codes
        )

    def down(self, broker: int) -> None:
        """Take a broker away; its connections break."""
        self._library.rd_kafka_mock_broker_set_down(self._cluster, broker)

    def up(self, broker: int) -> None:
        """Bring it back."""
        self._library.rd_kafka_mock_broker_set_up(self._cluster, broker)
