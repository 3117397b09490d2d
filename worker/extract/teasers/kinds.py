"""The kind of a teaser: by the heading over its block, else by the names of the template, else by its place."""

from schemas import TeaserKind
from worker.extract.teasers.blocks import StoryBlock
from worker.extract.teasers.names import BITS

_BY_NAME = (
    (BITS["ad"], TeaserKind.SPONSORED),
    (BITS["popular"], TeaserKind.POPULAR),
    (BITS["latest"], TeaserKind.LATEST),
)


def kind_of(block: StoryBlock, near: int, *, among_prose: bool, elsewhere: bool) -> TeaserKind:
    """Return the kind of a card.

    Args:
        block: Its block.
        near: Classes of the names directly around it.
        among_prose: Whether it stands between paragraphs of the article.
        elsewhere: Whether it leads to another site.
    """
    known = block.over.kind if block.over is not None else None
    if known in (TeaserKind.LATEST, TeaserKind.POPULAR, TeaserKind.SPONSORED):
        return known
    if among_prose:
        return TeaserKind.INLINE
    if known is not None:
        return TeaserKind.RELATED
    for bit, kind in _BY_NAME:
        if near & bit and (kind is not TeaserKind.SPONSORED or elsewhere):
            return kind
    return TeaserKind.RELATED
