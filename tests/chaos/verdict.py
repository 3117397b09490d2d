"""What went in against what came out, by id, through an independent client."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from confluent_kafka import Consumer, KafkaError, TopicPartition

READ_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts of one run."""

    expected: int
    seen: int
    lost: int
    twice: int
    unexpected: int
    aborted: int
    """Copies that only a read_uncommitted reader sees."""
    examples: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was lost and nothing is there twice."""
        return not (self.lost or self.twice or self.unexpected)

    def as_dict(self) -> dict[str, object]:
        """Return the counts for a JSON result."""
        return asdict(self)


def verdict(expected: Iterable[str], committed: Counter[str], uncommitted: Counter[str]) -> Verdict:
    """Compare. Pure."""
    wanted = set(expected)
    lost = sorted(wanted - committed.keys())
    twice = sorted(i for i, n in committed.items() if n > 1)
    unexpected = sorted(committed.keys() - wanted)
    return Verdict(
        len(wanted),
        committed.total(),
        len(lost),
        sum(committed[i] - 1 for i in twice),
        len(unexpected),
        uncommitted.total() - committed.total(),
        lost[:5] + twice[:5] + unexpected[:5],
    )


def read_all(bootstrap: str, topics: dict[str, int], level: str, id_of: Callable[[bytes], str]) -> Counter[str]:
    """Return how often each id stands in the topics (with their partition counts) at an isolation level.

    Raises:
        TimeoutError: The end was not reached in `READ_SECONDS`.
    """
    consumer = _consumer(bootstrap, level)
    where = [TopicPartition(topic, number, 0) for topic, count in topics.items() for number in range(count)]
    consumer.assign(where)
    found: Counter[str] = Counter()
    ended: set[tuple[str, int]] = set()
    until = time.monotonic() + READ_SECONDS
    try:
        while len(ended) < len(where):
            if time.monotonic() > until:
                raise TimeoutError(f"{level}: read to the end of {len(ended)} of {len(where)} partitions")
            for message in consumer.consume(2000, 0.5):
                if message.error() is None:
                    found[id_of(message.value())] += 1
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    ended.add((message.topic(), message.partition()))
        return found
    finally:
        consumer.close()


class Watcher:
    """Reads the outputs as they become visible, to time recoveries and to know when all is there.

    Args:
        bootstrap: The brokers.
        topics: Output topics with their partition counts.
        id_of: Returns an output's id.
        lane_of: Returns the source partition that an id comes from; None where it can't be told.
    """

    def __init__(
        self,
        bootstrap: str,
        topics: dict[str, int],
        id_of: Callable[[bytes], str],
        lane_of: Callable[[str], int | None],
    ) -> None:
        self.seen: Counter[str] = Counter()
        self.arrivals: dict[int, list[float]] = defaultdict(list)
        """By lane, the times (`time.time`) at which something new from it became visible."""
        self.moved_at = time.monotonic()
        self._consumer = _consumer(bootstrap, "read_committed")
        self._consumer.assign([TopicPartition(t, n, 0) for t, count in topics.items() for n in range(count)])
        self._id_of, self._lane_of = id_of, lane_of
        self._is_open = True
        self._trouble: Exception | None = None
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop reading."""
        self._is_open = False
        self._thread.join(10)
        self._consumer.close()

    def check(self) -> None:
        """Raise what ended the reading, if something did: a run that is not watched says nothing.

        Raises:
            Exception: Whatever ended it.
        """
        if self._trouble is not None:
            raise self._trouble

    def _watch(self) -> None:
        try:
            self._read()
        except Exception as error:  # noqa: BLE001 - told to whoever asks, in the thread that asks
            self._trouble = error

    def _read(self) -> None:
        while self._is_open:
            for message in self._consumer.consume(2000, 0.1):
                if message.error() is not None:
                    continue
                found = self._id_of(message.value())
                if found not in self.seen:
                    lane = self._lane_of(found)
                    if lane is not None:
                        self.arrivals[lane].append(time.time())
                self.seen[found] += 1
                self.moved_at = time.monotonic()


def _consumer(bootstrap: str, level: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "verdict",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": level,
            "enable.partition.eof": True,
            "log_level": 0,
        }
    )
