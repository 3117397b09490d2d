"""What goes wrong when: a timetable made from a seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Fault(StrEnum):
    """What a run does to workers and brokers."""

    KILL = "kill"
    """kill -9 of a worker, started again at once."""
    STOP = "stop"
    """SIGTERM to a worker, started again when it has ended."""
    FREEZE = "freeze"
    """SIGSTOP beyond the session timeout with a replacement running, then SIGCONT: a zombie."""
    BROKER_KILL = "broker_kill"
    """kill -9 of a broker, started again after a while; each in turn, so a coordinator is among them."""
    BROKER_STOP = "broker_stop"
    """SIGTERM to a broker, started again after a while."""
    CUT = "cut"
    """No network between one worker and all brokers for longer than the transaction timeout."""
    ADD = "add"
    """One more worker joins, and leaves a while later."""


MIX = (
    Fault.KILL,
    Fault.STOP,
    Fault.FREEZE,
    Fault.BROKER_KILL,
    Fault.KILL,
    Fault.ADD,
    Fault.CUT,
    Fault.BROKER_STOP,
)
"""A round of mixed faults; a longer run shuffles further rounds."""


@dataclass(frozen=True, slots=True)
class Step:
    """One fault at its time, seconds after the load began."""

    at: float
    fault: Fault
    target: int
    """Which worker or broker, counted from 0."""
    waits: bool = False
    """Whether it waits until every partition moved on since the step before."""


def timetable(faults: Sequence[Fault], *, every: float, workers: int, brokers: int, seed: int) -> list[Step]:
    """Return the steps of a run, about ``every`` seconds apart.

    Args:
        faults: In the order they happen.
        every: Mean seconds between two of them; the gaps vary by a half.
        workers: Workers are hit in turn, shifted by the seed.
        brokers: As for workers.
        seed: The same seed gives the same timetable.
    """
    chance = random.Random(seed)
    at, steps, broker = 4.0, [], chance.randrange(brokers)
    worker = chance.randrange(workers)
    for fault in faults:
        if fault in (Fault.BROKER_KILL, Fault.BROKER_STOP):
            broker = (broker + 1) % brokers
            steps.append(Step(at, fault, broker))
        else:
            worker = 0 if fault is Fault.CUT else (worker + 1) % workers
            steps.append(Step(at, fault, worker))
        at += every * chance.uniform(0.5, 1.5)
    return steps


IMPATIENT = 4
"""In a patient run one step in so many does not wait: it may fall into the rebalance of the one before."""


def patient(steps: Sequence[Step]) -> list[Step]:
    """Return the steps, most of which wait until the one before is overcome.

    On a busy machine, where a worker starts more slowly than steps follow each other, they would else hit
    workers that have claimed nothing.
    """
    return [replace(step, waits=number % IMPATIENT != 0) for number, step in enumerate(steps, start=1)]


def mixed(count: int, seed: int) -> list[Fault]:
    """Return ``count`` faults of all kinds: whole rounds of `MIX`, each shuffled."""
    chance, faults = random.Random(seed), list[Fault]()
    while len(faults) < count:
        faults += chance.sample(MIX, len(MIX))
    return faults[:count]
