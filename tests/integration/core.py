"""What must come out, computed without a broker: the two stages' own handlers, called one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from tests.integration.deployment import Deployment, Raw
from worker.ops.metrics import Metrics
from worker.ops.settings import Settings
from worker.stream.dedupe_stage import DedupeStage
from worker.stream.guarantee import Message, Record
from worker.stream.installation import Installation
from worker.stream.split_stage import SplitStage

WHEN_MS = 1_795_000_000_000


def expected(there: Deployment, records: Iterable[Raw]) -> list[Message]:
    """Return every message that the records lead to, split pages left out, in the order of the records."""
    values = {name.removeprefix("NEWSWORKER_").lower(): value for name, value in there.environment.items()}
    installation = Installation(Settings(**values))
    metrics = Metrics(installation.settings.stages)
    split, dedupe = SplitStage(installation, metrics), DedupeStage(installation, metrics)
    state, found = dedupe.new_state(), []
    for offset, raw in enumerate(records):
        (message,) = split.handle(Record("raw", 0, offset, WHEN_MS, *raw)).messages
        if "rejected-reason" in dict(message.headers):
            found.append(message)
            continue
        unit = dedupe.handle(Record("split", 0, offset, WHEN_MS, message.key, message.value, message.headers), state)
        if unit.entries:
            state.apply(unit.entries)
        found += unit.messages
    return found
