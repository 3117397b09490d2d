from worker.extract.document import Document
from worker.extract.teasers.cards import Card

MAX_LABEL: int

def is_announced(document: Document, card: Card) -> bool: ...
