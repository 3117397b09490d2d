# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the items of one story come to: of each field the greatest value of one total order.

Filled before empty, linked card before text group before orphan, complete before cut, then what stands earlier on
the page. Of two leads with one head the longer says more.
"""

from worker.extract.items cimport FoundItem
from worker.identity.folding cimport fold

from schemas import ENRICHABLE, SplitTeaser, TeaserKind, trusted
from worker.identity import story_id, teaser_id

_ELLIPSES = ("…", "...", "[…]", "[...]")

cdef tuple KINDS = tuple(TeaserKind)

cdef enum:
    HEADLINE, KICKER, LEAD, AUTHORS, AGENCY, IMAGE, PUBLISHED_AT, URL, PUBLISHED_TEXT

cdef tuple NAMES = (*ENRICHABLE, "url", "published_text")


def teaser_of(str key not None, list items not None, int position, str site not None):
    """Return the one teaser that the items of a story come to.

    Args:
        key: Key of the story.
        items: Its ``FoundItem``s in the order of the page, at least one.
        position: Number of the story on the page, from 1.
        site: Site of the page.
    """
    cdef int[PUBLISHED_TEXT + 1] ranks
    story = story_id(key)
    kind = first_kind(items)
    fields = {
        "teaser_id": teaser_id(site, story),
        "story_id": story,
        "kind": kind,
        "heading": heading_of(items, kind),
        "position": position,
        "headline": best(items, HEADLINE, ranks),
        "kicker": best(items, KICKER, ranks),
        "lead": longest(items, best(items, LEAD, ranks)),
        "authors": best(items, AUTHORS, ranks) or (),
        "agency": best(items, AGENCY, ranks),
        "url": best(items, URL, ranks),
        "image": best(items, IMAGE, ranks),
        "published_text": best(items, PUBLISHED_TEXT, ranks),
        "published_at": best(items, PUBLISHED_AT, ranks),
        "ranks": tuple([ranks[field] for field in range(len(ENRICHABLE))]),
    }
    return trusted(SplitTeaser, fields)


cdef object first_kind(list items):
    """Return the kind that wins the merge."""
    cdef FoundItem item = items[0]
    if len(items) == 1:
        return item.kind
    for kind in KINDS:
        for item in items:
            if item.kind is kind:
                return kind


cdef str heading_of(list items, kind):
    """Return the first heading of the kind; None without one."""
    cdef FoundItem item
    for item in items:
        if item.kind is kind and item.heading:
            return item.heading
    return None


cdef object best(list items, int field, int *ranks):
    """Return the greatest value of a field, None where no item has it, and put its rank, else 0, among the ranks."""
    cdef FoundItem item
    cdef int rank, most = 0
    cdef object found = None
    for item in items:
        value = value_of(item, field)
        if value:
            rank = rank_of(item, NAMES[field], value)
            if rank > most:
                found, most = value, rank
    ranks[field] = most
    return found


cdef object value_of(FoundItem item, int field):
    if field == HEADLINE:
        return item.headline
    if field == KICKER:
        return item.kicker
    if field == LEAD:
        return item.lead
    if field == AUTHORS:
        return item.authors
    if field == AGENCY:
        return item.agency
    if field == IMAGE:
        return item.image
    if field == URL:
        return item.url
    return item.published_at if field == PUBLISHED_AT else item.published_text


cdef int rank_of(FoundItem item, str name, value) except -1:
    """Return 2 x form, and 1 more for a value that is complete."""
    cdef bint is_cut = (item.cut and name in item.cut) or (isinstance(value, str) and ends_cut(value))
    return 2 * <int>item.form + (not is_cut)


cdef bint ends_cut(str text) except -1:
    """Tell whether a text that isn't empty ends in marks of a cut."""
    cdef Py_UCS4 last = text[len(text) - 1]
    return last in ("…", ".", "]") and text.endswith(_ELLIPSES)


cdef str longest(list items, str lead):
    """Return the longest lead that goes on where ``lead`` ends: of two with one head the longer says more."""
    cdef set leads = leads_of(items)
    if len(leads) < 2:
        return lead
    cdef FoundItem item
    cdef str head = head_of(lead), other, found = lead
    cdef Py_ssize_t length = len(head)
    for item in items:
        if item.lead and item.lead != lead:
            other = head_of(item.lead)
            if len(other) > length and other.startswith(head):
                found, length = item.lead, len(other)
    return found


cdef set leads_of(list items):
    """Return what the items have for a lead: most stories stand on the page once, or twice with the same."""
    cdef FoundItem item
    return {item.lead for item in items if item.lead}


cdef str head_of(str lead):
    """Return the folded lead without the marks of a cut."""
    for mark in _ELLIPSES:
        lead = lead.removesuffix(mark)
    return fold(lead)


def leads_differ(list items not None):
    """Tell whether two leads of the story say different things, beyond one being the head of the other."""
    cdef set leads = leads_of(items)
    if len(leads) < 2:
        return False
    heads = {head_of(lead) for lead in leads}
    if len(heads) <= 1:
        return False
    whole = max(heads, key=len)
    return any([not whole.startswith(head) for head in heads])
