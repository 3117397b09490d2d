"""Where the processor time of ``split_page`` goes: a clock around each step that it calls.

What is compiled leaves no frames for a profiler to see. A step is called once or twice a page, so that its clock
costs a thousandth of it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

STEPS = {
    "worker.extract.page": (
        "decode_page",
        "refuse_complex",
        "Document",
        "read_metadata",
        "article_root",
        "find_teasers",
        "read_article",
        "merge",
        "page_id",
    ),
    "worker.extract.article.read": ("headline", "judge_lines", "body_lines", "body_blocks", "pictures", "authors"),
}
"""Steps by the module that calls them; those of the second are parts of ``read_article``."""

PART_OF = {"worker.extract.article.read": "read_article > "}


class Clocks:
    """Milliseconds of processor time that each step took."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure each step while the block runs."""
        called = [(import_module(module), name, PART_OF.get(module, "")) for module in STEPS for name in STEPS[module]]
        before = [getattr(module, name) for module, name, _ in called]
        for (module, name, above), step in zip(called, before, strict=True):
            setattr(module, name, self._clocked(above + name, step))
        try:
            yield
        finally:
            for (module, name, _), step in zip(called, before, strict=True):
                setattr(module, name, step)

    def _clocked(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """Return the step with a clock around it."""

        def clocked(*given: object, **named: object) -> object:
            start = time.thread_time()
            try:
                return step(*given, **named)
            finally:
                self.spent[name] += (time.thread_time() - start) * 1_000

        return clocked

    def ratios(self, unit_ms: float) -> dict[str, float]:
        """Return the cost of each step in so many milliseconds, the dearest first, its parts after it."""
        whole = {name: self.spent[name.partition(" > ")[0]] for name in self.spent}
        kept = sorted(
            self.spent, key=lambda name: (-whole[name], name.partition(" > ")[0], " > " in name, -self.spent[name])
        )
        return {name: round(self.spent[name] / unit_ms, 2) for name in kept}
