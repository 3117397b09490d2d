from typing import NamedTuple

from worker.extract.document import Document

FRAMES: tuple[str, ...]
CLOSED: frozenset[str]
PARTS: dict[str, int]
COMMENTS: int
PARTICULARS: int
NAMES_KEPT: int
HIDDEN: str

class Surrounding(NamedTuple):
    names: float
    semantic: int
    frame: int
    closed: bool
    own: float
    part: int
    part_element: int

class Surroundings:
    def __init__(self, document: Document, weights: dict[str, float]) -> None: ...
    def of(self, element: int) -> Surrounding: ...

def name_words(document: Document, element: int) -> frozenset[str]: ...
