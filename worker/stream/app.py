"""The two Faust apps of the worker, made from an installation: thin agents around the guarantee's layers.

A stage is an app, its id is its consumer group. Both may run in one process or each in its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from schemas.topics import RAW, SPLIT, STATE
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.traces import Traces
from worker.stream.dedupe_stage import DedupeStage
from worker.stream.guarantee import App, Client, Guarantee, Limits, Running, Stateful, Stateless, make_app, source_topic
from worker.stream.guarantee.layer import Layer
from worker.stream.guarantee.trial import SpawnedTrial
from worker.stream.installation import Installation
from worker.stream.observing import StageObserver
from worker.stream.split_stage import SplitStage, try_page


def split_stage(installation: Installation, client: Client, metrics: Metrics, traces: Traces | None) -> Running:
    """Return the stage `split`, not yet started."""
    app = _app(Stage.SPLIT, installation, client)
    spans = traces.of(Stage.SPLIT) if traces else None
    stage = SplitStage(installation, metrics, spans)
    layer = Stateless(
        app,
        source=installation.topic(RAW),
        handler=stage.handle,
        quarantine=stage.quarantine,
        trial=SpawnedTrial(partial(try_page, limits=installation.settings.limits)),
        client=client,
        name=installation.group(Stage.SPLIT),
        observer=StageObserver(Stage.SPLIT, metrics, installation.registry_names, traces=spans),
    )
    _agent(app, layer, installation.topic(RAW))
    return Running(app, layer)


def dedupe_stage(installation: Installation, client: Client, metrics: Metrics, traces: Traces | None) -> Running:
    """Return the stage `dedupe`, not yet started."""
    app = _app(Stage.DEDUPE, installation, client)
    spans = traces.of(Stage.DEDUPE) if traces else None
    stage = DedupeStage(installation, metrics, spans)
    layer = Stateful(
        app,
        source=installation.topic(SPLIT),
        state_topic=installation.topic(STATE),
        handler=stage.handle,
        new_state=stage.new_state,
        client=client,
        name=installation.group(Stage.DEDUPE),
        guarantee=Guarantee(installation.settings.guarantee),
        limits=Limits(commit_seconds=installation.settings.commit_interval_seconds),
        observer=StageObserver(Stage.DEDUPE, metrics, installation.registry_names, stage.sites.restart, spans),
    )
    _agent(app, layer, installation.topic(SPLIT))
    return Running(app, layer)


MAKERS: Mapping[Stage, Callable[[Installation, Client, Metrics, Traces | None], Running]] = {
    Stage.SPLIT: split_stage,
    Stage.DEDUPE: dedupe_stage,
}
"""What makes each stage."""


def _app(stage: Stage, installation: Installation, client: Client) -> App:
    return make_app(installation.group(stage), client, session_seconds=installation.settings.session_timeout_seconds)


def _agent(app: App, layer: Layer, source: str) -> None:
    """Let the app's one agent hand its stream to the layer."""

    async def pages(stream: Any) -> None:  # noqa: ANN401 - Faust's stream; the layer says which part it uses
        await layer.run(stream)

    app.agent(source_topic(app, source), name=f"{app.conf.id}-pages")(pages)
