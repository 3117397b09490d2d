"""Inline teasers that a wording announces ("Read also: ..."): a line of a label and a link, and nothing else."""

from worker.extract.document import Document
from worker.extract.lexicon import inline_label
from worker.extract.teasers.cards import Card

MAX_LABEL = 40
"""Characters of the longest label."""

_CLOSING = " \t\n.›»>→▶|"


def is_announced(document: Document, card: Card) -> bool:
    """Tell whether the card is a link that a known label opens: then it is a teaser, whatever else speaks against it.

    Of links in the prose these alone are pointers; all others are phrases.
    """
    link = card.links[0]
    line = document.blocks[link]
    if document.text_starts[line] == document.text_starts[link]:
        return False
    before = _text(document, document.text_starts[line], document.text_starts[link])
    if not before or len(before) > MAX_LABEL:
        return False
    if _text(document, document.text_ends[card.links[-1]], document.text_ends[line]).strip(_CLOSING):
        return False
    label = inline_label(before)
    return label is not None and not label.rest.strip(_CLOSING) and not label.heading.ambiguous


def _text(document: Document, first: int, end: int) -> str:
    return "".join(document.pieces[first:end]).strip()
