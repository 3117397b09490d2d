# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What speaks for and against each line of being the article's text, as small numbers.

Each signal is coded as one of a few values, so that a learned table has one weight for each and a reader can
see what a line's score is made of. Nothing here knows a site; wordings come from the lexicon. ``Row`` has
them in order; a change of a code needs the weights to be learned anew.
"""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.string cimport memset

from worker.extract.article.boxes cimport Nesting, Pictures
from worker.extract.article.candidates cimport effective_length, link_share
from worker.extract.article.line_texts cimport (
    Wording,
    ending_code,
    head,
    is_stamp,
    said_in,
    start_code,
    wording_code,
)
from worker.extract.article.lines cimport Line
from worker.extract.article.root cimport Root
from worker.extract.article.scorecard cimport MOST_CODES
from worker.extract.article.surroundings cimport COMMENTS, Around, Surroundings
from worker.extract.document cimport Document, Element, Piece, Tag

from worker.extract.document import Tag as _TAGS

cdef extern from "string.h" nogil:
    void *memmem(const void *text, size_t length, const void *sought, size_t sought_length)

cdef Row _row
memset(&_row, 0, sizeof(_row))
SIGNALS = tuple(<dict>_row)
"""Their names, in the order of a row."""

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

cdef enum:
    MOST_STEPS = 11
    TAG_COUNT = Tag.WBR + 1
    FAR = 99
    NO_LINE = -1

cdef struct Scale:
    int count
    double[MOST_STEPS] steps

cdef struct Inside:  # an element
    double prose  # in those right below it
    double prose_below  # in those right below these
    int line  # one past the first whose element is right below it


cdef Scale scale_of(tuple steps) except *:
    cdef Scale scale
    cdef int at
    scale.count = len(steps)
    if scale.count > MOST_STEPS:
        raise ValueError(f"{scale.count} steps, {MOST_STEPS} are the most")
    for at in range(scale.count):
        scale.steps[at] = steps[at]
    return scale


cdef inline int step(const Scale *scale, double value) noexcept:
    """Return how many steps a value has reached."""
    cdef int found = 0
    while found < scale.count and scale.steps[found] <= value:
        found += 1
    return found


cdef Scale lengths = scale_of(LENGTHS), shares = scale_of(SHARES), name_scores = scale_of(NAME_SCORES)
cdef Scale parts = scale_of(PARTS), steps = scale_of(STEPS), gaps = scale_of(GAPS), digit_shares = scale_of(DIGITS)
cdef Scale headline_steps = scale_of((1, 2, 3, 5, 9, 16, 40))
cdef int stamp_lines = STAMP_LINES, deepest = DEEPEST
cdef double min_prose = MIN_PROSE, max_prose_links = MAX_PROSE_LINKS, most_prose = MOST_PROSE
cdef double longest_label = LONGEST_LABEL, longest_counted = LONGEST_COUNTED, least_looked_up = LENGTHS[2]

cdef int[TAG_COUNT] tag_codes, emphases
memset(emphases, 0, sizeof(emphases))
for _number in range(TAG_COUNT):
    tag_codes[_number] = len(_TAG_GROUPS)
for _number, _names in enumerate(_TAG_GROUPS):
    for _name in _names.split():
        tag_codes[<int>_TAGS[_name.upper()]] = _number
for _number, _names in enumerate(("strong b", "em i", "a", "span"), start=1):
    for _name in _names.split():
        emphases[<int>_TAGS[_name.upper()]] = _number


@cython.final
cdef class LineSignals:
    """The signals of a page's candidate lines.

    Args:
        document: The page.
        lines: Its candidate lines, in page order.
        root: Where its article stands.
        around: What is around its elements.
        told: What the head of the page says of itself: headlines, description.
        article_body: The letters of JSON-LD's ``articleBody``; "" where there is none.
    """

    def __cinit__(
        self,
        Document document not None,
        list lines not None,
        Root root not None,
        Surroundings around not None,
        told,
        str article_body not None,
    ):
        self.count = len(lines)
        self._document, self._lines, self._root = document, lines, root
        self._facts = <Facts *>PyMem_Calloc(self.count + 1, sizeof(Facts))
        self.codes = <Row *>PyMem_Calloc(self.count + 1, sizeof(Row))
        self.siblings = <int *>PyMem_Calloc(self.count + 1, sizeof(int))
        self.alikes = <int *>PyMem_Calloc(self.count + 1, sizeof(int))
        if self._facts == NULL or self.codes == NULL or self.siblings == NULL or self.alikes == NULL:
            raise MemoryError
        self._read()
        self._follow_headings()
        self._look_around(around)
        self._tell_repeats(told)
        self._place_among_prose()
        self._place_in_tree()
        self._compare_shapes()
        if article_body:
            self._look_into(article_body)

    def __dealloc__(self):
        PyMem_Free(self._facts)
        PyMem_Free(self.codes)
        PyMem_Free(self.siblings)
        PyMem_Free(self.alikes)

    def rows(self):
        """Return the codes of each line, in the order of ``SIGNALS``."""
        return [self.row(at) for at in range(self.count)]

    cdef list row(self, int at):
        return list((<dict>self.codes[at]).values())

    @property
    def shapes(self):
        """A number for the tag and class of the element of each line: the first line that has these."""
        cdef int at
        return [self.alikes[at] for at in range(self.count)]

    cdef int _read(self) except -1:
        """Read each line by itself."""
        cdef Document document = self._document
        cdef Piece *piece = document.piece
        cdef Row *row = self.codes
        cdef int at, pieces = max(document.piece_count, 1)
        cdef double share
        cdef Facts *facts
        cdef Line line
        cdef str text
        for at in range(self.count):
            line = <Line>self._lines[at]
            facts, text = &self._facts[at], line.text
            facts.element, facts.tag = line.element, document.element[line.element].tag
            facts.parent = document.element[line.element].parent
            facts.size, facts.said = effective_length(text), said_in(text)
            share = link_share(document, line)
            facts.is_prose = (
                facts.size >= min_prose
                and share < max_prose_links
                and self._root.element <= line.element < self._root.end
            )
            row.length = step(&lengths, facts.size)
            row.links = step(&shares, share)
            row.tag = tag_codes[facts.tag]
            row.ends = ending_code(text)
            row.sentences = facts.said.sentences
            row.wording = wording_code(text) if facts.size < longest_label else Wording.UNKNOWN
            row.emphasis = emphases[document.element[piece[line.first].owner].tag]
            row.start = start_code(PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), 0))
            if facts.size < longest_counted:
                row.digits = step(&digit_shares, facts.said.digits / <double>PyUnicode_GET_LENGTH(text))
            row.position = min(10 * line.first // pieces, 9)
            row.marks = facts.said.mark
            row += 1
        return 0

    cdef int _follow_headings(self) except -1:
        """Tell what heading each line is under, and which lines below the headline are the page's date."""
        cdef Row *row = self.codes
        cdef int at, tag, wording, under = 0, since = 0
        for at in range(self.count):
            tag, wording = self._facts[at].tag, row.wording
            if Tag.H1 <= tag <= Tag.H6:
                if wording == Wording.HEADS_OTHERS or wording == Wording.MAY_HEAD_OTHERS:
                    under = wording
                else:
                    under = 5 if tag == Tag.H1 else 4
                if tag == Tag.H1:
                    since = 1
            elif wording == Wording.HEADS_OTHERS:  # in bold perhaps
                under = 6
            row.under = under
            row.after_headline = step(&headline_steps, since)
            if (
                0 < since <= stamp_lines
                and wording == Wording.UNKNOWN
                and self._facts[at].said.digits
                and is_stamp((<Line>self._lines[at]).text)
            ):
                row.wording = Wording.IS_STAMP
            since += since > 0
            row += 1
        return 0

    cdef int _look_around(self, Surroundings around) except -1:
        """Tell what is around each line, and which part of the page it stands in.

        What the whole root stands in says nothing, nor does a name that most of the prose has: there it is the
        template's word for a paragraph. Comments are an exception, they are often longer than what they are about.
        """
        cdef const Element *element = self._document.element
        cdef double[MOST_CODES] prose
        cdef double most = 0.0
        cdef Row *row = self.codes
        cdef int at, part, its_root = self._root.element
        cdef const Around *near
        memset(prose, 0, sizeof(prose))
        for at in range(self.count):
            near = around.around(self._facts[at].element)
            row.names = step(&name_scores, near.names)
            row.own_name = step(&name_scores, near.own)
            row.semantic = near.semantic
            row.frame = near.frame
            if near.part and not near.part_element <= its_root < element[near.part_element].end:
                row.part = near.part
            if self._facts[at].is_prose:
                prose[row.part] += self._facts[at].size
                most += self._facts[at].size
            row += 1
        most *= most_prose
        for at in range(self.count):
            part = self.codes[at].part
            if prose[part] and prose[part] >= most and part != COMMENTS:
                self.codes[at].part = 0
        return 0

    cdef int _tell_repeats(self, told) except -1:
        """Tell what is said elsewhere; and no prose that the page says twice is the article's own.

        Places, distances and shares are measured against it, and a news ticker above and below a short article would
        draw them all to itself. Where nothing else is left, all is.
        """
        cdef dict known = {}
        cdef int at, first
        cdef bint is_any = False
        cdef str text
        for at in range(self.count):
            text = (<Line>self._lines[at]).text
            first = known.setdefault(text, at)
            if first != at:
                self._facts[at].is_repeated = self._facts[first].is_repeated = True
            if text in told:
                self.codes[at].repeated = 2
        for at in range(self.count):
            self.codes[at].repeated += self._facts[at].is_repeated
            is_any = is_any or (self._facts[at].is_prose and not self._facts[at].is_repeated)
        if is_any:
            for at in range(self.count):
                self._facts[at].is_prose = self._facts[at].is_prose and not self._facts[at].is_repeated
        return 0

    cdef int _place_among_prose(self) noexcept:
        """Tell whether each line stands before, among or after the prose, and how far it is off."""
        cdef const Facts *facts = self._facts
        cdef Row *row = self.codes
        cdef int at, before, after, first = 0, last = self.count - 1, distance = FAR
        while first < self.count and not facts[first].is_prose:
            first += 1
        while last >= 0 and not facts[last].is_prose:
            last -= 1
        if last < 0:  # there is none: every line is in its place
            first, last = 0, self.count
        for at in range(self.count):
            before = facts[at - 1].is_prose if at else 2
            after = facts[at + 1].is_prose if at + 1 < self.count else 2
            row.neighbours = 3 * before + after
            if at < first:
                row.place = step(&steps, first - at)
            else:
                row.place = 7 if at <= last else 8 + step(&steps, at - last)
            distance = 1 if before == 1 else distance + 1
            row.gap = 4 * step(&gaps, distance)
            row += 1
        distance = FAR
        for at in range(self.count - 1, -1, -1):
            row -= 1
            distance = 1 if at + 1 < self.count and facts[at + 1].is_prose else distance + 1
            row.gap += step(&gaps, distance)
        return 0

    cdef int _place_in_tree(self) except -1:
        """Tell where in the tree each line stands, and how much of the prose is around it there."""
        cdef Document document = self._document
        cdef Inside *inside = <Inside *>PyMem_Calloc(document.count + 1, sizeof(Inside))
        cdef Inside *parent
        cdef Row *row = self.codes
        cdef int at, element
        cdef double total = 0.0, links
        cdef Facts *facts
        cdef Nesting nesting = Nesting(document, self._root)
        cdef Pictures pictures = Pictures(document)
        if inside == NULL:
            raise MemoryError
        inside += 1  # the page's own element has the parent -1
        try:
            for at in range(self.count):
                facts = &self._facts[at]
                parent = &inside[facts.parent]
                if not parent.line:
                    parent.line = at + 1
                self.siblings[at] = parent.line - 1
                if facts.is_prose:
                    parent.prose += facts.size
                    inside[self._parent(facts.parent)].prose_below += facts.size
                    total += facts.size
            total = total or 1.0
            for at in range(self.count):
                facts = &self._facts[at]
                element = facts.parent if facts.parent >= 0 else document.count - 1
                links = document.linked_in(element) / <double>(document.length_in(element) or 1)
                row.container = step(&parts, inside[facts.parent].prose / total)
                row.grand = step(&parts, inside[self._parent(facts.parent)].prose_below / total)
                row.container_links = step(&shares, links)
                row.nested = nesting.of(facts.element)
                row.picture = pictures.near(self._lines[at])
                self._measure_way(facts.element, row)
                row += 1
        finally:
            PyMem_Free(inside - 1)
        return 0

    cdef int _parent(self, int element) noexcept:
        """Return the parent of an element; of what is around the page that of its last one, as the weights have it."""
        return self._document.element[element if element >= 0 else self._document.count - 1].parent

    cdef int _measure_way(self, int element, Row *row) noexcept:
        """Tell the element's distance from the root and its depth in it."""
        cdef const Element *elements = self._document.element
        cdef int its_root = self._root.element
        cdef int way = 0
        if its_root <= element < self._root.end:
            while way < deepest and element != its_root:
                element = elements[element].parent
                way += 1
            row.depth = way
            return 0
        while way < deepest and not its_root <= element < elements[its_root].end:
            its_root = elements[its_root].parent
            way += 1
        row.distance, row.depth = way, deepest + 1
        return 0

    cdef int _compare_shapes(self) except -1:
        """Tell whether each line has the tag of most prose, and whether its class as well."""
        cdef Facts *facts = self._facts
        cdef dict known = {}  # of each class the first line: those of its other tags follow from there
        cdef int at, first, tag, usual = NO_LINE, plain = NO_LINE
        cdef str name
        for at in range(self.count):
            tag = facts[at].tag
            name = self._document.attribute(facts[at].element, b"class")
            first = known.setdefault(name, at)
            while facts[first].tag != tag:
                if not facts[first].other_tag:
                    facts[first].other_tag = at
                first = facts[first].other_tag
            self.alikes[at] = first
            facts[first].prose_alike += facts[at].is_prose
            if tag == Tag.P and name is None:
                plain = first
        for at in range(self.count):
            first = self.alikes[at]
            if facts[at].is_prose and (usual == NO_LINE or facts[first].prose_alike > facts[usual].prose_alike):
                usual = first
        tag = Tag.P if usual == NO_LINE else facts[usual].tag
        usual = plain if usual == NO_LINE else usual
        for at in range(self.count):
            self.codes[at].alike = 2 if self.alikes[at] == usual else facts[at].tag == tag
        return 0

    cdef int _look_into(self, str body) except -1:
        """Tell whether JSON-LD has each line: 1 if so, 2 if not, 0 where that says nothing."""
        cdef int at
        cdef str sought
        for at in range(self.count):
            if self._facts[at].size >= least_looked_up:
                sought = head((<Line>self._lines[at]).text)
                self.codes[at].body_text = 1 if sought and is_in(sought, body) else 2
        return 0


cdef bint is_in(str sought, str text) except -1:
    """Tell whether a text holds another: of narrow letters in less than a tenth of the time that Python takes."""
    if PyUnicode_KIND(text) > 1 or PyUnicode_KIND(sought) > 1:
        return sought in text
    return NULL != memmem(
        PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), PyUnicode_DATA(sought), PyUnicode_GET_LENGTH(sought)
    )
