"""The demo's two acts: pages one by one as crawlers hand them over, then the same pages again at full speed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from schemas.topics import ARTICLES, DECISIONS, RAW, REJECTED, TEASERS
from worker.cli.demo_scene import Scene
from worker.cli.demo_totals import Totals
from worker.cli.demo_view import View
from worker.cli.failures import CommandError
from worker.samples import Sample, sample_pages

PAGES_A_SECOND = 8.0
"""Pace of the first act: slow enough to read along."""

ENCORES = 20
"""How often the second act repeats each good page."""

OUTCOME_SECONDS = 30.0
"""So long without a new outcome while pages are under way is a failure."""

SETTLE_SECONDS = 1.0
"""So long after the last outcome of the second act, events that should not come are still looked for."""

READ_MS = 100


class Play:
    """Both acts on one scene.

    Args:
        scene: Broker and worker, ready.
        shown: Where it is shown.
        feed: Sends raw pages.
        outputs: Reads what comes out.
    """

    def __init__(self, scene: Scene, shown: View, feed: AIOKafkaProducer, outputs: AIOKafkaConsumer) -> None:
        self._scene, self._shown, self._feed, self._outputs = scene, shown, feed, outputs
        self._samples = tuple(sample_pages())
        self.totals = Totals()
        self.faults: list[str] = []
        """What is not as it should be, a sentence each."""
        self.summary: list[str] = []
        """Closing lines."""

    async def first_act(self) -> None:
        """Feed the samples at a readable pace."""
        self._shown.say(f"Feeding {len(self._samples)} invented pages. Metrics: {self._scene.url('/metrics')}")
        await self._act(self._samples, 1 / PAGES_A_SECOND, is_shown=True)
        totals = self.totals
        broken = sum(sample.expect == "rejected" for sample in self._samples)
        if totals.rejected.total() != broken:
            self.faults.append(f"{totals.rejected.total()} samples were rejected, {broken} are broken")
        items = ", ".join(f"{n} {decision}" for decision, n in sorted(totals.decisions.items()))
        self.summary += [
            ", ".join(f"{totals.events[topic.name]} events on {topic.name}" for topic in (ARTICLES, TEASERS)),
            f"{totals.decisions.total()} items found = {items}",
        ]

    async def second_act(self) -> None:
        """Feed the good samples again and again at full speed."""
        good = [sample for sample in self._samples if sample.expect == "accepted"] * ENCORES
        first, self.totals = self.totals, Totals()
        self._shown.say(f"The same pages again, {ENCORES} times over, at full speed: nothing of them is new ...")
        seconds = await self._act(good, 0.0, is_shown=False)
        until = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < until:
            await self._read(is_shown=False)
        again, self.totals = self.totals.emitted, first
        if again:
            self.faults.append(f"{again} events came out again of pages that were fed again")
        rate = len(good) / max(seconds, 0.001)
        self.summary.append(f"{len(good)} pages fed again, {rate:,.0f} a second: {again or 'no'} event came out twice")

    async def watch(self) -> None:
        """Show what comes out of what others feed, until cancelled."""
        self._shown.say(
            f"Kept running: NEWSWORKER_KAFKA_BOOTSTRAP={self._scene.broker.bootstrap} newsworker feed PATH ... "
            "Ctrl-C ends it."
        )
        while True:
            await self._read(is_shown=True)
            self._shown.count(self.totals, 0.0)
            self._scene.check()

    async def _act(self, samples: Sequence[Sample], pause_seconds: float, *, is_shown: bool) -> float:
        """Feed the samples, read until each has its outcome, and return how long it took.

        Raises:
            CommandError: The worker ended, or nothing comes out any more.
        """
        began = heard = time.monotonic()
        before = self.totals.pages
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fed(samples, pause_seconds))
            while (done := self.totals.pages - before) < len(samples):
                await self._read(is_shown=is_shown)
                now = time.monotonic()
                if self.totals.pages - before > done:
                    heard = now
                rate = (self.totals.pages - before) / max(now - began, 0.001)
                self._shown.count(self.totals if is_shown else None, rate)
                self._scene.check()
                if now - heard > OUTCOME_SECONDS:
                    raise CommandError(f"nothing came out for {OUTCOME_SECONDS:.0f} s: see {self._scene.folder}")
        return time.monotonic() - began

    async def _fed(self, samples: Iterable[Sample], pause_seconds: float) -> None:
        """Send the samples and wait until the broker has them."""
        sends = []
        for sample in samples:
            sends.append(await self._feed.send(RAW.name, sample.value, key=sample.key, headers=list(sample.headers)))
            if pause_seconds:
                await asyncio.sleep(pause_seconds)
        await asyncio.gather(*sends)

    async def _read(self, *, is_shown: bool) -> None:
        """Count what came out since the last call."""
        for records in (await self._outputs.getmany(timeout_ms=READ_MS)).values():
            for record in records:
                seen = self.totals.take(record.topic, record.key, record.value, record.headers)
                if seen is not None and is_shown:
                    self._shown.show(seen)


@asynccontextmanager
async def playing(scene: Scene, shown: View) -> AsyncIterator[Play]:
    """Open the play's connections to the broker, and close them again."""
    bootstrap = scene.settings.kafka_bootstrap
    feed = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5)
    outputs = AIOKafkaConsumer(
        *(topic.name for topic in (ARTICLES, TEASERS, REJECTED, DECISIONS)),
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_max_wait_ms=READ_MS,
    )
    try:
        await feed.start()
        await outputs.start()
        yield Play(scene, shown, feed, outputs)
    finally:
        await outputs.stop()
        await feed.stop()
