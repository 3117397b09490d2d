# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Cards: what the page shows of one story at one place.

A card is the largest element around the links to one story that holds no link to another one. Two or three
links to one story (picture, headline, "read more") are so one card, whatever the template is called.
"""

cimport cython

from worker.extract.document cimport Document, Element, Tag
from worker.extract.teasers.headings cimport is_heading, known_heading, short_text
from worker.extract.teasers.links cimport Link

from worker.extract.lexicon.headings import LONGEST_LABEL

LONG_PIECE = 90
"""Characters of a piece of text that is prose or a lead: a card has one at most."""

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

cdef enum:
    MAX_CARD_TEXT = 700  # characters outside links in the largest card: a section has more
    PROSE = 90  # LONG_PIECE

cdef int LONGEST = LONGEST_LABEL


@cython.final
@cython.freelist(64)
cdef class Card:
    """One place where a story is shown.

    Attributes:
        target: What its links lead to.
        top: The element that is the card.
        links: Its links to the story.
    """

    def __init__(self, Target target not None, int top, list links not None):
        self.target, self.top, self.links = target, top, links


cpdef list long_pieces_of(Document document):
    """Return the numbers of the pieces of text that are prose or a lead."""
    cdef list found = []
    cdef int n, at
    for n in range(document.long_count):
        at = document.long_piece[n]
        if document.piece[at + 1].length - document.piece[at].length >= PROSE:
            found.append(at)
    return found


cpdef list cards_of(Document document, list links, list long_pieces):
    """Return the cards that the links make, in page order.

    Args:
        document: The page.
        links: Its links that may lead to stories, in page order.
        long_pieces: Its pieces of text that are prose or a lead.
    """
    cdef list found = []
    cdef Py_ssize_t at = 0, end
    cdef int before = -1, after
    cdef Card card
    while at < len(links):
        end = end_of_run(links, at)
        after = element_of(links, end) if end < len(links) else document.count
        while at < end:
            card = Card.__new__(Card)
            card.target, card.links = (<Link>links[at]).target, []
            card.top = top_of(document, element_of(links, at), before, after, long_pieces)
            while at < end and element_of(links, at) < document.element[card.top].end:
                before = element_of(links, at)
                card.links.append(before)
                at += 1
            if not is_heading_of_block(document, card.top):
                found.append(card)
    return found


cdef inline int element_of(list links, Py_ssize_t at) noexcept:
    return (<Link>links[at]).element


cdef Py_ssize_t end_of_run(list links, Py_ssize_t first) noexcept:
    """Return where the links that follow each other and lead to one story end."""
    cdef Py_ssize_t end = first + 1
    while end < len(links) and (<Link>links[end]).target is (<Link>links[first]).target:
        end += 1
    return end


cdef bint is_heading_of_block(Document document, int top) except -1:
    """Tell whether a card is a block's heading that is a link itself: "Latest news", without a picture."""
    cdef int element
    if document.length_in(top) > LONGEST:
        return False
    for element in range(top, document.element[top].end):
        if document.element[element].tag == Tag.IMG:
            return False
    return known_heading(document.text_in(top)) is not None


cdef int top_of(Document document, int element, int before, int after, list long_pieces) except -1:
    """Return the largest element around ``element`` between two links to other stories."""
    cdef int top = element, above, inside = -1, within
    cdef const Element *one
    cdef const Element *other
    while True:
        one = &document.element[top]
        above = one.parent
        if above <= before:
            break
        other = &document.element[above]
        if other.end > after or stops(other.tag):
            break
        if other.text_start != one.text_start or other.text_end != one.text_end:
            if document.length_in(above) - document.linked_in(above) > MAX_CARD_TEXT:
                break
            if inside < 0:
                inside = prose_in(document, one, long_pieces)
            within = prose_in(document, other, long_pieces)
            if within > inside and (within > inside + 1 or one.tag == Tag.P):
                break
            if opens_with_heading(document, above, top):
                break
        top = above
    return top


cdef inline bint stops(int tag) noexcept:
    return tag in (Tag.BODY, Tag.HTML, Tag.MAIN, Tag.NAV, Tag.HEADER, Tag.FOOTER, Tag.FORM)


cdef int prose_in(Document document, const Element *element, list long_pieces) noexcept:
    """Return how many long pieces an element has."""
    if document.piece[element.text_end].length - document.piece[element.text_start].length < PROSE:
        return 0
    return before_piece(long_pieces, element.text_end) - before_piece(long_pieces, element.text_start)


cdef int before_piece(list numbers, int piece) noexcept:
    """Return how many of the ascending numbers are smaller."""
    cdef Py_ssize_t low = 0, high = len(numbers), middle
    while low < high:
        middle = (low + high) // 2
        if <int>numbers[middle] < piece:
            low = middle + 1
        else:
            high = middle
    return low


cdef bint opens_with_heading(Document document, int above, int top) except -1:
    """Tell whether ``above`` has a block's heading before ``top``."""
    cdef int first = document.element[above].text_start, end = document.element[top].text_start
    if document.piece[end].length == document.piece[first].length:
        return False
    text = short_text(document, first, end, LONGEST)
    if text is not None and not text:
        return False
    if text is not None and known_heading(text) is not None:
        return True
    return has_heading(document, above + 1, top) and has_heading(document, top, document.element[top].end)


cdef bint has_heading(Document document, int first, int end) noexcept:
    """Tell whether one of these elements is a heading."""
    cdef int element
    for element in range(first, end):
        if is_heading(document.element[element].tag):
            return True
    return False
