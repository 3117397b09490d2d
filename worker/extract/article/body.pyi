from collections.abc import Collection

from schemas import Block
from worker.extract.article.lines import Line
from worker.extract.article.root import Root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document
from worker.extract.metadata import Metadata
from worker.extract.teasers import FoundTeasers

MIN_ARTICLE_BODY: int
KIND_LEVELS: int

class Judged:
    @property
    def line(self) -> Line: ...
    @property
    def score(self) -> float: ...
    @property
    def signals(self) -> list[int]: ...

def judge_lines(document: Document, metadata: Metadata, around: Surroundings, root: Root) -> list[Judged]: ...
def told_texts(document: Document, metadata: Metadata) -> tuple[Collection[str], str]: ...
def body_lines(document: Document, judged: list[Judged], headline: str, teasers: FoundTeasers) -> list[Line]: ...
def body_blocks(document: Document, lines: list[Line]) -> tuple[Block, ...]: ...
