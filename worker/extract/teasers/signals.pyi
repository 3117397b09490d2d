from collections.abc import Iterator

from worker.extract.document import Document
from worker.extract.teasers.blocks import StoryBlock
from worker.extract.teasers.cards import Card
from worker.extract.teasers.links import Link
from worker.extract.teasers.names import Names
from worker.extract.teasers.targets import Page

SIGNALS: tuple[str, ...]
CODES: int
LENGTHS: tuple[int, ...]
OTHER_TEXTS: tuple[int, ...]
CARDS: tuple[int, ...]
IMAGE_SHARES: tuple[float, ...]

class Rows:
    def __len__(self) -> int: ...
    def __getitem__(self, at: int) -> list[int]: ...
    def __iter__(self) -> Iterator[list[int]]: ...

class CardSignals:
    def __init__(
        self,
        document: Document,
        page: Page,
        links: list[Link],
        cards: list[Card],
        blocks: list[StoryBlock],
        names: Names,
        long_pieces: list[int],
    ) -> None: ...
    def rows(self) -> Rows: ...
