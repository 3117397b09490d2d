# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Where a card stands to the paragraphs of the article: between them it is inline, below them it is not."""

from bisect import bisect_left

from worker.extract.document cimport Document
from worker.extract.teasers.blocks cimport StoryBlock
from worker.extract.teasers.cards cimport Card
from worker.extract.teasers.looking cimport Looked
from worker.extract.teasers.names cimport Names
from worker.extract.teasers.signals cimport AMONG_PROSE

from schemas import TeaserKind
from worker.extract.teasers.cards import LONG_PIECE
from worker.extract.teasers.names import BITS

MOST_INLINE = 3
"""Items that stand together at most where they count as inline; of the labelled ones three do."""

cdef int most_inline = MOST_INLINE, long_piece = LONG_PIECE, talk = BITS["talk"]
cdef object RELATED = TeaserKind.RELATED


cpdef bint is_among_prose(Document document, Looked looked, int at, article) except -1:
    """Tell whether a card stands between paragraphs of the article, alone or with few others.

    Args:
        document: The page.
        looked: Its cards.
        at: Number of the card.
        article: Numbers of the elements that the article stands in, a range.
    """
    if looked.rows.row[at].place != AMONG_PROSE:
        return False
    cdef int first = article.start, end = article.stop
    cdef StoryBlock block = looked.blocks[looked.block_of[at]]
    return (
        first <= top_of(looked, at) < end
        and is_among_few(document, looked, at, block.members)
        and not closes(document, looked, block, first)
    )


cdef bint is_among_few(Document document, Looked looked, int at, list members) except -1:
    """Tell whether few cards of the block stand together with this one, no prose between them."""
    cdef Py_ssize_t first = bisect_left(members, at), last = first
    while first > 0 and last - first < most_inline and are_together(document, looked, members, first - 1):
        first -= 1
    while last + 1 < len(members) and last - first < most_inline and are_together(document, looked, members, last):
        last += 1
    return last - first < most_inline


cdef bint are_together(Document document, Looked looked, list members, Py_ssize_t place) except -1:
    """Tell whether there is no prose between a card of the block and the next one."""
    cdef int before = document.element[top_of(looked, members[place])].text_end
    cdef int after = document.element[top_of(looked, members[place + 1])].text_start
    return document.piece[after].length - document.piece[before].length < long_piece


cdef bint closes(Document document, Looked looked, StoryBlock block, int article) except -1:
    """Tell whether the block is a list of related stories below the last paragraph: then readers' comments follow.

    The heading must say so: of boxes without one that stand last, the labelled ones are inline.
    """
    cdef Py_ssize_t count = len(block.members)
    if count == 1 or block.over is None or block.over.kind is not RELATED:
        return False
    cdef int first = document.element[top_of(looked, block.members[count - 1])].text_end, piece
    for piece in range(first, document.element[article].text_end):
        if (
            document.piece[piece + 1].length - document.piece[piece].length >= long_piece
            and document.piece[piece].linked == document.piece[piece + 1].linked
            and not is_talk(document, looked.names, document.piece[piece].owner, article)
        ):
            return False
    return True


cdef bint is_talk(Document document, Names names, int element, int article) except -1:
    """Tell whether an element of the article stands among the comments."""
    while element > article:
        if names.of(element) & talk:
            return True
        element = document.element[element].parent
    return False


cdef inline int top_of(Looked looked, int at) except -1:
    return (<Card>looked.cards[at]).top
