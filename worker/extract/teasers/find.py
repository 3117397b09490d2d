"""The teasers of a page: its cards, judged and read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.extract.document import Document
from worker.extract.items import Form, FoundItem
from worker.extract.short_texts import size
from worker.extract.teasers.announced import is_announced
from worker.extract.teasers.blocks import StoryBlock
from worker.extract.teasers.cards import Card
from worker.extract.teasers.fields import fields_of
from worker.extract.teasers.images import image_of
from worker.extract.teasers.kinds import kind_of
from worker.extract.teasers.looking import Looked, look
from worker.extract.teasers.model import model
from worker.extract.teasers.place import is_among_prose
from worker.extract.teasers.targets import Page

THRESHOLD = -0.4
"""Log-odds from which a card shows a story: on pages whose publisher the model has not seen, micro F1 is .967 here,
.959 at 0 and .962 at -.8."""

FRONT_PAGE_THRESHOLD = -2.0
"""The same on the front page of a host: most of its long links are stories, and nothing says how its addresses look."""

MAX_ITEMS = 1_000
"""Cards read of a page; the front page with most in the corpora has under 300."""

MIN_LABELLED = 3
"""Links behind which a label stands: of the labelled stories none is told so shortly at so many places."""

SHORT = 25
"""Letters under which a headline may be a label: a tenth of the labelled headlines are shorter, and stay."""

LEVELS = 3
"""Elements around a block whose names say what it is."""

MAX_HEADING_LINE = 120
"""Characters of the element that holds a heading; where it has more, the heading stands in the text itself."""

MAX_LABEL = 40
"""Characters around a link in its line that are a label ("Read also:") and no prose."""

SHOWN_TAGS = 5
"""Tags of the path that tells where an item stood."""


@dataclass(frozen=True, slots=True)
class FoundTeasers:
    """What was found, and where: the article's body leaves it out."""

    items: tuple[FoundItem, ...] = ()
    elements: frozenset[int] = frozenset()
    """Elements that are teasers, or headings over them."""


def find_teasers(document: Document, page: Page, base: str | None, article: range = range(0)) -> FoundTeasers:
    """Return the items of the page that present other stories, repeats kept, in page order.

    **Total**: any document gives a result. No item points to the page itself or outside http(s).

    Args:
        document: The page.
        page: Its own addresses.
        base: Absolute address that relative ones are resolved against.
        article: Numbers of the elements that the article stands in; empty for a page without one.
    """
    looked = look(document, page)
    keys = [card.target.key for card in looked.cards]
    scores = model().scores(looked.rows, looked.block_of, looked.forms, keys)
    is_front_page = page.shape is not None and not page.shape.segments
    threshold = FRONT_PAGE_THRESHOLD if is_front_page else THRESHOLD
    chosen = [
        at
        for at, (card, score) in enumerate(zip(looked.cards, scores, strict=True))
        if score > threshold or is_announced(document, card)
    ][:MAX_ITEMS]
    near = {block: _names_near(document, looked, block) for block in {looked.block_of[at] for at in chosen}}
    read = _without_labels([(at, _item(document, page, looked, at, base, article, near)) for at in chosen], keys)
    # A picture apart from its headline is an item, if the headline is one too.
    told = {keys[at] for at, item in read if item.headline is not None} - _labels(document, looked.cards, keys)
    kept = [(at, item) for at, item in read if keys[at] in told]
    taken = {element for at, _ in kept for element in _elements(document, looked, at)}
    return FoundTeasers(tuple([item for _, item in kept]), frozenset(taken))


def _without_labels(read: list[tuple[int, FoundItem]], keys: list[str]) -> list[tuple[int, FoundItem]]:
    """Take the headline from items where it is a label: short, and another card of the story says more than twice."""
    longest: dict[str, float] = {}
    for at, item in read:
        longest[keys[at]] = max(longest.get(keys[at], 0), size(item.headline or ""))
    return [
        (at, replace(item, headline=None))
        if 0 < size(item.headline or "") < min(SHORT, longest[keys[at]] / 2)
        else (at, item)
        for at, item in read
    ]


def _labels(document: Document, cards: Sequence[Card], keys: list[str]) -> set[str]:
    """Return the addresses that stand behind link after link, by a few words each time: sections and topics."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        places[key].append(at)
    return {
        key
        for key, its in places.items()
        if len(its) >= MIN_LABELLED
        and len({keys[at - 1] if at else "" for at in its}) >= MIN_LABELLED
        and 0 < max([size(document.text(link)) for at in its for link in cards[at].links]) < SHORT
    }


def _item(  # noqa: PLR0913, PLR0917  one card, as the page was read
    document: Document, page: Page, looked: Looked, at: int, base: str | None, article: range, near: dict[int, int]
) -> FoundItem:
    """Return the item that a card is; its headline is None where it shows only labels."""
    card, block = looked.cards[at], looked.blocks[looked.block_of[at]]
    fields = fields_of(document, card, looked.names)
    return FoundItem(
        form=Form.LINKED_CARD,
        place=card.links[0],
        headline=fields.headline,
        kicker=fields.kicker,
        lead=fields.lead,
        authors=fields.authors,
        agency=fields.agency,
        url=card.target.url,
        image=image_of(document, card.top, base),
        published_text=fields.published_text,
        published_at=fields.published_at,
        kind=kind_of(
            block,
            near[looked.block_of[at]],
            among_prose=is_among_prose(document, looked, at, article),
            elsewhere=page.distance(card.target.shape) > 1,
        ),
        heading=_heading(document, block),
        where=_where(document, card.top),
    )


def _names_near(document: Document, looked: Looked, number: int) -> int:
    """Return the classes of the names of a block and of what is directly around it."""
    element = looked.blocks[number].element
    near = looked.names.of(element)
    for _ in range(LEVELS):
        if (element := document.parents[element]) < 0:
            break
        near |= looked.names.of(element)
    return near


def _heading(document: Document, block: StoryBlock) -> str | None:
    """Return the heading over a block; the page's own headline is over everything, and so over nothing."""
    over = block.over
    if over is None or (over.known is None and document.tags[over.element] == "h1"):
        return None
    return over.text


def _elements(document: Document, looked: Looked, at: int) -> list[int]:
    """Return the elements that a card takes: itself, its line, and the heading over its block."""
    card, block = looked.cards[at], looked.blocks[looked.block_of[at]]
    found = [card.top]
    line = document.blocks[card.top]
    if line < card.top and document.text_length(line) - document.text_length(card.top) <= MAX_LABEL:
        found.append(line)
    over = block.over
    if over is not None and over.known is not None and document.text_length(over.element) <= MAX_HEADING_LINE:
        found.append(over.element)
    return found


def _where(document: Document, element: int) -> str:
    """Return the path of tags to an element, the five nearest."""
    path: list[str] = []
    while element >= 0 and len(path) < SHOWN_TAGS:
        path.append(document.tags[element])
        element = document.parents[element]
    return " > ".join(reversed(path))
