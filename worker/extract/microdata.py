"""What a page says of its article in microdata: attributes of the elements that show it.

Read as HTML defines it, but as publishers write it: ``content`` counts on every element, a link is its text unless
an address is asked for, and properties outside of any item are the page's where they tell of one article.
``itemref`` is passed over. Items of other stories, as cards and lists have them, are never taken for the page's:
where it isn't certain which item is, none is.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

from worker.extract.document import Document
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

_PAGE = -1


class Microdata(NamedTuple):
    """What a page says in microdata."""

    article: Mapping[str, Any]
    """Its article as JSON-LD would tell it; empty where there is none, or none for certain."""

    others: frozenset[int] = frozenset()
    """The meta elements in the items of other articles: what they say isn't said of the page."""


class _Item(NamedTuple):
    """An element with ``itemscope``, or the page for what stands in none."""

    element: int
    types: list[str]
    properties: list[tuple[str, int]]
    """Names and elements, in page order; an element with two names stands there twice."""

    def has(self, names: Iterable[str]) -> bool:
        """Tell whether it has one of the properties."""
        return not {name for name, _ in self.properties}.isdisjoint(names)


def read_microdata(document: Document) -> Microdata:
    """Return what the page says of its article. **Total**."""
    items = _items(document)
    articles = list(_outermost(document, [each for each in items.values() if is_article(each.types)]))
    found = _of_the_page(document, articles) if articles else _without_item(document, items[_PAGE])
    others = [document.inside("meta", each.element) for each in articles if each is not found]
    return Microdata(_object(document, items, found) if found else {}, frozenset(chain.from_iterable(others)))


def _items(document: Document) -> dict[int, _Item]:
    """Return the items by their element, each with the properties that are its own and no inner item's."""
    page = _Item(_PAGE, [], [])
    items, around = {_PAGE: page}, [page]
    for element in document.having("itemscope", "itemprop"):
        while around[-1] is not page and element >= document.ends[around[-1].element]:
            around.pop()
        attributes = document.attributes(element)
        around[-1].properties.extend([(name, element) for name in (attributes.get("itemprop") or "").split()])
        if "itemscope" in attributes:
            items[element] = _Item(element, (attributes.get("itemtype") or "").split(), [])
            around.append(items[element])
    return items


def _outermost(document: Document, items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield the items that tell something and stand in no other one that does."""
    end = 0
    for item in items:
        if item.element >= end and item.has(_TELLING):
            end = document.ends[item.element]
            yield item


def _of_the_page(document: Document, articles: list[_Item]) -> _Item | None:
    """Return the item that is the page's article: the one with the page's heading, else the one with a body."""
    headed = [each for each in articles if document.inside("h1", each.element)]
    bodied = [each for each in articles if each.has(["articleBody"])]
    for found in (headed, bodied):
        if len(found) == 1:
            return found[0]
    return articles[0] if len(articles) == 1 and not _is_card(document, articles[0]) else None


def _without_item(document: Document, page: _Item) -> _Item | None:
    """Return the properties that stand in no item, where they tell of one article, under the page's heading if any."""
    headlines = [element for name, element in page.properties if name == "headline"]
    if len(headlines) != 1 or not page.has(_TELLING - {"headline"}):
        return None
    return page if document.tags[headlines[0]] == "h1" or not document.by_tag["h1"] else None


def _is_card(document: Document, item: _Item) -> bool:
    """Tell whether the item shows a headline and no more than half of the page's prose, as another story's does."""
    if not any(name in ("headline", "name") and document.text(element) for name, element in item.properties):
        return False  # told to machines alone
    long_pieces = document.long_pieces
    first = bisect_left(long_pieces, document.text_starts[item.element])
    end = bisect_left(long_pieces, document.text_ends[item.element])
    sizes = [len(document.pieces[at]) for at in long_pieces]
    return 2 * sum(sizes[first:end]) <= sum(sizes)


def _object(document: Document, items: Mapping[int, _Item], item: _Item) -> dict[str, Any]:
    """Return an item as JSON-LD would write it; items in its inner items are passed over."""
    wanted = (each for each in item.properties if each[0] in _TEXTS or each[0] in _ADDRESSES)
    found: dict[str, list[Any]] = {}
    for name, element in islice(wanted, MAX_PROPERTIES):
        inner = items.get(element)
        told = _object(document, {}, inner) if inner else None
        if values := [told] if told else _values(document, element, name):
            found.setdefault(name, []).extend(values)
    return {name: values if name in _LISTS else values[0] for name, values in found.items()}


def _values(document: Document, element: int, name: str) -> list[str]:
    """Return the values of a property that is no item; [] where it has none."""
    attributes = document.attributes(element)
    told = attributes.get("content") or attributes.get(_FOR_MACHINES.get(document.tags[element], "content"))
    if not told and name in _ADDRESSES:
        told = attributes.get("src") or attributes.get("href")
    if told or name in _ADDRESSES or document.text_length(element) > MAX_CHARACTERS:
        return [told] if told and not told.isspace() else []
    links = document.inside("a", element)[:MAX_PROPERTIES] if name in _LINKED else []
    return [text for each in links or [element] if (text := document.text(each))]
