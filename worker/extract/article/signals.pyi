from collections.abc import Collection

from worker.extract.article.lines import Line
from worker.extract.article.root import Root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document

SIGNALS: tuple[str, ...]
LENGTHS: tuple[int, ...]
SHARES: tuple[float, ...]
NAME_SCORES: tuple[float, ...]
PARTS: tuple[float, ...]
STAMP_LINES: int

class LineSignals:
    def __init__(
        self,
        document: Document,
        lines: list[Line],
        root: Root,
        around: Surroundings,
        told: Collection[str],
        article_body: str,
    ) -> None: ...
    @property
    def count(self) -> int: ...
    @property
    def shapes(self) -> list[int]: ...
    def rows(self) -> list[list[int]]: ...
