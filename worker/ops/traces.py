"""OpenTelemetry traces: an extra that is off by default, and then nothing of it is imported.

A page that brings a ``traceparent`` gets a span a stage and the commit that made it visible. Spans are made
once the page is done, as counters move: work that a crash undid leaves none.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import structlog

import worker
from worker.ops.names import Stage

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import SpanContext
    from opentelemetry.util.types import AttributeValue

    from worker.ops.settings import Settings

CLOSE_SECONDS = 2.0
"""How long a stop waits for a collector: the drain comes first, and a lost span is no lost page."""

NS = 1_000_000_000

log = structlog.get_logger("newsworker.traces")


def traces(settings: Settings) -> Traces | None:
    """Return what makes the spans of this process; None where no collector is set."""
    if settings.traces_url is None:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - comes with an extra
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above

    return Traces(BatchSpanProcessor(OTLPSpanExporter(settings.traces_url)), settings.environment)


class Traces:
    """Makes the spans of one process.

    Args:
        processor: Where ended spans go; it must not block.
        environment: Name of the installation.
    """

    def __init__(self, processor: SpanProcessor, environment: str) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - comes with an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above

        origin = {
            "service.name": "newsworker",
            "service.version": worker.__version__,
            "deployment.environment.name": environment,
        }
        self._provider = TracerProvider(resource=Resource.create(origin), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)

    def of(self, stage: Stage) -> StageTraces:
        """Return what makes the spans of a stage."""
        return StageTraces(stage, self._provider)

    async def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Send what is waiting, and give up after ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await asyncio.to_thread(self._provider.shutdown)
        except TimeoutError:
            log.warning("traces_lost", seconds=seconds)


class StageTraces:
    """Makes the spans of one stage. Quick, and never raises.

    Args:
        stage: The stage; spans of its pages are called like it.
        provider: OpenTelemetry's.
    """

    def __init__(self, stage: Stage, provider: TracerProvider) -> None:
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 - comes with an extra
            TraceContextTextMapPropagator,
        )

        self._stage = stage
        self._tracer = provider.get_tracer("newsworker", worker.__version__)
        self._propagator = TraceContextTextMapPropagator()
        self._commit: tuple[int, int, int] = (0, 0, 0)
        """Of the last commit: begin and end in nanoseconds since 1970, and its pages."""
        self._commit_context: SpanContext | None = None

    def committed(self, pages: int, seconds: float) -> None:
        """Note a commit; the pages that it made visible come next."""
        end = time.time_ns()
        self._commit, self._commit_context = (end - int(seconds * NS), end, pages), None

    def page(
        self,
        carried: Iterable[tuple[str, bytes]],
        *,
        where: tuple[str, int, int],
        reason: str | None,
        laps: Sequence[tuple[str, float]],
        seconds: float,
    ) -> None:
        """Make the span of a page that is done, where its record asks for one.

        Args:
            carried: The record's ``traceparent`` and ``tracestate``.
            where: Topic, partition and offset of the record.
            reason: Why the page was rejected; None where it was not.
            laps: Steps in their order, with their seconds.
            seconds: From taking the record up to now.
        """
        parent = self._parent(carried)
        if parent is None:
            return
        from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415 - comes with an extra

        end = time.time_ns()
        at = end - int(seconds * NS)
        span = self._tracer.start_span(str(self._stage), parent, SpanKind.CONSUMER, _attributes(where), start_time=at)
        if span.is_recording():
            span.add_link(self._committing())
            for step, lap in laps:
                at += int(lap * NS)
                span.add_event(str(step), timestamp=at)
            if reason is not None:
                span.set_status(Status(StatusCode.ERROR, str(reason)))
                span.set_attribute("newsworker.reason", str(reason))
        span.end(end)

    def _parent(self, carried: Iterable[tuple[str, bytes]]) -> Context | None:
        from opentelemetry.context import Context  # noqa: PLC0415 - comes with an extra
        from opentelemetry.trace import get_current_span  # noqa: PLC0415 - as above

        given = {name: value.decode("latin-1") for name, value in carried}
        if "traceparent" not in given:
            return None
        context = self._propagator.extract(given, Context())
        return context if get_current_span(context).get_span_context().is_valid else None

    def _committing(self) -> SpanContext:
        """Return the span of the last commit, made when the first page of it asks."""
        if self._commit_context is None:
            from opentelemetry.context import Context  # noqa: PLC0415 - comes with an extra

            begin, end, pages = self._commit
            told: dict[str, AttributeValue] = {
                "newsworker.stage": str(self._stage),
                "messaging.batch.message_count": pages,
            }
            span = self._tracer.start_span("commit", Context(), attributes=told, start_time=begin)
            span.end(end)
            self._commit_context = span.get_span_context()
        return self._commit_context


def _attributes(where: tuple[str, int, int]) -> dict[str, AttributeValue]:
    """Return where a record lay, by the names of OpenTelemetry's conventions for messaging."""
    topic, partition, offset = where
    return {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": topic,
        "messaging.destination.partition.id": str(partition),
        "messaging.kafka.offset": offset,
    }
