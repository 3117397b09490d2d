# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Inline teasers that a wording announces ("Read also: ..."): a line of a label and a link, and nothing else."""

from worker.extract.document cimport Document, Element
from worker.extract.lexicon.lookups cimport inline_label
from worker.extract.teasers.cards cimport Card


MAX_LABEL = 40
"""Characters of the longest label."""

cdef int longest_label = MAX_LABEL
cdef str _CLOSING = " \t\n.›»>→▶|"


cpdef bint is_announced(Document document, Card card) except -1:
    """Tell whether the card is a link that a known label opens: then it is a teaser, whatever else speaks against it.

    Of links in the prose these alone are pointers; all others are phrases.
    """
    cdef int first_link = card.links[0], last_link = card.links[len(card.links) - 1]
    cdef const Element *link = &document.element[first_link]
    cdef const Element *line = &document.element[link.block]
    if line.text_start == link.text_start:
        return False
    cdef str before = text_between(document, line.text_start, link.text_start)
    if not before or len(before) > longest_label:
        return False
    if text_between(document, document.element[last_link].text_end, line.text_end).strip(_CLOSING):
        return False
    label = inline_label(before)
    return label is not None and not label.rest.strip(_CLOSING) and not label.heading.ambiguous


cdef str text_between(Document document, int first, int end):
    return "".join(document.pieces[first:end]).strip()
