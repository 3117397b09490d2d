"""The worker as a service: health, the broker, its topics, the stages, and the way out.

Order of a start: health listens (live, not ready), the broker is awaited without end, topics are verified and
never created, then the stages join their groups.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence

import structlog

import worker
from worker.ops.admin import admin, described
from worker.ops.checks import StageState
from worker.ops.exits import ConfigurationError
from worker.ops.health import Health
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.rights import check_rights
from worker.ops.settings import Settings
from worker.ops.topics import Wanted, faults, notes, wanted
from worker.ops.traces import traces
from worker.stream.app import MAKERS
from worker.stream.broker import Pulse, until_done
from worker.stream.garbage import settle
from worker.stream.guarantee import run
from worker.stream.installation import Installation
from worker.stream.looking import Looker, starting

LOOK_SECONDS = 0.5
"""How often the gauges are set."""

log = structlog.get_logger("newsworker.service")


class Service:
    """One process of the worker.

    Args:
        settings: What is to be run.
        stop: Set by whoever handles the signals.
    """

    def __init__(self, settings: Settings, stop: asyncio.Event) -> None:
        self.settings, self.stop = settings, stop
        self.installation = Installation(settings)
        self.client = self.installation.client()
        self.metrics = Metrics(
            settings.stages, guarantee=settings.guarantee, commit=settings.commit, sites=settings.sites
        )
        self.traces = traces(settings)
        self.pulse = Pulse(settings, self.client)
        self.health = Health(
            settings.http_address,
            self.metrics,
            self,
            stall_seconds=settings.stall_seconds,
        )
        self._lookers: dict[Stage, Looker] = {}
        self._started = time.time()

    async def serve(self) -> None:
        """Run until `stop` is set and everything whole is committed.

        Raises:
            ConfigurationError: The topics are not what they should be, or the health address can't be had.
            AccessError: The broker does not let us in.
            KafkaError: The broker refuses to tell of its topics.
        """
        await self._listen()
        drain = asyncio.create_task(self._drain())
        try:
            if await self.pulse.first(self.stop) and await until_done(self._check_topics, self.stop):
                await self._run()
        finally:
            drain.cancel()
            await self.pulse.close()
            if self.traces is not None:
                await self.traces.close()
            await self.health.stop()

    async def _listen(self) -> None:
        try:
            await self.health.start()
        except OSError as error:
            bind = self.settings.http_bind
            raise ConfigurationError(
                f"NEWSWORKER_HTTP_BIND={bind}: health and metrics can't listen there ({error.strerror or error}). "
                "End what has the port, or name another: NEWSWORKER_HTTP_BIND=0.0.0.0:9103"
            ) from error

    async def _run(self) -> None:
        stages = {
            stage: MAKERS[stage](self.installation, self.client, self.metrics, self.traces)
            for stage in self.settings.stages
        }
        self._lookers = {stage: Looker(stage, running, self.pulse, self.metrics) for stage, running in stages.items()}
        settle()
        log.info("started", **self._origin())
        beside = [asyncio.create_task(self.pulse.keep()), asyncio.create_task(self._look())]
        try:
            await run(list(stages.values()), self.stop, drain_seconds=self.settings.drain_seconds)
        finally:
            for task in beside:
                task.cancel()
        log.info("stopped", seconds=round(time.time() - self._started, 1))

    async def _check_topics(self) -> None:
        """Make sure that the topics of our stages are there and large and old enough. Creates none."""
        wants = [want for want in wanted(self.settings) if _concerns(want, self.settings.stages)]
        async with admin(self.settings) as client:
            cluster = await described(client, (want.name for want in wants))
            await check_rights(client, self.settings)
        for note in notes(wants, cluster):
            log.warning("topics_note", note=note)
        wrong = list(faults(wants, cluster))
        if wrong:
            raise ConfigurationError("the topics are not what this worker needs:\n  " + "\n  ".join(wrong))

    async def _drain(self) -> None:
        """Show, as soon as `stop` is set, that we are no longer ready."""
        await self.stop.wait()
        log.info("draining", deadline_seconds=self.settings.drain_seconds)
        self.health.drain()

    async def _look(self) -> None:
        while True:
            for looker in self._lookers.values():
                looker.publish()
            await asyncio.sleep(LOOK_SECONDS)

    def states(self) -> Sequence[StageState]:
        """Return the stages at this moment."""
        if not self._lookers:
            return [starting(stage, self.pulse) for stage in self.settings.stages]
        for looker in self._lookers.values():
            looker.publish()
        return [looker.state() for looker in self._lookers.values()]

    def status(self) -> Mapping[str, object]:
        """Return what `/status` tells of the whole process; secrets are masked."""
        return {**self._origin(), "config": self.settings.model_dump(mode="json")}

    def _origin(self) -> Mapping[str, object]:
        settings = self.settings
        return {
            "worker_version": worker.__version__,
            "commit": settings.commit,
            "stages": list(settings.stages),
            "app_id": settings.app_id,
            "config_digest": settings.digest,
        }


def _concerns(want: Wanted, stages: Sequence[Stage]) -> bool:
    """Tell whether one of the stages reads or writes the topic."""
    return any(stage in (*want.topic.writers, *want.topic.readers) for stage in stages)
