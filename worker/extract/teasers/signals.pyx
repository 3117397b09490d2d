# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What is looked at to tell whether a card shows a story: small codes, a row a card."""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from libc.string cimport memset

from worker.extract.document cimport Document, Element, Tag
from worker.extract.short_texts cimport is_date, label, size
from worker.extract.teasers.blocks cimport StoryBlock
from worker.extract.teasers.cards cimport Card
from worker.extract.teasers.headings cimport is_heading
from worker.extract.teasers.links cimport Link
from worker.extract.teasers.names cimport Names
from worker.extract.teasers.shapes cimport Shape, is_above, likeness
from worker.extract.teasers.targets cimport Page, Target

from schemas import TeaserKind
from worker.extract.short_texts import LONGEST_DATE
from worker.extract.teasers.names import BITS, CLASSES

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

if sizeof(Row) != len(SIGNALS):
    raise ImportError(f"a row has room for {sizeof(Row)} signals, and there are {len(SIGNALS)}: see signals.pxd")

LENGTHS = (1, 6, 10, 15, 20, 25, 35, 50, 80, 120, 200)
OTHER_TEXTS = (1, 15, 40, 80, 150, 300)
CARDS = (2, 3, 4, 6, 10, 20)
IMAGE_SHARES = (0.1, 0.6)

cdef enum:
    NOT_ASKED = -1
    MOST_LINKS = 3
    NO_OWN_ADDRESS = 6
    TAGS = 128

cdef struct Scale:
    int count
    double[CODES - 1] steps


cdef Scale scale_of(tuple steps):
    cdef Scale found
    found.count = len(steps)
    for at, step in enumerate(steps):
        found.steps[<int>at] = step
    return found


cdef Scale lengths = scale_of(LENGTHS)
cdef Scale other_texts = scale_of(OTHER_TEXTS)
cdef Scale card_counts = scale_of(CARDS)
cdef Scale image_shares = scale_of(IMAGE_SHARES)

cdef int longest_date = LONGEST_DATE

cdef int[CLASS_COUNT] bits
for _at, _bit in enumerate(BITS.values()):
    bits[<int>_at] = _bit

cdef unsigned char[TAGS] frame_codes, tag_codes
for _tag, _code in {Tag.NAV: 1, Tag.HEADER: 2, Tag.FOOTER: 3, Tag.ASIDE: 4, Tag.ARTICLE: 5}.items():
    frame_codes[<int>_tag] = _code
for _code, _tags in {
    1: [Tag.A],
    2: [Tag.LI],
    3: [Tag.DIV],
    4: [Tag.ARTICLE],
    5: [Tag.P],
    6: [Tag.H1, Tag.H2, Tag.H3, Tag.H4, Tag.H5, Tag.H6],
    7: [Tag.SECTION, Tag.ASIDE],
    8: [Tag.TD, Tag.DD],
    9: [Tag.STRONG],
    10: [Tag.SPAN],
}.items():
    for _tag in _tags:
        tag_codes[<int>_tag] = _code

cdef dict _HEADINGS = {
    TeaserKind.RELATED: 2,
    TeaserKind.INLINE: 2,
    TeaserKind.LATEST: 3,
    TeaserKind.POPULAR: 4,
    TeaserKind.SPONSORED: 5,
}


@cython.final
cdef class Rows:
    """The codes of cards, a row a card; a sequence of lists to Python."""

    def __cinit__(self, int count):
        self.row = <Row *>PyMem_Calloc(count, sizeof(Row))
        if self.row == NULL:
            raise MemoryError
        self.count = count

    def __dealloc__(self):
        PyMem_Free(self.row)

    def __len__(self):
        return self.count

    def __getitem__(self, int at):
        cdef int n
        if not 0 <= at < self.count:
            raise IndexError(f"row {at} of {self.count}")
        cdef const unsigned char *codes = <const unsigned char *>&self.row[at]
        return [codes[n] for n in range(<int>sizeof(Row))]


@cython.final
cdef class CardSignals:
    """The rows of a page's cards."""

    def __cinit__(
        self,
        Document document not None,
        Page page not None,
        list links not None,
        list cards not None,
        list blocks not None,
        Names names not None,
        list long_pieces not None,
    ):
        cdef int at
        self._document, self._names = document, names
        self._page, self._cards, self._blocks = page, cards, blocks
        self._under = addresses_under(links)
        self._first_prose = self._last_prose = -1
        for at in long_pieces:
            if document.piece[at].linked == document.piece[at + 1].linked:
                self._last_prose = at
                if self._first_prose < 0:
                    self._first_prose = at
        self._around = <Around *>PyMem_Malloc(document.count * sizeof(Around))
        if self._around == NULL:
            raise MemoryError
        memset(self._around, NOT_ASKED, document.count * sizeof(Around))

    def __dealloc__(self):
        PyMem_Free(self._around)

    cpdef Rows rows(self):
        """Return a row a card."""
        cdef Rows rows = Rows(len(self._cards))
        for block in self._blocks:
            self._read_block(block, rows)
        return rows

    cdef int _read_block(self, StoryBlock block, Rows rows) except -1:
        """Read the cards of a block, and what they have in common."""
        cdef Document document = self._document
        cdef const Around *around = self._around_of(block.element)
        cdef int at, n, near, count = len(block.members), images = 0
        cdef double length = 0
        cdef Card card
        cdef Row *row
        for at in block.members:
            card, row = self._cards[at], &rows.row[at]
            length += self._read_shown(card, row)
            images += row.image
            self._read_address(card.target, row)
            row.other_text = code_on(&other_texts, self._unlinked(card.top))
            row.line = code_on(&other_texts, self._unlinked(document.element[last_of(card.links)].block))
            row.links = min(len(card.links), MOST_LINKS)
            row.place = self._place(card.top)
            row.tag = tag_codes[document.element[card.top].tag]
            near = around.near | self._names.of(card.top)
            for n in range(CLASS_COUNT):
                row.names[n] = 2 if near & bits[n] else 1 if around.far & bits[n] else 0
        cdef unsigned char cards = code_on(&card_counts, count), heading = heading_code(block)
        cdef unsigned char mean_length = code_on(&lengths, length / count)
        cdef unsigned char image_share = code_on(&image_shares, <double>images / count)
        for at in block.members:
            row = &rows.row[at]
            row.frame = around.frame
            row.cards, row.mean_length, row.images, row.block_heading = cards, mean_length, image_share, heading
        return 0

    cdef double _read_shown(self, Card card, Row *row) except -1:
        """Read what the card shows, whatever stands around it, and return the letters of its longest text.

        That is the longest of its links and headings.
        """
        cdef Document document = self._document
        cdef const Element *top = &document.element[card.top]
        cdef int element, tag
        cdef bint has_heading = False, has_time = False
        row.image = 0
        for element in range(card.top, top.end):
            tag = document.element[element].tag
            if is_heading(tag):
                has_heading = True
            elif tag == Tag.IMG or tag == Tag.PICTURE:
                row.image = 1
            elif tag == Tag.TIME:
                has_time = True
        cdef str text = ""
        for element in card.links:
            text = longer(document, text, element)
        if has_heading:
            for element in range(card.top, top.end):
                if is_heading(document.element[element].tag):
                    text = longer(document, text, element)
        cdef double letters = size(text)
        row.length = code_on(&lengths, letters)
        row.heading_tag = has_heading or (top.parent >= 0 and is_heading(document.element[top.parent].tag))
        row.wording = label(text)
        row.time = 2 if has_time else self._shows_date(card.top)
        return letters

    cdef bint _shows_date(self, int element) except -1:
        """Tell whether one of the texts in the element is a date."""
        cdef Document document = self._document
        cdef int at, length
        for at in range(document.element[element].text_start, document.element[element].text_end):
            length = document.piece[at + 1].length - document.piece[at].length
            if 1 < length <= longest_date and is_date(document.pieces[at]):
                return True
        return False

    cdef int _unlinked(self, int element) noexcept:
        return self._document.length_in(element) - self._document.linked_in(element)

    cdef Place _place(self, int element) noexcept:
        """Return where the element stands to the long texts of the page."""
        cdef int first = self._document.element[element].text_start
        if self._first_prose < 0:
            return NO_PROSE
        return BEFORE_PROSE if first < self._first_prose else AFTER_PROSE if first >= self._last_prose else AMONG_PROSE

    cdef Around *_around_of(self, int element) except NULL:
        """Return the classes of names directly around, of all around, and the nearest frame; nothing for the body."""
        cdef Document document = self._document
        cdef Around *known = self._around
        cdef int each = element, below = NOT_ASKED, own, last = 0
        cdef Around above
        above.near = above.far = above.frame = 0
        while each >= 0 and not is_page(document.element[each].tag):
            if known[each].far != NOT_ASKED:
                above, last = known[each], self._names.of(each)
                break
            known[each].below = below
            below, each = each, document.element[each].parent
        while below != NOT_ASKED:
            each, below = below, known[below].below
            own = self._names.of(each)
            above.near, above.far = own | last, above.far | own
            above.frame = frame_codes[document.element[each].tag] or above.frame
            known[each] = above
            last = own
        known[element] = above
        return &known[element]

    cdef int _read_address(self, Target target, Row *row) except -1:
        """Read an address: by itself, against the page's own, and against those of the other links."""
        cdef Shape shape = target.shape, own = self._page.shape
        cdef const unsigned char *codes = shape.codes
        row.segments, row.slug, row.run, row.mixed, row.dated = codes[0], codes[1], codes[2], codes[3], codes[4]
        row.path, row.query = codes[5], codes[6]
        row.site = self._page.distance(shape)
        row.likeness = likeness(shape, own) if own is not None and own.depth else NO_OWN_ADDRESS
        row.hub = 1 if own is not None and is_above(shape, own) else 2 if target.path in self._under else 0
        return 0


cdef set addresses_under(list links):
    """Return the paths that addresses of the page lie under."""
    cdef Link link
    cdef set found = set()
    for link in links:
        found.update((<Target>link.target).paths_above())
    return found


cdef inline unsigned char code_on(const Scale *scale, double value) noexcept nogil:
    """Return how many steps of a scale the value reaches."""
    cdef int at = 0
    while at < scale.count and scale.steps[at] <= value:
        at += 1
    return at


cdef inline bint is_page(int tag) noexcept nogil:
    return tag == Tag.BODY or tag == Tag.HTML


cdef inline int last_of(list numbers) except -1:
    return numbers[len(numbers) - 1]


cdef inline str longer(Document document, str text, int element):
    """Return the text of the element where it is longer, else ``text``."""
    if document.length_in(element) <= len(text):
        return text
    cdef str other = document.text_in(element)
    return other if len(other) > len(text) else text


cdef unsigned char heading_code(StoryBlock block) except 255:
    """Return the code of the heading over a block: 0 for none, 1 for one that says nothing of its kind."""
    if block.over is None:
        return 0
    return 1 if block.over.known is None else _HEADINGS.get(block.over.known.kind, 1)
