"""What speaks for and against each line of being the article's text, as small numbers.

Each signal is coded as one of a few values, so that a learned table has one weight for each and a reader can
see what a line's score is made of. Nothing here knows a site; wordings come from the lexicon. ``SIGNALS`` names
them in order; a change of a code needs the weights to be learned anew.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from worker.extract.article.boxes import Nesting, picture_near
from worker.extract.article.candidates import effective_length, link_share
from worker.extract.article.line_texts import (
    DOUBTFUL_WORDING,
    HEADING_WORDING,
    digit_count,
    ending_code,
    head,
    is_stamp,
    mark_code,
    sentence_count,
    start_code,
    wording_code,
)
from worker.extract.article.lines import Line
from worker.extract.article.root import Root
from worker.extract.article.surroundings import COMMENTS, Surroundings
from worker.extract.document import Document

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

STAMP_LINES = 8
"""Lines below the headline in which a date is the page's own: of 39 in the corpora none is body, of others a sixth."""

MIN_PROSE = 80
"""Length from which a line of few links is prose: shorter ones are labels as often as not."""

MAX_PROSE_LINKS = 0.35
MOST_PROSE = 0.7
"""Share of all prose from which the name of a part says nothing against it. Of 34 pages of the corpora that have so
much of it in one kind of part other than comments, 31 have their body there."""

LONGEST_LABEL = 90
"""Length up to which a line is looked up in the lexicon."""

LONGEST_COUNTED = 120
"""Length up to which a line's digits are counted."""

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
    "wording",  # known boilerplate, heading, label or date of the page
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
    "part",  # what templates call the nearest element that is seldom body, below the root
    "nested",  # articles around it, below the root
    "picture",  # whether it has a box to itself with a picture
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
_HEADLINE_STEPS = (1, 2, 3, 5, 9, 16, 40)
_STAMP = 6
"""Code of ``wording`` beside those of the lexicon: the page's own date."""

_FAR = 99


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
        self._document, self._lines, self._root = document, lines, root
        self._told, self._article_body = told, article_body
        self._sizes = [effective_length(line.text) for line in lines]
        self._shares = [link_share(document, line) for line in lines]
        self._near = [around.of(line.element) for line in lines]
        self._seen = Counter([line.text for line in lines])
        prose = [
            size >= MIN_PROSE and share < MAX_PROSE_LINKS and root.element <= line.element < root.end
            for line, size, share in zip(lines, self._sizes, self._shares, strict=True)
        ]
        self._parts = self._parts_among(prose)
        self._prose = self._own(prose)
        numbers = [at for at, is_its in enumerate(self._prose) if is_its]
        self._first, self._last = (numbers[0], numbers[-1]) if numbers else (0, len(lines))
        self._gaps = _gaps(self._prose)
        self._places = {root.element: (0, 0)} | {
            each: (min(steps, DEEPEST), DEEPEST + 1)
            for steps, each in enumerate(document.ancestors(root.element), start=1)
        }
        attributes, tags = document.attributes, document.tags
        self.shapes = [(tags[line.element], attributes(line.element).get("class")) for line in lines]
        """Tag and class of the element of each line."""
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
            shapes[self.shapes[at]] += 1
        self._total = sum(self._in_parent.values())
        self._usual = shapes.most_common(1)[0][0] if shapes else ("p", None)

    def rows(self) -> list[list[int]]:
        """Return the codes of each line, in the order of ``SIGNALS``."""
        document, lines, sizes = self._document, self._lines, self._sizes
        tags, parents, owners = document.tags, document.parents, document.owners
        elements, texts = [line.element for line in lines], [line.text for line in lines]
        own_tags = [tags[element] for element in elements]
        near = self._near
        wordings = [wording_code(text) if size < LONGEST_LABEL else 0 for text, size in zip(texts, sizes, strict=True)]
        unders, since_headline = _headings(own_tags, wordings)
        wordings = [
            _STAMP if 0 < since <= STAMP_LINES and not wording and is_stamp(text) else wording
            for text, since, wording in zip(texts, since_headline, wordings, strict=True)
        ]
        places = [self._where(element) for element in elements]
        nesting = Nesting(document, self._root)
        containers = [self._parent(parents[element]) for element in elements]
        told, seen, prose, pieces = self._told, self._seen, self._prose, len(document.pieces) or 1
        columns = (
            [bisect_right(LENGTHS, size) for size in sizes],
            [bisect_right(SHARES, share) for share in self._shares],
            [_TAGS.get(tag, _OTHER_TAG) for tag in own_tags],
            [distance for distance, _ in places],
            [depth for _, depth in places],
            [bisect_right(NAME_SCORES, each.names) for each in near],
            [bisect_right(NAME_SCORES, each.own) for each in near],
            [each.semantic for each in near],
            [each.frame for each in near],
            [ending_code(text) for text in texts],
            [sentence_count(text) for text in texts],
            self._places_among_prose(),
            [3 * before + after for before, after in zip([2, *prose], [*prose[1:], 2], strict=False)],
            [each[0] for each in containers],
            self._alike(),
            wordings,
            unders,
            [(2 if text in told else 0) + (seen[text] > 1) for text in texts],
            self._in_body_text(texts),
            [_EMPHASES.get(tags[owners[line.first]], 0) for line in lines],
            [start_code(text[0]) for text in texts],
            [
                bisect_right(DIGITS, digit_count(text) / len(text)) if size < LONGEST_COUNTED else 0
                for text, size in zip(texts, sizes, strict=True)
            ],
            [min(10 * line.first // pieces, 9) for line in lines],
            [bisect_right(_HEADLINE_STEPS, since) for since in since_headline],
            [each[2] for each in containers],
            [mark_code(text) for text in texts],
            [each[1] for each in containers],
            self._gaps,
            self._parts,
            [nesting.of(element) for element in elements],
            [picture_near(document, line) for line in lines],
        )
        return [list(row) for row in zip(*columns, strict=True)]

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
        places, parents = self._places, self._document.parents
        path = []
        while (known := places.get(element)) is None:
            path.append(element)
            element = parents[element]
        distance, depth = known
        for each in reversed(path):
            depth = depth if depth >= DEEPEST else depth + 1
            places[each] = distance, depth
        return distance, depth

    def _parts_among(self, prose: Sequence[bool]) -> list[int]:
        """Return for each line the code of the part of the page that it stands in.

        What the whole root stands in says nothing, nor does a name that most of the prose has: there it is the
        template's word for a paragraph. Comments are an exception, they are often longer than what they are about.
        """
        document, root = self._document, self._root
        codes = [0 if root.is_in(document, each.part_element) else each.part for each in self._near]
        sizes: dict[int, float] = defaultdict(float)
        for code, size, is_its in zip(codes, self._sizes, prose, strict=True):
            sizes[code] += size * is_its
        most = MOST_PROSE * sum(sizes.values())
        silent = {code for code, size in sizes.items() if size and size >= most and code != COMMENTS}
        return [0 if code in silent else code for code in codes]

    def _own(self, prose: list[bool]) -> list[bool]:
        """Return which of the prose may be the article's own: nothing that the page says twice.

        Places, distances and shares are measured against it, and a news ticker above and below a short article would
        draw them all to itself. Where nothing else is left, all is.
        """
        own = [is_its and self._seen[line.text] == 1 for is_its, line in zip(prose, self._lines, strict=True)]
        return own if any(own) else prose

    def _places_among_prose(self) -> list[int]:
        """Return for each line whether it stands before, among or after the prose, and how far off."""
        first, last = self._first, self._last
        return [
            bisect_right(STEPS, first - at) if at < first else 7 if at <= last else 8 + bisect_right(STEPS, at - last)
            for at in range(len(self._lines))
        ]

    def _alike(self) -> list[int]:
        """Return for each line whether it has the tag of most prose, and whether its class as well."""
        usual = self._usual
        return [2 if shape == usual else 1 if shape[0] == usual[0] else 0 for shape in self.shapes]

    def _in_body_text(self, texts: Sequence[str]) -> list[int]:
        """Return for each line whether JSON-LD has it: 1 if so, 2 if not, 0 where that says nothing."""
        body = self._article_body
        if not body:
            return [0] * len(texts)
        heads = [head(text) if size >= LENGTHS[2] else None for text, size in zip(texts, self._sizes, strict=True)]
        return [0 if each is None else 1 if each and each in body else 2 for each in heads]


def _headings(tags: Sequence[str], wordings: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return for each line the code of the heading above it, and the lines since the headline, 0 before it."""
    unders, since_headline = [], []
    under = since = 0
    for tag, wording in zip(tags, wordings, strict=True):
        if tag in _HEADINGS:
            under = wording if wording in (HEADING_WORDING, DOUBTFUL_WORDING) else 4 if tag != "h1" else 5
            since = 1 if tag == "h1" else since
        elif wording == HEADING_WORDING:  # in bold perhaps
            under = 6
        unders.append(under)
        since_headline.append(since)
        since += since > 0
    return unders, since_headline


def _gaps(prose: Sequence[bool]) -> list[int]:
    """Return for each line how far the prose before and after it is: 4 times one plus the other, 0 to 3 each."""
    before = _distances(prose)
    after = _distances(prose[::-1])[::-1]
    return [4 * one + other for one, other in zip(before, after, strict=True)]


def _distances(prose: Sequence[bool]) -> list[int]:
    """Return for each line the code of the distance to the last prose before it."""
    found = []
    distance = _FAR
    for is_its in prose:
        distance += 1
        found.append(bisect_right(GAPS, distance))
        if is_its:
            distance = 0
    return found
