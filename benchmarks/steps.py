"""Where the processor time of ``split_page`` goes, by step: samples of the running stack.

A timer of the process interrupts it every few milliseconds of processor time; what is seen on the stack below
``split_page`` is counted. Nothing is wrapped, so that small functions cost what they cost without being watched.
"""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TOP = "split_page"
EVERY_SECONDS = 0.001
"""Processor time between two looks; the kernel rounds it up to its tick, 4 ms as a rule."""

DEPTH = 2
"""Steps within steps that are told apart."""

SMALLEST_SHARE = 0.01
"""Share of all samples from which a step has a line of its own."""

Path = tuple[str, ...]


class Samples:
    """How often each step was seen."""

    def __init__(self) -> None:
        self.seen: Counter[Path] = Counter()

    def look(self, _: int, frame: FrameType | None) -> None:
        """Count the step that runs now; what runs outside ``split_page`` counts as nothing."""
        names: list[str] = []
        while frame is not None and frame.f_code.co_name != TOP:
            if not frame.f_code.co_name.startswith("<"):
                names.append(frame.f_code.co_qualname.removesuffix(".__init__"))
            frame = frame.f_back
        if frame is not None:
            self.seen[tuple(reversed(names))[:DEPTH]] += 1

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Look while the block runs.

        One timer for many pages: begun anew for each, it would never see their first milliseconds.
        """
        before = signal.signal(signal.SIGPROF, self.look)
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def ratios(self, total: float) -> dict[str, float]:
        """Return the cost of each step, steps within others after them, the dearest first; all together ``total``."""
        count = sum(self.seen.values()) or 1
        sums: Counter[Path] = Counter()
        for path, times in self.seen.items():
            for depth in range(1, max(len(path), 1) + 1):
                sums[path[:depth] or (TOP,)] += times
        kept = [path for path, times in sums.items() if times >= SMALLEST_SHARE * count]
        kept.sort(key=lambda path: (-sums[path[:1]], path[0], len(path), -sums[path]))
        return {" > ".join(path): round(sums[path] / count * total, 2) for path in kept}
