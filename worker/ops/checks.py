"""What makes a process live and ready: pure judgement over a snapshot of the stages.

Each check has a name and a reason, so that a 503 says what is wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from worker.ops.names import Stage

LOOP_SECONDS = 15.0
"""An event loop that has not ticked for so long hangs. The largest page takes a quarter of a second."""

BROKER_SECONDS = 30.0
"""Without an answer of a broker for so long a stage does not do its share."""


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage at one moment. Times are seconds since the epoch."""

    stage: Stage

    is_joined: bool = False
    """Whether it is a member of its group, with or without partitions."""

    is_rebalancing: bool = False
    """Whether a rebalance is going on."""

    assigned: tuple[int, ...] = ()
    """Partitions it holds."""

    claiming: tuple[int, ...] = ()
    """Partitions whose claim is not done."""

    lag_records: int = 0
    """Records behind, over all partitions."""

    last_progress: float = 0.0
    """When the last page was done; the start, before the first."""

    waiting_since: float | None = None
    """Since when records wait; None when caught up."""

    broker_answered: float = 0.0
    """When a broker answered last; 0 before the first answer."""

    refused: str = ""
    """What the broker refuses, so that the process is about to end; empty where nothing."""

    details: Mapping[str, object] = field(default_factory=dict)
    """What else `/status` tells about it, ready for JSON."""


@dataclass(frozen=True, slots=True)
class Check:
    """One reason to be well or not."""

    name: str
    is_ok: bool
    reason: str

    def as_json(self) -> Mapping[str, object]:
        """Return what a body shows of it."""
        return {"name": self.name, "ok": self.is_ok, "reason": self.reason}


def loop_check(ticked_seconds_ago: float) -> Check:
    """Tell whether the event loop goes round. Pure."""
    is_ok = ticked_seconds_ago <= LOOP_SECONDS
    verdict = "ticked" if is_ok else "hangs: it last ticked"
    return Check("loop", is_ok, f"the event loop {verdict} {ticked_seconds_ago:.1f} s ago")


def live_checks(states: Iterable[StageState], now: float, stall_seconds: float) -> tuple[Check, ...]:
    """Return why restarting would or would not help. Pure.

    A broker outage is no reason: a restart makes it worse.
    """
    return tuple(_progress(state, now, stall_seconds) for state in states)


def ready_checks(states: Iterable[StageState], now: float, *, is_draining: bool) -> tuple[Check, ...]:
    """Return whether the process does its share. Pure. Joined with no partition is ready."""
    drain = Check("drain", not is_draining, "the worker is draining" if is_draining else "not draining")
    return (drain, *(check for state in states for check in stage_checks(state, now)))


def stage_checks(state: StageState, now: float) -> tuple[Check, ...]:
    """Return whether one stage does its share. Pure."""
    return _group(state), _claims(state), _broker(state, now), _sends(state)


def _progress(state: StageState, now: float, stall_seconds: float) -> Check:
    name = f"{state.stage}.progress"
    if not state.assigned or state.lag_records <= 0 or state.waiting_since is None:
        return Check(name, is_ok=True, reason="caught up")
    if state.is_rebalancing or state.claiming:
        return Check(name, is_ok=True, reason="rebalancing or restoring")
    if not _is_answered(state, now):
        return Check(name, is_ok=True, reason="no broker answers; a restart would not help")
    idle = now - max(state.last_progress, state.waiting_since)
    is_ok = idle <= stall_seconds
    verdict = "last page done" if is_ok else "stalled: no page done for"
    waiting = f"{state.lag_records} records wait"
    return Check(name, is_ok, f"{waiting}, {verdict} {idle:.0f} s{' ago' if is_ok else ''}")


def _group(state: StageState) -> Check:
    reason = f"member of the group with {len(state.assigned)} partitions" if state.is_joined else "not yet in the group"
    return Check(f"{state.stage}.group", state.is_joined, reason)


def _claims(state: StageState) -> Check:
    reason = f"partitions being claimed: {', '.join(map(str, state.claiming))}" if state.claiming else "no claim open"
    return Check(f"{state.stage}.claims", not state.claiming, reason)


def _broker(state: StageState, now: float) -> Check:
    name = f"{state.stage}.broker"
    if not state.broker_answered:
        return Check(name, is_ok=False, reason="no broker has answered yet")
    return Check(name, _is_answered(state, now), f"a broker answered {max(0.0, now - state.broker_answered):.0f} s ago")


def _sends(state: StageState) -> Check:
    return Check(f"{state.stage}.sends", not state.refused, state.refused or "nothing is refused")


def _is_answered(state: StageState, now: float) -> bool:
    return bool(state.broker_answered) and now - state.broker_answered <= BROKER_SECONDS
