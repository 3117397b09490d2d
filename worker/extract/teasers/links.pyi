from worker.extract.document import Document
from worker.extract.teasers.targets import Page, Target

MAX_LINKS: int

class Link:
    @property
    def element(self) -> int: ...
    @property
    def target(self) -> Target: ...

def story_links(document: Document, page: Page) -> list[Link]: ...
