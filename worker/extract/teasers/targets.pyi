from worker.extract.teasers.shapes import Shape

class Target:
    url: str
    key: str
    path: str
    shape: Shape
    letters: float
    @property
    def above(self) -> tuple[str, ...]: ...
    @property
    def codes(self) -> tuple[tuple[int, ...], tuple[int, ...]]: ...

class Page:
    keys: frozenset[str]
    shape: Shape | None
    host: str
    def __init__(self, base: str | None, keys: frozenset[str], url: str | None) -> None: ...
    def target(self, href: str) -> Target | None: ...
    def distance(self, shape: Shape) -> int: ...
    def is_own(self, key: str) -> bool: ...
