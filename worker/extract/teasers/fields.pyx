# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a card says: headline, kicker, lead, byline, date."""

from datetime import UTC, datetime

cimport cython

from worker.extract.bylines cimport Byline, byline, is_announced, is_name, is_opening
from worker.extract.document cimport Document, Element, Kind, Tag
from worker.extract.lexicon.lookups cimport inline_label
from worker.extract.short_texts cimport is_count, is_date, label, size
from worker.extract.teasers.cards cimport Card
from worker.extract.teasers.names cimport Names

from worker.extract.short_texts import LONGEST_LABEL
from worker.extract.teasers.names import BITS, KICKER, PATH_CLASS, TITLE

cdef enum:
    MIN_HEADLINE = 15  # letters from which one part of a whole-card link is its headline rather than a label
    MIN_LEAD = 20  # letters of the shortest lead; what is shorter is a label
    MAX_KICKER = 50  # characters of the longest kicker
    MAX_BYLINE = 100  # characters of the longest byline
    MAX_MARK = 2  # characters of a mark such as an arrow after a headline
    NOWHERE = -1
    UNASKED = -1

cdef int longest_label = LONGEST_LABEL, kicker_bit = KICKER, title_bit = TITLE, person_bit = BITS["person"]
cdef frozenset _PEOPLE = frozenset([word for word, name in PATH_CLASS.items() if name == "person"])
cdef str _SENTENCE_ENDS = "。？！?!."


@cython.final
@cython.freelist(64)
cdef class Part:
    """Text of one element of the card."""

    cdef str text
    cdef int element, first  # piece of text that it begins with
    cdef bint is_linked
    cdef int _says_when, _is_frame

    cdef bint says_when(self) except -1:
        """Tell whether it is a date or an age."""
        if self._says_when == UNASKED:
            self._says_when = is_date(self.text)
        return self._says_when

    cdef bint is_frame(self) except -1:
        """Tell whether it is a count or a label, and so nothing of the story."""
        if self._is_frame == UNASKED:
            self._is_frame = is_count(self.text) or label(self.text) != 0
        return self._is_frame


@cython.final
@cython.freelist(8)
cdef class Fields:
    """The texts of a card."""

    def __cinit__(self):
        self.authors = ()


cpdef Fields fields_of(Document document, Card card, Names names):
    """Return what the card says; a headline of None where all its texts are labels."""
    cdef Fields read = Fields.__new__(Fields)
    cdef list parts = parts_of(document, card.top)
    cdef int start = NOWHERE
    cdef str head = headline_of(document, card, parts, names, &start), text
    cdef Part part
    cdef Byline by
    if head is None:
        read.headline = told_of(document, card)
        return read
    read.headline = head
    for part in parts:
        text = part.text
        if (start <= part.first or len(text) > MAX_KICKER) and text in head:
            continue
        if read.published_text is None and (document.element[part.element].tag == Tag.TIME or part.says_when()):
            read.published_text = text
        elif part.is_frame() or is_opening(text):
            continue  # the name that an opening announces has an element of its own
        elif not read.authors and len(text) <= MAX_BYLINE and (
            is_announced(text) or names_person(document, part, names)
        ):
            by = byline(text)
            read.authors, read.agency = by.authors, by.agency
        elif part.first > start and read.lead is None and is_lead(text):
            read.lead = text
        elif part.first < start and len(text) <= MAX_KICKER and text not in head:
            read.kicker = text
    read.published_at = moment_of(document, card.top)
    return read


cdef list parts_of(Document document, int top):
    """Return the texts of the card by the element that they stand in, formatting left out of account."""
    cdef list found = []
    cdef const Element *elements = document.element
    cdef int at, owner, kind, element = NOWHERE, first = NOWHERE, begin = NOWHERE, end = NOWHERE
    cdef bint is_open = False  # a break opens a part as well, and goes on the one before it in the same element
    for at in range(elements[top].text_start, elements[top].text_end):
        kind = document.piece[at].kind
        if kind == Kind.SPACE:
            continue
        if kind != Kind.TEXT:
            if is_open and kind == Kind.BREAK:
                add_part(document, found, element, first, begin, end)
                is_open, begin = False, NOWHERE
            else:
                is_open = True
            continue
        owner = document.piece[at].owner
        while owner > top and is_inline(elements[owner].tag):
            owner = elements[owner].parent
        if is_open and owner != element:
            add_part(document, found, element, first, begin, end)
            is_open, begin = False, NOWHERE
        if not is_open:
            element, first, is_open = owner, at, True
        if begin == NOWHERE:
            begin = at
        end = at + 1
    add_part(document, found, element, first, begin, end)
    return found


cdef int add_part(Document document, list parts, int element, int first, int begin, int end) except -1:
    """Add the text of the pieces from ``begin`` to before ``end``, if there is any."""
    if begin == NOWHERE:
        return 0
    cdef str text = document.text_of(begin, end)
    if not text:
        return 0
    cdef Part part = Part.__new__(Part)
    part.element, part.text, part.first = element, text, first
    part.is_linked = document.piece[first + 1].linked > document.piece[first].linked
    part._says_when = part._is_frame = UNASKED
    parts.append(part)
    return 0


cdef inline bint is_inline(int tag) noexcept:
    return tag in (
        Tag.B, Tag.STRONG, Tag.I, Tag.EM, Tag.U, Tag.MARK, Tag.FONT, Tag.SUP, Tag.SUB, Tag.WBR, Tag.BR, Tag.Q, Tag.CITE,
        Tag.BDI, Tag.S,
    )


cdef str headline_of(Document document, Card card, list parts, Names names, int *start):
    """Return the headline, None without one; the piece of text that it begins with is left in ``start``."""
    cdef int heading = heading_of(document, card)
    cdef Part part
    if heading != NOWHERE:
        return heading_without_labels(document, heading, parts, start)
    cdef list candidates = [
        part for part in parts if stands_in_links(document, card, part) and can_be_headline(part.text, part)
    ]
    if not candidates:
        return None
    part = headline_among(document, card, candidates, names)
    start[0] = part.first
    return part.text


cdef int heading_of(Document document, Card card) except -2:
    """Return the heading element in or around the card that says most, ``NOWHERE`` where none can be a headline.

    A heading that leads elsewhere, or nowhere, is another story's, if one leads to this story.
    """
    cdef int each, found = NOWHERE, parent = document.element[card.top].parent
    cdef bint has_headings = False, has_linked = False, leads_here
    cdef double letters, most = 0
    for each in range(card.top, document.element[card.top].end):
        if not is_heading(document.element[each].tag):
            continue
        has_headings = True
        leads_here = is_linked(document, card, each)
        if has_linked and not leads_here:
            continue
        if leads_here and not has_linked:
            has_linked, found, most = True, NOWHERE, 0
        letters = letters_of(document.text_in(each))
        if letters > most:
            found, most = each, letters
    if has_headings or parent < 0 or document.element[card.top].tag != Tag.A:
        return found
    if is_heading(document.element[parent].tag) and letters_of(document.text_in(card.top)) > 0:
        return card.top
    return NOWHERE


cdef double letters_of(str text) except -1:
    """Return the size of a text that can be a headline, 0 for any other."""
    return size(text) if can_be_headline(text, None) else 0


cdef str heading_without_labels(Document document, int heading, list parts, int *start):
    """Return the text of a heading without what has an element of its own before or after it."""
    cdef const Element *element = &document.element[heading]
    cdef Part part
    cdef list inside = [part for part in parts if element.text_start <= part.first < element.text_end]
    cdef Py_ssize_t end = len(inside)
    cdef str rest
    if end <= 1:
        start[0] = (<Part>inside[0]).first if end else element.text_start
        return document.text_in(heading)
    while end > 1:
        part = inside[end - 1]
        if len(part.text) > MAX_MARK and not part.says_when() and not part.is_frame():
            break
        end -= 1
    rest = " ".join([part.text for part in inside[1:end]])
    part = inside[0]
    if is_beside(part.text) and size(rest) >= MIN_HEADLINE:
        start[0] = (<Part>inside[1]).first
        return rest
    start[0] = part.first
    return f"{part.text} {rest}" if rest else part.text


cdef bint is_beside(str text) except -1:
    """Tell whether the first part of a heading can be a kicker: "Comment:" is the headline's own."""
    return len(text) <= MAX_KICKER and text[len(text) - 1] not in ":："


cdef Part headline_among(Document document, Card card, list candidates, Names names):
    """Return which of the linked texts is the headline.

    Of a whole-card link the first long part is the headline, and what follows it the lead.
    """
    cdef Part part, longest = None
    cdef list long = []
    cdef double letters, most = 0
    for part in candidates:
        letters = size(part.text)
        if letters >= MIN_HEADLINE:
            long.append(part)
        if letters > most:
            longest, most = part, letters
    if not long:
        return longest
    if len(long) == 1 or names.of((<Part>long[0]).element) & title_bit:
        return long[0]
    for part in long:
        if names.of(part.element) & (title_bit | kicker_bit) == title_bit:
            return part
    for part in long:
        if is_strong(document, part):
            return part
    for part in long:
        if part.element in card.links:
            return part
    for part in long:
        if not names.of(part.element) & kicker_bit:
            return part
    return long[0]


cdef bint names_person(Document document, Part part, Names names) except -1:
    """Tell whether the template calls the part a byline, or it links to a person."""
    cdef int parent = document.element[part.element].parent, link
    if names.of(part.element) & person_bit or (parent >= 0 and names.of(parent) & person_bit):
        return True
    if not part.is_linked:
        return False
    link = part.element if document.element[part.element].tag == Tag.A else parent
    cdef str href = document.attribute(link, b"href") if link >= 0 else None
    if href is not None:
        for segment in href.split("/"):
            if segment.lower() in _PEOPLE:
                return True
    return False


cdef bint is_lead(str text) except -1:
    """Tell whether a text after the headline is long enough for a lead, and neither a remark nor a name."""
    if size(text) < MIN_LEAD or text[0] == "(":
        return False
    return text[len(text) - 1] in _SENTENCE_ENDS or has_small_word(text) or not is_name(text)


cdef bint has_small_word(str text) noexcept:
    """Tell whether a word begins with a small letter."""
    cdef Py_UCS4 letter
    cdef bint in_word = False
    for letter in text:
        if not in_word and letter.islower():
            return True
        in_word = not letter.isspace()
    return False


cdef bint can_be_headline(str text, Part part) except -1:
    """Tell whether a text can be a headline: a label, a date or a count is none.

    Args:
        text: The text.
        part: The part of the card that it is; None for the text of a heading.
    """
    cdef Py_ssize_t length = len(text)
    if length <= 1 or (text[0] == "(" and text[length - 1] == ")"):
        return False
    if part is None:
        if is_count(text) or label(text) or is_date(text):
            return False
    elif part.is_frame() or part.says_when():
        return False
    announced = inline_label(text) if length <= longest_label else None
    return announced is None or bool(announced.rest)


cdef inline bint is_heading(int tag) noexcept:
    return Tag.H1 <= tag <= Tag.H6


cdef bint is_linked(Document document, Card card, int heading) except -1:
    """Tell whether the heading stands in a link to the story, or has one in it."""
    cdef int link
    for link in card.links:
        if link <= heading < document.element[link].end or heading <= link < document.element[heading].end:
            return True
    return False


cdef bint stands_in_links(Document document, Card card, Part part) except -1:
    cdef int link
    for link in card.links:
        if document.element[link].text_start <= part.first < document.element[link].text_end:
            return True
    return False


cdef bint is_strong(Document document, Part part) noexcept:
    """Tell whether the part is set in bold."""
    cdef int tag = document.element[document.piece[part.first].owner].tag
    return tag == Tag.B or tag == Tag.STRONG


cdef str told_of(Document document, Card card):
    """Return what the title of a link or the alternative text of its picture says, where no text is shown."""
    if document.length_in(card.top) > MIN_HEADLINE:
        return None
    cdef int link, each
    cdef list found = []
    for link in card.links:
        found += [document.attribute(link, b"title"), document.attribute(link, b"aria-label")]
        for each in range(link, document.element[link].end):
            if document.element[each].tag == Tag.IMG:
                found.append(document.attribute(each, b"alt"))
    cdef str text
    for text in found:
        if text:
            text = " ".join(text.split())
            if letters_of(text) >= MIN_HEADLINE:
                return text
    return None


cdef object moment_of(Document document, int top):
    """Return the moment that a time element gives exactly: a date and time with its zone."""
    cdef int element
    cdef str told
    for element in range(top, document.element[top].end):
        if document.element[element].tag != Tag.TIME:
            continue
        told = document.attribute(element, b"datetime")
        if told:
            try:
                at = datetime.fromisoformat(told.strip())
                return at.astimezone(UTC) if at.tzinfo else None
            except (ValueError, OverflowError):  # what publishers write there is often no date
                return None
    return None
