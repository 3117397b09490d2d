from collections.abc import Sequence

from schemas import Reason, SplitTeaser
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.teasers import Judged

class Poorer: ...

def judged(
    teasers: Sequence[SplitTeaser],
    marks: bytes,
    known: bytes,
    repeats: list[Reason],
    dropped: bytes,
    poorer: Poorer,
    now: int,
    settings: DedupeSettings,
) -> Judged: ...
