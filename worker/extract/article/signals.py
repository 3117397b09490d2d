"""What speaks for and against each line of being the article's text, as small numbers.

Each signal is coded as one of a few values, so that a learned table has one weight for each and a reader can
see what a line's score is made of. Nothing here knows a site; wordings come from the lexicon. ``SIGNALS`` names
them in order; a change of a code needs the weights to be learned anew.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from worker.extract.article.candidates import effective_length, link_share
from worker.extract.article.lines import Line
from worker.extract.article.root import Root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document
from worker.extract.lexicon import boilerplate_class, heading_kind, inline_label

LENGTHS = (8, 15, 25, 40, 60, 90, 140, 220, 400, 800)
"""Steps of a line's length, in letters of an alphabet."""

SHARES = (0.001, 0.1, 0.25, 0.4, 0.6, 0.95)
"""Steps of a share of link text."""

NAME_SCORES = (-4.0, -2.5, -1.5, -0.8, -0.3, -0.02, 0.02, 0.3, 0.8, 1.5, 2.5)
"""Steps of the score of names, in log odds."""

PARTS = (0.001, 0.05, 0.2, 0.5, 0.8)
"""Steps of the share of all prose that stands in a line's parent or grandparent."""

STEPS = (1, 2, 3, 5, 9, 16)
"""Steps of a distance, in lines."""

GAPS = (1, 2, 5)
DIGITS = (0.001, 0.1, 0.25, 0.5)

MIN_PROSE = 80
"""Length from which a line of few links is prose: shorter ones are labels as often as not."""

MAX_PROSE_LINKS = 0.35
LONGEST_LABEL = 90
"""Length up to which a line is looked up in the lexicon."""

LONGEST_COUNTED = 120
"""Length up to which a line's digits are counted."""

LABELS_KEPT = 8_192
"""Short lines whose wording is remembered, about 2 MB: the pages of a site repeat theirs."""

DEEPEST = 6
"""Elements between a line and its root that are told apart."""

SIGNALS = (
    "length",  # of the line
    "links",  # share of link text
    "tag",
    "distance",  # elements to climb from the root until the line is inside; 0 in the root
    "depth",  # elements between root and line; 7 outside
    "names",  # what templates call the elements around it
    "own_name",  # what they call its own element
    "semantic",  # main, article
    "frame",  # aside, header, figure, ...
    "ends",  # how the line ends
    "sentences",
    "place",  # before, among or after the prose
    "neighbours",  # whether the lines before and after are prose
    "container",  # share of all prose in its parent
    "alike",  # same tag and class as most prose
    "wording",  # known boilerplate, heading or label
    "under",  # what heading is above
    "repeated",  # said elsewhere: as the headline, as the description, twice
    "body_text",  # in JSON-LD's articleBody
    "emphasis",  # bold, italic, link
    "start",  # capital, small letter, digit, quote
    "digits",
    "position",  # tenth of the page
    "after_headline",  # lines since the h1
    "container_links",  # share of link text in its parent
    "marks",  # ©, |, @, http
    "grand",  # share of all prose in its grandparent
    "gap",  # lines to the prose before and after
)

_TAG_GROUPS = (
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5 h6",
    "blockquote",
    "td th tr table",
    "dd dt dl",
    "section article main",
    "pre",
    "figcaption figure",
    "html body",
    "ul ol",
    "header footer aside",
)
_TAGS = {tag: at for at, names in enumerate(_TAG_GROUPS) for tag in names.split()}
_OTHER_TAG = len(_TAG_GROUPS)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_EMPHASES = {"strong": 1, "b": 1, "em": 2, "i": 2, "a": 3, "span": 4}
_QUOTES = "\"'’”»“)]」』 "
_OPENING_QUOTES = "\"'“„«‘»"
_ENDS = {".": 1, "!": 1, "?": 1, "。": 1, "！": 1, "？": 1, "।": 1, "؟": 1, "۔": 1, ":": 2, "：": 2, "…": 3, ",": 4}
_SENTENCE_ENDS = re.compile(r"[.?!] |。")
_MAX_SENTENCES = 4
_MARKS = (("©", 1), ("|", 2), ("@", 3), ("http", 4), ("www.", 4))
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"\w+")
_HEAD_LETTERS = 60
"""Letters of a line's head that are looked for in the metadata's text of the body."""

_FAR = 99


def bare(text: str) -> str:
    """Return only the letters and digits of a text, case folded: what survives any template."""
    return "".join(_LETTERS.findall(text.casefold()))


class LineSignals:
    """The signals of a page's candidate lines."""

    def __init__(  # noqa: PLR0913, PLR0917  one page, as its parts were read
        self,
        document: Document,
        lines: Sequence[Line],
        root: Root,
        around: Surroundings,
        told: Collection[str],
        article_body: str,
    ) -> None:
        """Look at the lines as a whole.

        Args:
            document: The page.
            lines: Its candidate lines, in page order.
            root: Where its article stands.
            around: What is around its elements.
            told: What the head of the page says of itself: headlines, description.
            article_body: The letters of JSON-LD's ``articleBody``; "" where there is none.
        """
        self._document, self._lines, self._root, self._around = document, lines, root, around
        self._told, self._article_body = told, article_body
        self._sizes = [effective_length(line.text) for line in lines]
        self._shares = [link_share(document, line) for line in lines]
        self._prose = [
            size >= MIN_PROSE and share < MAX_PROSE_LINKS and root.element <= line.element < root.end
            for line, size, share in zip(lines, self._sizes, self._shares, strict=True)
        ]
        numbers = [at for at, is_prose in enumerate(self._prose) if is_prose]
        self._first, self._last = (numbers[0], numbers[-1]) if numbers else (0, len(lines))
        self._gaps = _gaps(self._prose)
        self._seen = Counter([line.text for line in lines])
        self._paths = {root.element: 0} | {
            each: min(steps, DEEPEST) for steps, each in enumerate(document.ancestors(root.element), start=1)
        }
        self._sum_up(numbers)
        self._by_parent: dict[int, tuple[int, int, int]] = {}

    def _sum_up(self, numbers: Sequence[int]) -> None:
        """Count prose by parent, by grandparent and by shape."""
        parents = self._document.parents
        self._in_parent: dict[int, float] = defaultdict(float)
        self._in_grand: dict[int, float] = defaultdict(float)
        shapes: Counter[tuple[str, str | None]] = Counter()
        for at in numbers:
            element = self._lines[at].element
            self._in_parent[parents[element]] += self._sizes[at]
            self._in_grand[parents[parents[element]]] += self._sizes[at]
            shapes[self.shape(element)] += 1
        self._total = sum(self._in_parent.values())
        self._usual = shapes.most_common(1)[0][0] if shapes else ("p", None)

    def shape(self, element: int) -> tuple[str, str | None]:
        """Return the tag and the class of an element."""
        return self._document.tags[element], self._document.attributes(element).get("class")

    def rows(self) -> Iterator[list[int]]:
        """Yield the codes of each line, in the order of ``SIGNALS``."""
        under = since_headline = 0
        pieces = len(self._document.pieces) or 1
        tags, around, parents = self._document.tags, self._around.of, self._document.parents
        for at, line in enumerate(self._lines):
            element, size = line.element, self._sizes[at]
            tag = tags[element]
            near = around(element)
            wording = _wording(line.text) if size < LONGEST_LABEL else 0
            if tag in _HEADINGS:
                under = wording if wording in (2, 3) else 4 if tag != "h1" else 5
                since_headline = 1 if tag == "h1" else since_headline
            elif wording == 2:  # noqa: PLR2004  a heading's wording, in bold perhaps
                under = 6
            container, grand, container_links = self._parent(parents[element])
            distance, depth = self._where(element)
            ends, sentences, start, digits, marks = _letters(line.text, size)
            yield [
                bisect_right(LENGTHS, size),
                bisect_right(SHARES, self._shares[at]),
                _TAGS.get(tag, _OTHER_TAG),
                distance,
                depth,
                bisect_right(NAME_SCORES, near.names),
                bisect_right(NAME_SCORES, near.own),
                near.semantic,
                near.frame,
                ends,
                sentences,
                self._place(at),
                self._neighbours(at),
                container,
                self._alike(element, tag),
                wording,
                under,
                (2 if line.text in self._told else 0) + (self._seen[line.text] > 1),
                self._in_body_text(line.text, size),
                _EMPHASES.get(tags[self._document.owners[line.first]], 0),
                start,
                digits,
                min(10 * line.first // pieces, 9),
                bisect_right((1, 2, 3, 5, 9, 16, 40), since_headline),
                container_links,
                marks,
                grand,
                self._gaps[at],
            ]
            since_headline += since_headline > 0

    def _parent(self, parent: int) -> tuple[int, int, int]:
        """Return the codes of the prose in an element and in its parent, and of its links."""
        known = self._by_parent.get(parent)
        if known is None:
            document, total = self._document, self._total or 1.0
            links = document.link_text_length(parent) / (document.text_length(parent) or 1)
            known = self._by_parent[parent] = (
                bisect_right(PARTS, self._in_parent.get(parent, 0.0) / total),
                bisect_right(PARTS, self._in_grand.get(document.parents[parent], 0.0) / total),
                bisect_right(SHARES, links),
            )
        return known

    def _where(self, element: int) -> tuple[int, int]:
        """Return the codes of the element's distance from the root and of its depth in it."""
        parents, root = self._document.parents, self._root
        if root.element <= element < root.end:
            depth = 0
            while element != root.element and depth < DEEPEST:
                element = parents[element]
                depth += 1
            return 0, depth
        while element not in self._paths:
            element = parents[element]
        return self._paths[element], DEEPEST + 1

    def _place(self, at: int) -> int:
        if at < self._first:
            return bisect_right(STEPS, self._first - at)
        return 7 if at <= self._last else 8 + bisect_right(STEPS, at - self._last)

    def _neighbours(self, at: int) -> int:
        before = 2 if at == 0 else self._prose[at - 1]
        after = 2 if at + 1 == len(self._prose) else self._prose[at + 1]
        return before * 3 + after

    def _alike(self, element: int, tag: str) -> int:
        if tag != self._usual[0]:
            return 0
        return 2 if self._document.attributes(element).get("class") == self._usual[1] else 1

    def _in_body_text(self, text: str, size: float) -> int:
        """Tell whether JSON-LD has the line: 1 if so, 2 if not, 0 where that says nothing."""
        if not self._article_body or size < LENGTHS[2]:
            return 0
        head = bare(text)[:_HEAD_LETTERS]
        return 1 if head and head in self._article_body else 2


@lru_cache(LABELS_KEPT)
def _wording(text: str) -> int:
    """Return the code of what the lexicon knows of the line."""
    if boilerplate_class(text):
        return 1
    if heading := heading_kind(text):
        return 3 if heading.ambiguous else 2
    if label := inline_label(text):
        return 4 if label.separated else 5
    return 0


def _letters(text: str, size: float) -> tuple[int, int, int, int, int]:
    """Return the codes of how a line ends, of its sentences, its first letter, its digits and its marks."""
    start = text[0]
    digits = len(_DIGIT.findall(text)) / len(text) if size < LONGEST_COUNTED else 0.0
    return (
        _ENDS.get(text.rstrip(_QUOTES)[-1:], 0),
        min(len(_SENTENCE_ENDS.findall(text)), _MAX_SENTENCES),
        0
        if start.isupper()
        else 1
        if start.islower()
        else 2
        if start.isdigit()
        else 3
        if start in _OPENING_QUOTES
        else 4,
        bisect_right(DIGITS, digits),
        next((code for mark, code in _MARKS if mark in text), 0),
    )


def _gaps(prose: Sequence[bool]) -> list[int]:
    """Return for each line how far the prose before and after it is: 4 times one plus the other, 0 to 3 each."""
    before = _distances(prose)
    after = _distances(prose[::-1])[::-1]
    return [4 * one + other for one, other in zip(before, after, strict=True)]


def _distances(prose: Sequence[bool]) -> list[int]:
    """Return for each line the code of the distance to the last prose before it."""
    found = []
    distance = _FAR
    for is_prose in prose:
        distance += 1
        found.append(bisect_right(GAPS, distance))
        if is_prose:
            distance = 0
    return found
