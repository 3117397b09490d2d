"""What is looked at to tell whether a card shows a story: small codes, a row a card."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from schemas import TeaserKind
from worker.extract.document import Document
from worker.extract.short_texts import LONGEST_DATE, is_date, label, size
from worker.extract.teasers.blocks import StoryBlock
from worker.extract.teasers.cards import HEADINGS, Card
from worker.extract.teasers.links import Link
from worker.extract.teasers.names import BITS, CLASSES, Names
from worker.extract.teasers.shapes import likeness
from worker.extract.teasers.targets import Page, Target

SIGNALS = (
    "segments",
    "slug",
    "run",
    "mixed",
    "dated",
    "site",
    "likeness",
    "hub",
    "path",
    "query",
    "length",
    "heading_tag",
    "image",
    "wording",
    "other_text",
    "line",
    "frame",
    "links",
    *[f"name_{name}" for name in CLASSES],
    "cards",
    "mean_length",
    "images",
    "block_heading",
    "place",
    "time",
    "tag",
)
"""Names of the signals, in the order of a row."""

CODES = 12
"""Codes that a signal can have, 0 to 11: as many as the longest of the scales below has steps."""

LENGTHS = (1, 6, 10, 15, 20, 25, 35, 50, 80, 120, 200)
OTHER_TEXTS = (1, 15, 40, 80, 150, 300)
CARDS = (2, 3, 4, 6, 10, 20)
IMAGE_SHARES = (0.1, 0.6)
MOST_LINKS = 3

_FRAMES = {"nav": 1, "header": 2, "footer": 3, "aside": 4, "article": 5}
_TAGS = {
    "a": 1,
    "li": 2,
    "div": 3,
    "article": 4,
    "p": 5,
    "section": 7,
    "aside": 7,
    "td": 8,
    "dd": 8,
    "strong": 9,
    "span": 10,
}
_TAGS |= dict.fromkeys(HEADINGS, 6)
_HEADINGS = {
    TeaserKind.RELATED: 2,
    TeaserKind.INLINE: 2,
    TeaserKind.LATEST: 3,
    TeaserKind.POPULAR: 4,
    TeaserKind.SPONSORED: 5,
}
_NO_OWN_ADDRESS = 6
BEFORE_PROSE, AMONG_PROSE, AFTER_PROSE, NO_PROSE = range(4)
"""Codes of the place of a card to the long texts of the page; the last of a page without any."""


class _Seen(NamedTuple):
    """What a card shows, whatever stands around it."""

    text: str
    """The longest text of its links and headings."""

    length: float
    heading_tag: int
    image: int
    time: int


class CardSignals:
    """The rows of a page's cards."""

    def __init__(  # noqa: PLR0913, PLR0917 -- the page seen from its seven sides, once
        self,
        document: Document,
        page: Page,
        links: Sequence[Link],
        cards: Sequence[Card],
        blocks: Sequence[StoryBlock],
        names: Names,
        long_pieces: Sequence[int],
    ) -> None:
        self._document = document
        self._page = page
        self._cards = cards
        self._blocks = blocks
        self._names = names
        self._under = _addresses_under(links)
        self._by_names: dict[tuple[int, int], list[int]] = {}
        self._known: dict[int, tuple[int, int, int]] = {}
        self._lengths, self._linked = document.lengths, document.link_lengths
        linked = self._linked
        self._prose = [at for at in long_pieces if linked[at + 1] == linked[at]]

    def rows(self) -> list[list[int]]:
        """Return a row a card."""
        document = self._document
        rows: list[list[int]] = [[]] * len(self._cards)
        for block in self._blocks:
            members = [self._cards[at] for at in block.members]
            seen = [self._seen(card) for card in members]
            context = (
                bisect_right(CARDS, len(seen)),
                bisect_right(LENGTHS, sum([each.length for each in seen]) / len(seen)),
                bisect_right(IMAGE_SHARES, sum([each.image for each in seen]) / len(seen)),
                self._heading(block),
            )
            near, far, frame = self._around(block.element)
            for at, card, own in zip(block.members, members, seen, strict=True):
                alone, at_last = card.target.codes
                rows[at] = [
                    *alone,
                    *self._among_addresses(card.target),
                    *at_last,
                    bisect_right(LENGTHS, own.length),
                    own.heading_tag,
                    own.image,
                    label(own.text),
                    bisect_right(OTHER_TEXTS, self._unlinked(card.top)),
                    bisect_right(OTHER_TEXTS, self._unlinked(document.blocks[card.links[-1]])),
                    frame,
                    min(len(card.links), MOST_LINKS),
                    *self._named(near | self._names.of(card.top), far),
                    *context,
                    self._place(card),
                    own.time,
                    _TAGS.get(document.tags[card.top], 0),
                ]
        return rows

    def _seen(self, card: Card) -> _Seen:
        """Return what the card shows."""
        document, top = self._document, card.top
        tags = document.tags[top : document.ends[top]]
        headings: list[int] = []
        if not HEADINGS.isdisjoint(tags):
            headings = [at for at, tag in enumerate(tags, top) if tag in HEADINGS]
        text = document.text(card.links[0])
        if headings or len(card.links) > 1:
            for each in (*card.links[1:], *headings):
                if document.text_length(each) > len(text):
                    text = max(text, document.text(each), key=len)
        parent = document.parents[top]
        beside = bool(headings) or (parent >= 0 and document.tags[parent] in HEADINGS)
        image = "img" in tags or "picture" in tags
        time = 2 if "time" in tags else self._dated(document.text_starts[top], document.text_ends[top])
        return _Seen(text, size(text), int(beside), int(image), time)

    def _dated(self, first: int, end: int) -> int:
        """Return 1 where one of the pieces is a date, else 0."""
        for piece in self._document.pieces[first:end]:
            if 1 < len(piece) <= LONGEST_DATE and is_date(piece):
                return 1
        return 0

    def _named(self, close: int, far: int) -> list[int]:
        """Return the codes of the classes of names: 2 for one close by, 1 for one further around."""
        codes = self._by_names.get((close, far))
        if codes is None:
            codes = self._by_names[close, far] = [2 if close & bit else 1 if far & bit else 0 for bit in BITS.values()]
        return codes

    def _unlinked(self, element: int) -> int:
        first, end = self._document.text_starts[element], self._document.text_ends[element]
        lengths, linked = self._lengths, self._linked
        return lengths[end] - lengths[first] - linked[end] + linked[first]

    def _heading(self, block: StoryBlock) -> int:
        if block.over is None:
            return 0
        return 1 if block.over.known is None else _HEADINGS.get(block.over.known.kind, 1)

    def _place(self, card: Card) -> int:
        """Return where the card stands to the long texts of the page."""
        if not self._prose:
            return NO_PROSE
        before = bisect_right(self._prose, self._document.text_starts[card.top])
        return BEFORE_PROSE if not before else AFTER_PROSE if before == len(self._prose) else AMONG_PROSE

    def _around(self, element: int) -> tuple[int, int, int]:
        """Return the classes of names directly around, of all around, and the nearest frame."""
        path = []
        above = (0, 0, 0)
        while element >= 0 and self._document.tags[element] not in ("body", "html"):
            if (known := self._known.get(element)) is not None:
                above = known
                break
            path.append(element)
            element = self._document.parents[element]
        last = self._names.of(element) if above != (0, 0, 0) else 0
        for each in reversed(path):
            own = self._names.of(each)
            above = self._known[each] = (own | last, above[1] | own, _FRAMES.get(self._document.tags[each], above[2]))
            last = own
        return above

    def _among_addresses(self, target: Target) -> tuple[int, int, int]:
        """Return how an address stands to the page's own and to those of the other links."""
        own = self._page.shape
        alike = likeness(target.shape, own) if own is not None and own.segments else _NO_OWN_ADDRESS
        return self._page.distance(target.shape), alike, self._hub(target)

    def _hub(self, target: Target) -> int:
        """Tell whether other addresses lie under this one: 1 for the page's own, 2 for others."""
        shape, own = target.shape, self._page.shape
        depth = len(shape.segments)
        if (
            own is not None
            and own.host == shape.host
            and depth < len(own.segments)
            and own.segments[:depth] == shape.segments
        ):
            return 1
        return 2 if target.path in self._under else 0


def _addresses_under(links: Sequence[Link]) -> frozenset[str]:
    """Return the paths that addresses of the page lie under."""
    return frozenset().union(*[link.target.above for link in links])
