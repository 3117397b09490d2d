# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Blocks: cards that stand side by side, and the heading over them.

A card ends where the next story's link is, so what is directly around it holds several: cards with one element
around them are a block, whatever the template calls it.
"""

cimport cython

from worker.extract.document cimport Document, Tag
from worker.extract.teasers.cards cimport Card
from worker.extract.teasers.headings cimport Over, heading_before, row_of

from schemas import TeaserKind

# Kinds of blocks that are shown in tabs: of an hour and of a week, read and shared.
cdef tuple IN_TABS = (TeaserKind.LATEST, TeaserKind.POPULAR)

cdef enum:
    MOST_RECENT = 4  # such blocks that are looked at: links that are no stories make blocks between two tabs
    MAX_APART = 4  # elements between two tabs and what holds both


@cython.final
@cython.freelist(16)
cdef class StoryBlock:
    """Cards that stand side by side.

    Attributes:
        element: The element around them.
        members: Numbers of its cards.
        over: The heading over it; None without one.
    """


cpdef list blocks_of(Document document, list cards):
    """Return the blocks that the cards make, in the order of their first cards."""
    cdef dict by_element = {}
    cdef list found = []
    cdef list recent = []  # elements of blocks in tabs, the last first; the headings of the tabs after each
    cdef StoryBlock block = None
    cdef Py_ssize_t at
    cdef int top, around, read_to = 0
    for at in range(len(cards)):
        top = (<Card>cards[at]).top
        around = document.element[top].parent
        if block is None or block.element != around:
            block = by_element.get(around)
        if block is None:
            block = StoryBlock.__new__(StoryBlock)
            block.element, block.members = around, []
            by_element[around] = block
            found.append(block)
            name(document, block, heading_before(document, read_to, document.element[top].text_start), recent)
        block.members.append(at)
        read_to = max(read_to, document.element[top].text_end)
    return found


cdef int name(Document document, StoryBlock block, Over over, list recent) except -1:
    """Put over a block the heading before it, or the one of a row of tabs that is its own."""
    cdef list tabs
    if over is None:  # a later tab, or the rest of a box that began with one large card, perhaps
        tabs = tabs_going_on(document, recent, block.element)
    else:
        tabs = row_of(document, over) or [over]
    if tabs:
        block.over = tabs[0]
        if len(tabs) > 1 or block.over.kind in IN_TABS:
            recent.insert(0, (block.element, tabs[1:] or tabs))
            del recent[MOST_RECENT:]
    return 0


cdef list tabs_going_on(Document document, list recent, int element):
    """Return the headings that are left of a row whose tabs go on with this element, none where no row does."""
    cdef list tabs
    for before, tabs in recent:
        if goes_on(document, before, tabs[0], element):
            return tabs
    return []


cdef bint goes_on(Document document, int before, Over over, int element) except -1:
    """Tell whether what stood over the element ``before`` stands over this one: beside it, or in the heading's box."""
    cdef int box = document.element[over.element].parent
    return (
        box >= 0 and not holds_more(document, box) and box < element < document.element[box].end
    ) or is_beside(document, before, element)


cdef bint is_beside(Document document, int one, int other) except -1:
    """Tell whether two elements are tabs of one box: below one that holds both, as deep and in the same tags."""
    for _ in range(MAX_APART):
        if not alike(document, one, other) or holds_more(document, one):
            return False
        one, other = document.element[one].parent, document.element[other].parent
        if one == other or one < 0 or other < 0:
            return one == other
    return False


cdef bint alike(Document document, int one, int other) except -1:
    """Tell whether two elements have the same tag."""
    return document.tag_name(one) == document.tag_name(other)


cdef inline bint holds_more(Document document, int element) noexcept:
    """Tell whether an element is a box of its own: two of them are no tabs."""
    return document.element[element].tag in (Tag.BODY, Tag.MAIN, Tag.SECTION, Tag.ASIDE, Tag.ARTICLE)
