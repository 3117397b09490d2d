# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The teasers of a page: its cards, judged and read."""

cimport cython

from worker.extract.document cimport Document, Tag
from worker.extract.items cimport FoundItem, found_item
from worker.extract.short_texts cimport size
from worker.extract.teasers.announced cimport is_announced
from worker.extract.teasers.blocks cimport StoryBlock
from worker.extract.teasers.cards cimport Card
from worker.extract.teasers.fields cimport Fields, fields_of
from worker.extract.teasers.headings cimport Over
from worker.extract.teasers.images cimport image_of
from worker.extract.teasers.kinds cimport kind_of
from worker.extract.teasers.looking cimport Looked, look
from worker.extract.teasers.model cimport Model
from worker.extract.teasers.place cimport is_among_prose
from worker.extract.teasers.targets cimport Page

from worker.extract.items import Form
from worker.extract.teasers.model import model

# Log-odds from which a card shows a story: on pages whose publisher the model has not seen, micro F1 is .967 here,
# .959 at 0 and .962 at -.8. On the front page of a host most long links are stories, and nothing says how its
# addresses look.
cdef double THRESHOLD = -0.4, FRONT_PAGE_THRESHOLD = -2.0

cdef enum:
    MAX_ITEMS = 1_000  # cards read of a page; the front page with most in the corpora has under 300
    MIN_LABELLED = 3  # links behind which a label stands: no labelled story is told so shortly at so many places
    SHORT = 25  # letters under which a headline may be a label: a tenth of the labelled ones are shorter, and stay
    LEVELS = 3  # elements around a block whose names say what it is
    MAX_HEADING_LINE = 120  # characters of the element that holds a heading; one with more holds text of the article
    MAX_LABEL = 40  # characters around a link in its line that are a label ("Read also:") and no prose
    SHOWN_TAGS = 5  # tags of the path that tells where an item stood

cdef object LINKED_CARD = Form.LINKED_CARD


@cython.final
cdef class FoundTeasers:
    """What was found, and where: the article's body leaves it out.

    Attributes:
        items: The items, in page order.
        elements: Elements that are teasers, or headings over them.
    """


def find_teasers(Document document not None, Page page not None, str base, article=range(0)):
    """Return the items of the page that present other stories, repeats kept, in page order.

    **Total**: any document gives a result. No item points to the page itself or outside http(s).

    Args:
        document: The page.
        page: Its own addresses.
        base: Absolute address that relative ones are resolved against.
        article: Numbers of the elements that the article stands in; empty for a page without one.
    """
    cdef Cards cards = Cards(document, page, base, article)
    cdef list chosen = cards.chosen()
    cdef list items = [cards.item(at) for at in chosen]
    drop_labels(items, [cards.keys[at] for at in chosen])
    # A picture apart from its headline is an item, if the headline is one too.
    cdef set told = cards.told(chosen, items), taken = set()
    cdef FoundTeasers found = FoundTeasers.__new__(FoundTeasers)
    cdef list kept = []
    cdef Py_ssize_t place
    cdef int at
    for place in range(len(chosen)):
        at = chosen[place]
        if cards.keys[at] in told:
            kept.append(items[place])
            cards.take(at, taken)
    found.items, found.elements = tuple(kept), frozenset(taken)
    return found


cdef int drop_labels(list items, list keys) except -1:
    """Take the headline from items where it is a label: short, and another card of the story says more than twice."""
    cdef list letters = []
    cdef dict longest = {}
    cdef FoundItem item
    cdef Py_ssize_t place
    for place in range(len(items)):
        item = items[place]
        letters.append(0.0 if item.headline is None else size(item.headline))
        longest[keys[place]] = max(<double>letters[place], <double>longest.get(keys[place], 0.0))
    for place in range(len(items)):
        item = items[place]
        if 0 < <double>letters[place] < min(<double>SHORT, <double>longest[keys[place]] / 2):
            item.headline = None
    return 0


@cython.final
cdef class Cards:
    """The cards of a page, on the way to items."""

    cdef Document document
    cdef Looked looked
    cdef Page page
    cdef object article
    cdef str base
    cdef list keys  # of the address of each card
    cdef dict near  # classes of the names of a block and of what is directly around it

    def __cinit__(self, Document document, Page page, str base, article):
        cdef Card card
        self.document, self.page, self.base, self.article = document, page, base, article
        self.looked = look(document, page)
        self.keys = [card.target.key for card in self.looked.cards]
        self.near = {}

    cdef list chosen(self):
        """Return the numbers of the cards that show a story."""
        cdef Model weights = model()
        cdef list scores = weights.scores(self.looked.rows, self.looked.block_of, self.looked.forms, self.keys)
        cdef list found = []
        cdef bint is_front_page = self.page.shape is not None and not self.page.shape.segments
        cdef double threshold = FRONT_PAGE_THRESHOLD if is_front_page else THRESHOLD
        cdef Py_ssize_t at
        for at in range(len(scores)):
            if <double>scores[at] > threshold or is_announced(self.document, self.looked.cards[at]):
                found.append(at)
                if len(found) == MAX_ITEMS:
                    break
        return found

    cdef set told(self, list chosen, list items):
        """Return the addresses of the stories that have a headline.

        Those that stand behind link after link, by a few words each time, are sections and topics.
        """
        cdef dict places = {}
        cdef FoundItem item
        cdef Py_ssize_t place
        for place in range(len(items)):
            item = items[place]
            if item.headline is not None:
                places[self.keys[chosen[place]]] = []
        for place in range(len(self.keys)):
            its = places.get(self.keys[place])
            if its is not None:
                (<list>its).append(place)
        return {key for key, its in places.items() if len(<list>its) < MIN_LABELLED or not self.is_label(its)}

    cdef bint is_label(self, list places) except -1:
        """Tell whether what is shown at these places is a label: short, and after other links each time."""
        cdef set before = {self.keys[at - 1] if at else "" for at in places}
        cdef double letters = 0
        cdef int at, link
        if len(before) < MIN_LABELLED:
            return False
        for at in places:
            for link in (<Card>self.looked.cards[at]).links:
                letters = max(letters, <double>size(self.document.text_in(link)))
        return 0 < letters < SHORT

    cdef FoundItem item(self, int at):
        """Return the item that a card is; its headline is None where it shows only labels."""
        cdef Card card = self.looked.cards[at]
        cdef int number = self.looked.block_of[at]
        cdef StoryBlock block = self.looked.blocks[number]
        cdef Fields fields = fields_of(self.document, card, self.looked.names)
        cdef FoundItem item = found_item(LINKED_CARD, card.links[0])
        item.headline, item.kicker, item.lead = fields.headline, fields.kicker, fields.lead
        item.authors, item.agency = fields.authors, fields.agency
        item.published_text, item.published_at = fields.published_text, fields.published_at
        item.url = card.target.url
        item.image = image_of(self.document, card.top, self.base)
        item.kind = kind_of(
            block,
            self.names_near(number),
            is_among_prose(self.document, self.looked, at, self.article),
            self.page.distance(card.target.shape) > 1,
        )
        item.heading = self.heading(block.over)
        item.where = self.path_to(card.top)
        return item

    cdef int names_near(self, int number) except -1:
        """Return the classes of the names of a block and of what is directly around it."""
        cdef int element, levels = 0, near = 0
        known = self.near.get(number)
        if known is not None:
            return known
        element = (<StoryBlock>self.looked.blocks[number]).element
        while element >= 0 and levels <= LEVELS:
            near |= self.looked.names.of(element)
            element = self.document.element[element].parent
            levels += 1
        self.near[number] = near
        return near

    cdef str heading(self, Over over):
        """Return the heading over a block; the page's own headline is over everything, and so over nothing."""
        if over is None or (over.known is None and self.document.element[over.element].tag == Tag.H1):
            return None
        return over.text

    cdef str path_to(self, int element):
        """Return the path of tags to an element, the nearest ones."""
        cdef list path = []
        while element >= 0 and len(path) < SHOWN_TAGS:
            path.append(self.document.tag_name(element))
            element = self.document.element[element].parent
        path.reverse()
        return " > ".join(path)

    cdef int take(self, int at, set taken) except -1:
        """Add the elements that a card takes: itself, its line, and the heading over its block."""
        cdef Document document = self.document
        cdef int top = (<Card>self.looked.cards[at]).top
        cdef int line = document.element[top].block
        cdef Over over = (<StoryBlock>self.looked.blocks[<int>self.looked.block_of[at]]).over
        taken.add(top)
        if line < top and document.length_in(line) - document.length_in(top) <= MAX_LABEL:
            taken.add(line)
        if over is not None and over.known is not None and document.length_in(over.element) <= MAX_HEADING_LINE:
            taken.add(over.element)
        return 0
