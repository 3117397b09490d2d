# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The kind of a teaser: by the heading over its block, else by the names of the template, else by its place."""

from worker.extract.teasers.blocks cimport StoryBlock

from schemas import TeaserKind
from worker.extract.teasers.names import BITS

cdef object RELATED = TeaserKind.RELATED
cdef object INLINE = TeaserKind.INLINE
cdef object LATEST = TeaserKind.LATEST
cdef object POPULAR = TeaserKind.POPULAR
cdef object SPONSORED = TeaserKind.SPONSORED

cdef int ad = BITS["ad"], popular = BITS["popular"], latest = BITS["latest"]


cpdef object kind_of(StoryBlock block, int near, bint among_prose, bint elsewhere):
    """Return the kind of a card.

    Args:
        block: Its block.
        near: Classes of the names directly around it.
        among_prose: Whether it stands between paragraphs of the article.
        elsewhere: Whether it leads to another site.
    """
    known = block.over.kind if block.over is not None else None
    if known is LATEST or known is POPULAR or known is SPONSORED:
        return known
    if among_prose:
        return INLINE
    if known is not None:
        return RELATED
    if near & ad and elsewhere:
        return SPONSORED
    return POPULAR if near & popular else LATEST if near & latest else RELATED
