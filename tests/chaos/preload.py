"""State as a long-lived worker has it, written in one go: so many keys a partition, as one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from confluent_kafka import Producer

from tests.chaos.app import ENTRY, PART_BYTES
from worker.stream.guarantee.statelog import Kind, StateRecord, packed


def preload(bootstrap: str, state_topic: str, partitions: int, keys: int) -> None:
    """Write a snapshot of ``keys`` invented keys at position 0 to every partition of an empty state topic."""
    for partition in range(partitions):
        write_snapshot(bootstrap, state_topic, partition, list(_parts(keys)))


def write_snapshot(bootstrap: str, state_topic: str, partition: int, parts: Sequence[bytes]) -> None:
    """Write a snapshot at position 0 to a partition of an empty state topic.

    Raises:
        RuntimeError: The broker did not take it.
    """
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20, "log_level": 0})
    for number, part in enumerate(parts, start=1):
        record = StateRecord(Kind.SNAPSHOT, 0, 0, 0, snapshot=1, part=number, parts=len(parts), changes=(part,))
        producer.produce(state_topic, packed(record), partition=partition)
        producer.poll(0)
    if producer.flush(60):
        raise RuntimeError("the state could not be written")


def _parts(keys: int) -> Iterator[bytes]:
    size = PART_BYTES // ENTRY.size
    for start in range(0, keys, size):
        stop = min(start + size, keys)
        yield b"".join(ENTRY.pack(b"old-%012d" % n, b"%012d" % n) for n in range(start, stop))
