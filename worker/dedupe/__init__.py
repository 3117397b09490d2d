"""What of a page is new, what is richer, what is a repeat; and the state to know it by. Pure."""

from worker.dedupe.decide import decide
from worker.dedupe.entries import UnreadableChanges
from worker.dedupe.events import ToldTeaser
from worker.dedupe.marks import MalformedId, marks_of
from worker.dedupe.memory import MemoryState
from worker.dedupe.outcome import Outcome, page_decisions
from worker.dedupe.settings import DedupeSettings
from worker.dedupe.state import State

__all__ = [
    "DedupeSettings",
    "MalformedId",
    "MemoryState",
    "Outcome",
    "State",
    "ToldTeaser",
    "UnreadableChanges",
    "decide",
    "marks_of",
    "page_decisions",
]
