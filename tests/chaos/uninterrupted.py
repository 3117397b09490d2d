"""What the worker's stages write of some pages when nothing disturbs them: their own handlers, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.chaos.target import Page
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.settings import Settings
from worker.stream.dedupe_stage import DedupeStage
from worker.stream.guarantee import Record
from worker.stream.installation import Installation
from worker.stream.split_stage import SplitStage


def events(pages: Sequence[Page]) -> Iterator[bytes]:
    """Yield the values of all events of the pages of one site, in order."""
    settings = Settings(kafka_bootstrap="127.0.0.1:1")
    installation = Installation(settings)
    metrics = Metrics((Stage.SPLIT, Stage.DEDUPE))
    split, dedupe = SplitStage(installation, metrics), DedupeStage(installation, metrics)
    state = dedupe.new_state()
    for offset, page in enumerate(pages):
        for passed in split.handle(Record("raw", 0, offset, 0, page.key, page.value)).messages:
            unit = dedupe.handle(Record("split", 0, offset, 0, passed.key, passed.value, passed.headers), state)
            state.apply(unit.entries)
            yield from (message.value for message in unit.messages if message.value)
