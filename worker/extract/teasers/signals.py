"""What is looked at to tell whether a card shows a story: small codes, a row a card."""

from bisect import bisect_right
from collections.abc import Sequence

from schemas import TeaserKind
from worker.extract.document import Document
from worker.extract.teasers.blocks import StoryBlock
from worker.extract.teasers.cards import HEADINGS, LONG_PIECE, Card
from worker.extract.teasers.links import MIN_DIGITS, MIN_SLUG_WORDS, Link
from worker.extract.teasers.names import BITS, CLASSES, Names
from worker.extract.teasers.targets import Page, Shape, Target
from worker.extract.teasers.texts import is_date, label, size

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

SLUG_WORDS = (1, 2, 3, 4, 5, 7)
RUNS = (1, 4, 6, 8, 10)
LENGTHS = (1, 6, 10, 15, 20, 25, 35, 50, 80, 120, 200)
OTHER_TEXTS = (1, 15, 40, 80, 150, 300)
CARDS = (2, 3, 4, 6, 10, 20)
IMAGE_SHARES = (0.1, 0.6)
MOST_SEGMENTS, MOST_LINKS = 6, 3

_FRAMES = {"nav": 1, "header": 2, "footer": 3, "aside": 4, "article": 5}
_PATHS = {"story": 1, "tag": 2, "section": 3, "person": 4, "service": 5}
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
NO_PROSE = 3
"""Code of the place on a page without long texts."""


class CardSignals:
    """The rows of a page's cards."""

    def __init__(  # noqa: PLR0913, PLR0917 -- the page seen from its six sides, once
        self,
        document: Document,
        page: Page,
        links: Sequence[Link],
        cards: Sequence[Card],
        blocks: Sequence[StoryBlock],
        names: Names,
    ) -> None:
        self._document = document
        self._page = page
        self._cards = cards
        self._blocks = blocks
        self._names = names
        self._under = _addresses_under(links)
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._known: dict[int, tuple[int, int, int]] = {}
        linked = document.link_lengths
        self._prose = [
            at for at, piece in enumerate(document.pieces) if len(piece) >= LONG_PIECE and linked[at + 1] == linked[at]
        ]

    def rows(self) -> list[list[int]]:
        """Return a row a card."""
        rows: list[list[int]] = [[]] * len(self._cards)
        for block in self._blocks:
            members = [self._cards[at] for at in block.members]
            texts = [self._longest(card) for card in members]
            sizes = [size(text) for text in texts]
            images = [self._has("img", card) or self._has("picture", card) for card in members]
            context = (
                bisect_right(CARDS, len(members)),
                bisect_right(LENGTHS, sum(sizes) / len(sizes)),
                bisect_right(IMAGE_SHARES, sum(images) / len(images)),
                self._heading(block),
            )
            near, far, frame = self._around(block.element)
            for at, card, text, length, image in zip(block.members, members, texts, sizes, images, strict=True):
                close = near | self._names.of(card.top)
                rows[at] = [
                    *self._shape(card.target),
                    bisect_right(LENGTHS, length),
                    self._heading_tag(card),
                    int(image),
                    label(text),
                    bisect_right(OTHER_TEXTS, self._unlinked(card.top)),
                    bisect_right(OTHER_TEXTS, self._unlinked(self._document.blocks[card.links[-1]])),
                    frame,
                    min(len(card.links), MOST_LINKS),
                    *[2 if close & bit else 1 if far & bit else 0 for bit in BITS.values()],
                    *context,
                    self._place(card),
                    self._time(card),
                    _TAGS.get(self._document.tags[card.top], 0),
                ]
        return rows

    def _longest(self, card: Card) -> str:
        """Return the longest text of the card's links and headings."""
        document = self._document
        texts = [document.text(each) for each in card.links]
        texts += [
            document.text(each) for each in range(card.top, document.ends[card.top]) if document.tags[each] in HEADINGS
        ]
        return max(texts, key=len)

    def _has(self, tag: str, card: Card) -> bool:
        return tag in self._document.tags[card.top : self._document.ends[card.top]]

    def _unlinked(self, element: int) -> int:
        return self._document.text_length(element) - self._document.link_text_length(element)

    def _heading_tag(self, card: Card) -> int:
        """Tell whether a heading element is in the card or directly around it."""
        document = self._document
        if not HEADINGS.isdisjoint(document.tags[card.top : document.ends[card.top]]):
            return 1
        parent = document.parents[card.top]
        return int(parent >= 0 and document.tags[parent] in HEADINGS)

    def _heading(self, block: StoryBlock) -> int:
        if block.over is None:
            return 0
        return 1 if block.over.known is None else _HEADINGS.get(block.over.known.kind, 1)

    def _place(self, card: Card) -> int:
        """Return where the card stands to the long texts of the page: before them (0), among (1), after (2)."""
        before = bisect_right(self._prose, self._document.text_starts[card.top])
        if not self._prose:
            return NO_PROSE
        return 0 if not before else 2 if before == len(self._prose) else 1

    def _time(self, card: Card) -> int:
        """Tell whether the card says when: 2 for a time element, 1 for a date in its words."""
        if self._has("time", card):
            return 2
        document = self._document
        pieces = document.pieces[document.text_starts[card.top] : document.text_ends[card.top]]
        return int(any(len(piece) > 1 and is_date(piece) for piece in pieces))

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

    def _shape(self, target: Target) -> tuple[int, ...]:
        """Return the signals of an address."""
        codes = self._shapes.get(target.key)
        if codes is None:
            shape = target.shape
            codes = self._shapes[target.key] = (
                min(len(shape.segments), MOST_SEGMENTS),
                bisect_right(SLUG_WORDS, shape.slug_words),
                bisect_right(RUNS, shape.run),
                int(shape.mixed),
                int(shape.dated),
                self._page.distance(shape),
                _NO_OWN_ADDRESS
                if self._page.shape is None or not self._page.shape.segments
                else likeness(shape, self._page.shape),
                self._hub(target),
                max([_PATHS[each] for each in shape.classes], default=0),
                int(shape.query),
            )
        return codes

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
        return 2 if target.key.partition("?")[0] in self._under else 0


def likeness(shape: Shape, own: Shape) -> int:
    """Return in how many of five respects an address is built as the page's own."""
    numbered, own_numbered = shape.run >= MIN_DIGITS, own.run >= MIN_DIGITS
    return (
        (shape.ending == own.ending)
        + (len(shape.segments) == len(own.segments))
        + (numbered == own_numbered and abs(shape.run - own.run) <= 1)
        + ((shape.slug_words >= MIN_SLUG_WORDS) == (own.slug_words >= MIN_SLUG_WORDS))
        + (shape.host == own.host)
    )


def _addresses_under(links: Sequence[Link]) -> frozenset[str]:
    """Return the paths that addresses of the page lie under."""
    found: set[str] = set()
    for key in {link.target.key for link in links}:
        path = key.partition("?")[0]
        while (at := path.rfind("/")) > 0 and (path := path[:at]) not in found:
            found.add(path)
    return frozenset(found)
