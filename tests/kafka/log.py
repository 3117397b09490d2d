"""Writing to and reading from topics in tests, through confluent-kafka: an independent client."""

from __future__ import annotations

import time
from collections.abc import Iterable

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

READ_SECONDS = 20.0


def write(bootstrap: str, topic: str, values: Iterable[bytes], partition: int = 0) -> None:
    """Write values to a partition and wait for the broker."""
    producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0})
    for value in values:
        producer.produce(topic, value, partition=partition)
    assert producer.flush(20) == 0


def values(bootstrap: str, topic: str, *, partition: int = 0, level: str = "read_committed") -> list[bytes]:
    """Return the values of a partition in the order of the log, to its end."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "test",
            "enable.auto.commit": False,
            "isolation.level": level,
            "enable.partition.eof": True,
            "log_level": 0,
        }
    )
    consumer.assign([TopicPartition(topic, partition, 0)])
    found, until = [], time.monotonic() + READ_SECONDS
    try:
        while time.monotonic() < until:
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error() is None:
                found.append(message.value())
            elif message.error().code() == KafkaError._PARTITION_EOF:
                return found
        raise TimeoutError(f"{topic}/{partition}: the end did not come")
    finally:
        consumer.close()
