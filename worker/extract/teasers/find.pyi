from worker.extract.document import Document
from worker.extract.items import FoundItem
from worker.extract.teasers.targets import Page

class FoundTeasers:
    @property
    def items(self) -> tuple[FoundItem, ...]: ...
    @property
    def elements(self) -> frozenset[int]: ...

def find_teasers(document: Document, page: Page, base: str | None, article: range = ...) -> FoundTeasers: ...
