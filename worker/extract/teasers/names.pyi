from worker.extract.document import Document

CLASSES: tuple[str, ...]
BITS: dict[str, int]
TITLE: int
KICKER: int
BLOCK_BITS: int
PATH_CLASS: dict[str, str]

def is_platform(host: str) -> bool: ...

class Names:
    def __init__(self, document: Document) -> None: ...
    def of(self, element: int) -> int: ...
