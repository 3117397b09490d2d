# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a page says of its article in microdata: attributes of the elements that show it.

Read as HTML defines it, but as publishers write it: ``content`` counts on every element, a link is its text unless
an address is asked for, and properties outside of any item are the page's where they tell of one article.
``itemref`` is passed over. Items of other stories, as cards and lists have them, are never taken for the page's:
where it isn't certain which item is, none is.
"""

from typing import Any, NamedTuple

from libc.string cimport memcmp

from worker.extract.document cimport Attribute, Document, Tag, next_attribute

from worker.extract.vocabulary import is_article

MAX_PROPERTIES = 100
"""Properties read of one item, of those that are an article's: what comes after is a gallery's."""

MAX_CHARACTERS = 1_000
"""Characters of the longest text that is a value: a longer one is the body, whatever it is called."""

_TEXTS = frozenset(
    [
        "articleSection",
        "author",
        "dateModified",
        "datePublished",
        "description",
        "headline",
        "isAccessibleForFree",
        "keywords",
        "name",
        "publisher",
    ]
)
_ADDRESSES = frozenset(["image", "url"])
_LISTS = frozenset(["articleSection", "author", "dateModified", "datePublished", "image", "keywords"])
"""Properties that are read whole; of the others the first value counts."""

_LINKED = frozenset(["articleSection", "keywords"])
"""Properties whose element often holds a link for each value."""

_TELLING = frozenset(["articleBody", "author", "datePublished", "headline"])
"""An item without any of these is there for another reader: a name and a picture for those who share the page."""

_FOR_MACHINES = {"abbr": "title", "data": "value", "time": "datetime"}
"""Where elements keep their value, beside ``content``; that of ``abbr`` is an older custom that blogs keep."""

cdef enum:
    PAGE = -1


class Microdata(NamedTuple):
    """What a page says in microdata.

    Attributes:
        article: Its article as JSON-LD would tell it; empty where there is none, or none for certain.
        others: The meta elements in the items of other articles: what they say isn't said of the page.
    """

    article: dict[str, Any]
    others: frozenset[int] = frozenset()


cdef class Item:
    """An element with ``itemscope``, or the page for what stands in none."""

    cdef int element
    cdef list types
    cdef list properties  # names and elements, in page order; an element with two names stands there twice

    def __cinit__(self, int element, str types):
        self.element, self.types, self.properties = element, (types or "").split(), []

    cdef bint has(self, names) except -1:
        """Tell whether it has one of the properties."""
        for name, _ in self.properties:
            if name in names:
                return True
        return False


def read_microdata(Document document not None):
    """Return what the page says of its article. **Total**."""
    cdef dict items = items_of(document)
    cdef Item item, found
    cdef int element
    cdef list articles = outermost(document, [item for item in items.values() if is_article(item.types)])
    found = of_the_page(document, articles) if articles else without_item(document, items[PAGE])
    others = [
        element
        for item in articles
        if item is not found
        for element in range(item.element + 1, document.element[item.element].end)
        if document.element[element].tag == Tag.META
    ]
    return Microdata(value_of(document, items, found) if found is not None else {}, frozenset(others))


cdef dict items_of(Document document):
    """Return the items by their element, each with the properties that are its own and no inner item's."""
    cdef Item page = Item(PAGE, None), around = page, item
    cdef dict items = {PAGE: page}
    cdef list outer = []
    cdef int element
    cdef str names, name
    for element in range(document.count):
        while around is not page and element >= document.element[around.element].end:
            around = outer.pop()
        if not is_of_microdata(document, element):
            continue
        names = document.attribute(element, b"itemprop")
        if names:
            for name in names.split():
                around.properties.append((name, element))
        if document.has_attribute(element, b"itemscope"):
            item = items[element] = Item(element, document.attribute(element, b"itemtype"))
            outer.append(around)
            around = item
    return items


cdef bint is_of_microdata(Document document, int element) noexcept:
    """Tell whether the element has an attribute of microdata: one look at each, for most have none."""
    cdef Attribute each
    cdef bint is_there = document.first_attribute(element, &each)
    while is_there:
        if each.name_length > 4 and memcmp(each.name, b"item", 4) == 0:
            return True
        is_there = next_attribute(&each)
    return False


cdef list outermost(Document document, list items):
    """Return the items that tell something and stand in no other one that does."""
    cdef Item item
    cdef list found = []
    cdef int end = 0
    for item in items:
        if item.element >= end and item.has(_TELLING):
            end = document.element[item.element].end
            found.append(item)
    return found


cdef Item of_the_page(Document document, list articles):
    """Return the item that is the page's article: the one with the page's heading, else the one with a body."""
    cdef Item each
    headed = [each for each in articles if has_heading(document, each.element)]
    if len(headed) == 1:
        return headed[0]
    bodied = [each for each in articles if each.has(("articleBody",))]
    if len(bodied) == 1:
        return bodied[0]
    return articles[0] if len(articles) == 1 and not is_card(document, articles[0]) else None


cdef bint has_heading(Document document, int around) noexcept:
    """Tell whether an ``h1`` stands in the element."""
    cdef int element
    for element in range(around + 1, document.element[around].end):
        if document.element[element].tag == Tag.H1:
            return True
    return False


cdef Item without_item(Document document, Item page):
    """Return the properties that stand in no item, where they tell of one article, under the page's heading if any."""
    headlines = [element for name, element in page.properties if name == "headline"]
    if len(headlines) != 1 or not page.has(_TELLING - {"headline"}):
        return None
    if document.element[<int>headlines[0]].tag == Tag.H1 or not has_heading(document, 0):
        return page
    return None


cdef bint is_card(Document document, Item item) except -1:
    """Tell whether the item shows a headline and no more than half of the page's prose, as another story's does."""
    if not any([name in ("headline", "name") and document.text_in(element) for name, element in item.properties]):
        return False  # told to machines alone
    cdef int first = document.element[item.element].text_start, end = document.element[item.element].text_end, n, at
    cdef Py_ssize_t size, inside = 0, total = 0
    for n in range(document.long_count):
        at = document.long_piece[n]
        size = len(<str>document.pieces[at])
        total += size
        if first <= at < end:
            inside += size
    return 2 * inside <= total


cdef dict value_of(Document document, dict items, Item item):
    """Return an item as JSON-LD would write it; items in its inner items are passed over."""
    cdef dict found = {}
    cdef Item inner
    cdef int read = 0
    for name, element in item.properties:
        if name not in _TEXTS and name not in _ADDRESSES:
            continue
        if read == MAX_PROPERTIES:
            break
        read += 1
        inner = items.get(element)
        told = value_of(document, {}, inner) if inner is not None else None
        values = [told] if told else texts_of(document, element, name)
        if values:
            found.setdefault(name, []).extend(values)
    return {name: values if name in _LISTS else values[0] for name, values in found.items()}


cdef list texts_of(Document document, int element, str name):
    """Return the values of a property that is no item; [] where it has none."""
    cdef dict attributes = document.attributes_of(element)
    told = attributes.get("content") or attributes.get(_FOR_MACHINES.get(document.tags[element], "content"))
    if not told and name in _ADDRESSES:
        told = attributes.get("src") or attributes.get("href")
    if told or name in _ADDRESSES or document.length_in(element) > MAX_CHARACTERS:
        return [told] if told and not told.isspace() else []
    links = links_in(document, element) if name in _LINKED else []
    return [text for each in links or [element] if (text := document.text_in(each))]


cdef list links_in(Document document, int around):
    cdef int element
    inside = range(around + 1, document.element[around].end)
    return [element for element in inside if document.element[element].tag == Tag.A][:MAX_PROPERTIES]
