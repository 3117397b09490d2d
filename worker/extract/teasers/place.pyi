from worker.extract.document import Document
from worker.extract.teasers.looking import Looked

MOST_INLINE: int

def is_among_prose(document: Document, looked: Looked, at: int, article: range) -> bool: ...
