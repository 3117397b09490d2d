# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""From a page to the cards on it and what each looks like: what finding and learning share."""

cimport cython

from worker.extract.document cimport Document, Tag
from worker.extract.teasers.blocks cimport StoryBlock, blocks_of
from worker.extract.teasers.cards cimport Card, cards_of, long_pieces_of
from worker.extract.teasers.links cimport story_links
from worker.extract.teasers.names cimport Names
from worker.extract.teasers.signals cimport CardSignals

from worker.extract.teasers.names import BLOCK_BITS

cdef int block_bits = BLOCK_BITS

cdef enum:
    NAME_BITS = 16
    TAG_BITS = 24
    OTHER_TAGS = 1 << 10  # numbers from here on are for tags without one


@cython.final
cdef class Looked:
    """The cards of a page.

    Attributes:
        cards: All that may show a story.
        blocks: Those that they make.
        block_of: Number of the block of each card.
        forms: What cards made from one template have in common, as numbers.
        rows: What each card looks like.
        names: Those of the page's elements.
    """


cpdef Looked look(Document document, page):
    """Return all cards that may show a story."""
    cdef Looked looked = Looked.__new__(Looked)
    cdef StoryBlock block
    cdef int at, number
    cdef list links = story_links(document, page), long_pieces = long_pieces_of(document)
    looked.cards = cards_of(document, links, long_pieces)
    looked.blocks = blocks_of(document, looked.cards)
    looked.names = Names(document)
    looked.block_of = [0] * len(looked.cards)
    for number, block in enumerate(looked.blocks):
        for at in block.members:
            looked.block_of[at] = number
    looked.forms = forms_of(document, looked.cards, looked.names)
    looked.rows = CardSignals(document, page, links, looked.cards, looked.blocks, looked.names, long_pieces).rows()
    return looked


cdef list forms_of(Document document, list cards, Names names):
    """Return the form of each card: its tag, its names, and the tag around it."""
    cdef list found = []
    cdef dict other_tags = {}
    cdef Card card
    cdef unsigned long long form
    for card in cards:
        form = tag_number(document, card.top, other_tags)
        form = form << TAG_BITS | tag_number(document, document.element[card.top].parent, other_tags)
        found.append(form << NAME_BITS | names.of(card.top) & block_bits)
    return found


cdef int tag_number(Document document, int element, dict other_tags) except -1:
    """Return the number of a tag; tags that have none of their own are numbered as they come."""
    cdef int tag = document.element[element].tag
    return tag if tag != Tag.OTHER else other_tags.setdefault(document.tag_name(element), OTHER_TAGS + len(other_tags))
