"""Pages onto a topic, so many a second, until told to stop: a crawler."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from confluent_kafka import Producer

Make = Callable[[int, datetime], bytes]


class Feeder:
    """Sends in a thread of its own.

    Args:
        bootstrap: The broker.
        topic: Where to.
        make: The page of a number.
        rate: Pages a second.
        numbers: Which pages; each once, from 0, where none are given.
    """

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        make: Make,
        rate: float,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self._producer = Producer(
            {"bootstrap.servers": bootstrap, "log_level": 0, "linger.ms": 20, "message.max.bytes": 10_000_000}
        )
        self._topic, self._make, self._rate = topic, make, rate
        self._numbers = numbers
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.sent = 0
        self.behind_seconds = 0.0
        """How far the crawler's clock is behind, in the records' timestamps."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(10)
        self._producer.flush(5)

    def _run(self) -> None:
        began = time.monotonic()
        numbers = self._numbers or iter(range(10**9))
        for number in numbers:
            due = began + self.sent / self._rate
            if self._stop.wait(max(0.0, due - time.monotonic())):
                return
            self._send(self._make(number, datetime.now(UTC)))
            self.sent += 1

    def _send(self, value: bytes) -> None:
        while not self._stop.is_set():
            try:
                stamp = int((time.time() - self.behind_seconds) * 1000)
                self._producer.produce(self._topic, value, timestamp=stamp)
            except BufferError:  # the broker is away, and so many pages wait
                self._producer.poll(0.2)
            else:
                self._producer.poll(0)
                return


def crawl(*, pages: int, again: float = 0.8, seed: int = 7, every: int = 1) -> Iterator[int]:
    """Yield numbers of pages without end, most of them again: what a crawler of news brings.

    Args:
        pages: How many stories it follows.
        again: Share of pages that were there before.
        seed: The same seed, the same crawl.
        every: Distance of the numbers: that of the sites gives pages of one site.
    """
    chance, newest = random.Random(seed), pages
    while True:
        if chance.random() < again:
            yield every * (newest - 1 - chance.randrange(pages))
        else:
            yield every * newest
            newest += 1
