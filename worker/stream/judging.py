"""Judging a rejected page anew without harm: one that ended a process is tried in a child."""

from __future__ import annotations

from functools import partial

from schemas.rejected import RejectReason
from worker.extract import Limits
from worker.stream.guarantee import Record
from worker.stream.guarantee.trial import SpawnedTrial
from worker.stream.rejected import Rejection
from worker.stream.rejected_pages import RejectedPage, judged

STILL_FATAL = Rejection(RejectReason.QUARANTINED, "it still ends the process that tries it", "Quarantined")


async def judge(page: RejectedPage, limits: Limits) -> Rejection | None:
    """Return why today's code would reject the page again; None where it takes it. Survives every page."""
    if page.reason == RejectReason.QUARANTINED:
        trial = SpawnedTrial(partial(_try, limits=limits))
        try:
            if await trial([page.record]):
                return STILL_FATAL
        finally:
            trial.close()
    return judged(page, limits)


def _try(record: Record, limits: Limits) -> None:
    judged(RejectedPage(record), limits)
