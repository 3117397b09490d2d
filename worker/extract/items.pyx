# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What finders hand over: one item as it stands on the page, be it a card with links or lines of plain text."""

from enum import IntEnum

cimport cython

from schemas import Reason, TeaserKind


class Form(IntEnum):
    """How an item stands on the page, the poorer before the richer; the figure is part of the ranks."""

    ORPHAN = 1
    """A lone line that repeats a headline or lead of the page."""

    TEXT_GROUP = 2
    """Lines of a flattened page."""

    LINKED_CARD = 3
    """An item with a link."""


cdef frozenset NOTHING = frozenset()
cdef object OTHER = TeaserKind.OTHER
cdef object UNASSIGNED = Reason.UNASSIGNED


@cython.final
@cython.freelist(64)
@cython.dataclasses.dataclass(frozen=True)
cdef class FoundItem:
    """One item as it stands on the page, before repeats are merged.

    Attributes:
        form: How it stands there.
        place: Where it stands: any number that grows along the page and is no other item's.
        headline: Its headline; None where it shows none, or only a label that is none ("read more").
        kicker: The short line over the headline.
        lead: The text under the headline.
        authors: Names of its byline.
        agency: Agency of its byline.
        url: Absolute http(s) address that it points to.
        image: Absolute http(s) address of its picture.
        published_text: The date or age shown.
        published_at: The same as an aware time in UTC, where the markup says it exactly.
        kind: Kind of its block.
        heading: Heading of its block.
        where: Element path or source lines, for who asks why.
        cut: Fields known to be cut short. Texts that end in an ellipsis need not be named.
        settled_as: Set where the finder has decided that it is no teaser: it is counted for that and goes no further.
        otherwise: What becomes of an orphan that repeats nothing.
    """

    form: object
    place: cython.int
    headline: str | None = None
    kicker: str | None = None
    lead: str | None = None
    authors: tuple = ()
    agency: str | None = None
    url: str | None = None
    image: str | None = None
    published_text: str | None = None
    published_at: object = None
    kind: object = OTHER
    heading: str | None = None
    where: str | None = None
    cut: frozenset = NOTHING
    settled_as: object = None
    otherwise: object = UNASSIGNED


cdef FoundItem found_item(object form, int place):
    """Return an item of which nothing else is known yet: compiled finders fill it in before they hand it over."""
    cdef FoundItem item = FoundItem.__new__(FoundItem)
    item.form, item.place = form, place
    item.authors, item.kind, item.cut, item.otherwise = (), OTHER, NOTHING, UNASSIGNED
    return item
