# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Where the article stands: the smallest element that holds nearly all of the page's prose.

Prose is weighed by the names around it, so that comments and teasers count for little. Going down from the top
as long as one child has nearly all, rather than looking for the heaviest parent, keeps a body whole that is
split over sibling containers: of the paragraphs in fundus pages 97.5 % are inside, against 92 %. Where a thread of
comments has nearly all, it counts for nothing: it is about something else on the page.
"""

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.math cimport exp
from libc.stdlib cimport qsort

from worker.extract.article.surroundings import FRAMES

from worker.extract.article.surroundings cimport COMMENTS, Around, Surroundings
from worker.extract.document cimport Document
from worker.extract.sorted_numbers cimport first_from

cdef enum:
    MIN_PIECE = 40  # characters from which a text outside of links counts as prose
    MAX_COUNTED = 600  # characters of one text that count: one long text is no article
    MIN_THREAD = 3  # comments from which they are a thread: templates call a body one, too, but not three of them

# Share of the prose that the root holds. With .7 it lost a part of 4 pages in 265, with .8 it took in more frame.
cdef double ROOT_SHARE = 0.75

# What prose in an aside, a footer or a form counts for.
cdef double FRAME_WEIGHT = 0.2
cdef int ASIDE = FRAMES.index("aside") + 1
cdef int FOOTER = FRAMES.index("footer") + 1
cdef int FORM = FRAMES.index("form") + 1

cdef struct Prose:
    # A long piece of text.
    int element
    int comment  # that it stands in; -1 for none
    double weight
    double before  # weight of all before it


@cython.final
cdef class Root:
    """An element as a range.

    Attributes:
        element: Its number.
        end: One past its last descendant.
        has_thread: Whether the page has a thread of comments, which is no part of the article.
    """

    def __cinit__(self, int element, int end, bint has_thread):
        self.element, self.end, self.has_thread = element, end, has_thread

    cpdef bint is_in(self, Document document, int element) noexcept:
        """Tell whether it is the element or stands in it; all stands in -1, which is around the page."""
        return element <= self.element and (element < 0 or self.element < document.element[element].end)


def article_root(Document document not None, Surroundings around not None):
    """Return the element that holds the article; None for a page without prose."""
    # One more for the sum of all, and as many again for those of no comment.
    cdef Prose *prose = <Prose *>PyMem_Malloc((2 * document.long_count + 2) * sizeof(Prose))
    if prose == NULL:
        raise MemoryError
    try:
        return root_of(document, prose, prose_of(document, around, prose))
    finally:
        PyMem_Free(prose)


cdef Root root_of(Document document, Prose *prose, int count):
    """Return the element that holds the article; after the ``count`` of prose is room for as many and two more."""
    cdef Prose *own = prose + count + 1
    cdef int own_count, element
    if count == 0:
        return None
    element = smallest_around(document, prose, count)
    cdef bint has_thread = is_thread(prose, count)
    if has_thread:
        own_count = without_comments(prose, count, own)
        has_thread = own_count > 0
        if has_thread and not holds_any(element, document.element[element].end, own, own_count):
            element = smallest_around(document, own, own_count)
    return Root(element, document.element[element].end, has_thread)


cdef int prose_of(Document document, Surroundings around, Prose *found) except -1:
    """Put down the long pieces of text, in the order of their elements, and return how many there are."""
    cdef int n, at, block, length, count = 0
    cdef const Around *near
    cdef Prose *each
    for n in range(document.long_count):
        at = document.long_piece[n]
        length = document.piece[at + 1].length - document.piece[at].length
        if length < MIN_PIECE or document.piece[at + 1].linked > document.piece[at].linked:
            continue
        block = document.element[document.piece[at].owner].block
        near = around.around(block)
        if near.closed:
            continue
        each = &found[count]
        each.element = block
        each.comment = near.part_element if near.part == COMMENTS else -1
        each.weight = min(length, MAX_COUNTED) / (1 + exp(-(near.names + 1)))
        if near.frame == ASIDE or near.frame == FOOTER or near.frame == FORM:
            each.weight *= FRAME_WEIGHT
        count += 1
    qsort(found, count, sizeof(Prose), in_order)
    return count


cdef int in_order(const void *one, const void *other) noexcept nogil:
    """Compare prose by element, then by weight: so it is added up, and the last digit of a sum stays what it is."""
    cdef const Prose *a = <const Prose *>one
    cdef const Prose *b = <const Prose *>other
    if a.element != b.element:
        return -1 if a.element < b.element else 1
    return (a.weight > b.weight) - (a.weight < b.weight)


cdef bint is_thread(const Prose *prose, int count) noexcept:
    """Tell whether the prose stands in enough comments."""
    cdef int[MIN_THREAD] comments
    cdef int n, known, different = 0
    for n in range(count):
        if prose[n].comment < 0:
            continue
        for known in range(different):
            if comments[known] == prose[n].comment:
                break
        else:
            comments[different] = prose[n].comment
            different += 1
            if different == MIN_THREAD:
                return True
    return False


cdef int without_comments(const Prose *prose, int count, Prose *own) noexcept:
    """Put down the prose that stands in no comment, and return how much it is."""
    cdef int n, kept = 0
    for n in range(count):
        if prose[n].comment < 0:
            own[kept] = prose[n]
            kept += 1
    return kept


cdef bint holds_any(int element, int end, const Prose *prose, int count) noexcept:
    """Tell whether any of the prose stands in the element, which ends there."""
    cdef int first = first_from(&prose.element, sizeof(Prose), count, element)
    return first < count and prose[first].element < end


cdef int smallest_around(Document document, Prose *prose, int count) noexcept:
    """Return the smallest element that holds nearly all of the prose; its entry after the last takes the sum."""
    cdef double total = add_up(prose, count)
    # Elements have their numbers in document order, so the prose inside one is the difference of two sums.
    # An element with over half of the prose holds the middle of it: only what is around that is to be looked at.
    cdef int candidate = prose[middle_of(prose, count)].element, first, end
    while candidate > 0:
        first = first_from(&prose.element, sizeof(Prose), count, candidate)
        end = first_from(&prose.element, sizeof(Prose), count, document.element[candidate].end)
        if prose[end].before - prose[first].before >= ROOT_SHARE * total:
            break
        candidate = document.element[candidate].parent
    return candidate


cdef double add_up(Prose *prose, int count) noexcept:
    """Note before each what is before it, after the last the whole, which is returned."""
    cdef double total = 0.0
    cdef int n
    for n in range(count):
        prose[n].before = total
        total += prose[n].weight
    prose[count].before = total
    return total


cdef int middle_of(const Prose *prose, int count) noexcept:
    """Return the number of the prose that the half of the weight falls into."""
    cdef double half = prose[count].before / 2
    cdef int n = 0
    while n < count and prose[n].before < half:
        n += 1
    return max(n - 1, 0)
