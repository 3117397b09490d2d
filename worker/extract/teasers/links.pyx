# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The links of a page that may lead to stories, and what they point to.

Links are joined by their raw ``href`` first, so that an address is resolved once however often it is linked.
"""

cimport cython
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ

from worker.extract.document cimport Document, Element, Kind, Piece, Tag
from worker.extract.short_texts cimport size
from worker.extract.teasers.targets cimport Page, Target

from worker.extract.short_texts import WIDEST

MAX_LINKS = 10_000
"""Links looked at, the first of the page. The page of the corpora with most has 2,215."""

cdef enum:
    MOST_LINKS = 10_000  # MAX_LINKS
    MIN_CHARACTERS = 8  # a text of so many may be ``MIN_TELLING`` letters long: without spaces each counts for 2.5
    LONGEST_HEADLINE = 200  # characters of a link from which a line is prose that is linked as a whole
    MIN_AROUND = 40  # characters on both sides of a link from which the line is prose
    MIN_BEFORE_UNMARKED = 30  # the same where no colon or other mark parts them
    MIN_BEFORE = 60  # characters before a link that ends its line; a label such as "Read also:" is shorter
    BESIDE = 200  # characters looked at on either side of a link, in whole pieces
    MOST_OF_PIECE = 10_000  # those of one piece: before so many comes a letter, or white space without end
    BEFORE = -1
    AFTER = 1
    YEAR = 4  # digits from which a number may be a story's
    ID = 8  # letters and digits from which they may be
    LATIN = 1  # bytes of a character in texts that need no more

cdef double LETTERS_OF_WIDEST = WIDEST

cdef struct Beside:  # words of a line on one side of a link
    Py_UCS4 nearest  # the letter or mark next to the link, 0 where there are no words
    int length  # characters from there to the furthest letter or mark
    int passed  # characters read, white space on the way to the nearest as well
    int skipped  # that white space
    bint spaced  # whether white space was read that is none of closing marks, if more follows
    bint says  # whether they are more than closing marks


@cython.final
@cython.freelist(64)
cdef class Link:
    """One link element that leads to a page."""


@cython.final
@cython.freelist(64)
cdef class Story:
    """One address that the page links to, however it is written."""

    cdef Target target
    cdef bint tells  # whether it may be a story's


@cython.final
@cython.freelist(128)
cdef class Address:
    """One ``href`` of the page.

    Attributes:
        longest: The link with the longest text, the first of several.
        length: Characters of that text.
        story: What it leads to; None where that is no page, or can't be a story.
    """

    cdef int longest, length
    cdef Story story


cpdef list story_links(Document document, Page page):
    """Return the links that may lead to a story, in page order: by address or text, and no phrases of running text."""
    cdef list elements = [], of_links = [], found = []
    cdef dict addresses = {}, stories = {}
    cdef Address address
    cdef Story story
    cdef Link link
    cdef Py_ssize_t at
    cdef str href
    cdef int element
    read_addresses(document, addresses, elements, of_links)
    for href, address in addresses.items():
        find_story(document, page, href, address, stories)
    for key, story in stories.items():
        story.tells = story.tells and not page.is_own(key)
    for at in range(len(elements)):
        story = (<Address>of_links[at]).story
        if story is not None and story.tells:
            element = elements[at]
            if not is_phrase(document, element):
                link = Link.__new__(Link)
                link.element, link.target = element, story.target
                found.append(link)
    return found


cdef int read_addresses(Document document, dict addresses, list elements, list of_links) except -1:
    """Read the links of a page: their elements, the address of each, and all addresses by their ``href``."""
    cdef int element, length, left = MOST_LINKS
    cdef str href
    cdef Address address
    for element in range(document.count):
        if document.element[element].tag != Tag.A:
            continue
        left -= 1
        if left < 0:
            break
        href = document.attribute(element, "href")
        if not href:
            continue
        length = document.length_in(element)
        address = addresses.get(href)
        if address is None:
            address = addresses[href] = Address.__new__(Address)
            address.length = -1
        if length > address.length:
            address.longest, address.length = element, length
        elements.append(element)
        of_links.append(address)
    return 0


cdef int find_story(Document document, Page page, str href, Address address, dict stories) except -1:
    """Find what an address leads to, and whether that may be a story."""
    if address.length < MIN_CHARACTERS and not may_tell(href):
        return 0
    cdef Target target = page.target(href)
    if target is None:
        return 0
    address.story = stories.get(target.key)
    if address.story is None:
        address.story = stories[target.key] = Story.__new__(Story)
        address.story.target = target
    if not address.story.tells:
        address.story.tells = tells(document, target.letters, address)
    return 0


cdef bint may_tell(str href) noexcept:
    """Tell whether an address may be a story's whatever its text: by two marks between words, a number or an id."""
    cdef int kind = PyUnicode_KIND(href)
    cdef void *data = PyUnicode_DATA(href)
    cdef Py_UCS4 letter
    cdef Py_ssize_t at
    cdef int digits = 0, plain = 0  # of a number, and of an id
    cdef bint marked = False, numbered = False
    for at in range(PyUnicode_GET_LENGTH(href)):
        letter = PyUnicode_READ(kind, data, at)
        if u"a" <= letter <= u"z" or u"A" <= letter <= u"Z":
            digits = 0
            plain += 1
        elif letter.isdecimal():
            digits += 1
            numbered = True
            if letter <= u"9":
                plain += 1
            elif plain < ID:  # a digit of another script ends an id, and is none of its characters
                plain, numbered = 0, False
        else:
            digits = plain = 0
            numbered = False
            if letter in "-_+%":
                if marked:
                    return True
                marked = True
            elif letter == u"/":
                marked = False
        if digits >= YEAR or (numbered and plain >= ID):
            return True
    return False


cdef bint tells(Document document, double letters, Address address) except -1:
    """Tell whether an address may be a story's by itself, or by the longest text that links it."""
    if not letters:
        return True
    if address.length * LETTERS_OF_WIDEST < letters:
        return False
    text = document.text_in(address.longest)
    return len(text) >= letters or (PyUnicode_KIND(text) > LATIN and size(text) >= letters)


cdef bint is_phrase(Document document, int link) except -1:
    """Tell whether the link is a phrase of running text: words of the same line stand before it or go on after it."""
    cdef const Element *element = &document.element[link]
    cdef Beside before, after
    if element.text_start == element.text_end:
        return False
    if is_prose(document, link):
        return True
    if document.length_in(element.block) == document.linked_in(element.block):
        return False
    after = beside(document, link, AFTER)
    before = beside(document, link, BEFORE)
    if goes_on_after(&after, &before):
        return True
    return before.nearest and (
        goes_on(document, link, before.nearest)
        or after.nearest in ".,;!?"
        or joins(document, link)
        or before.length > (MIN_BEFORE if before.nearest in ":：>»›–—-|▶►" else MIN_BEFORE_UNMARKED)
    )


cdef bint is_prose(Document document, int link) noexcept:
    """Tell whether the link is a line of a paragraph too long for a headline: prose that is linked as a whole."""
    cdef const Element *element = &document.element[link]
    cdef int at
    if document.element[element.block].tag != Tag.P or document.length_in(link) <= LONGEST_HEADLINE:
        return False
    for at in range(element.text_start, element.text_end):
        if document.piece[at].kind == Kind.BREAK:
            return False
    return True


cdef bint goes_on(Document document, int link, Py_UCS4 before) noexcept:
    """Tell whether the link's text goes on what stands before it; white space alone does."""
    cdef Py_UCS4 opening
    cdef int at
    for at in range(document.element[link].text_start, document.element[link].text_end):
        opening = edge(<str>document.pieces[at], AFTER)
        if opening:
            return opening in ",;)" or (opening.islower() and before not in ":：")
    return True


cdef bint goes_on_after(const Beside *after, const Beside *before) noexcept:
    """Tell whether what stands after a link goes on its sentence."""
    return after.says and (
        after.nearest in ",;)"
        or after.nearest.islower()
        or (before.length and before.length + after.length > MIN_AROUND)
    )


cdef bint joins(Document document, int link) noexcept:
    """Tell whether small words stand between an earlier link of the line and this one."""
    cdef const Element *element = &document.element[link]
    cdef const Element *line = &document.element[element.block]
    cdef str words
    if document.piece[element.text_start].linked == document.piece[line.text_start].linked:
        return False
    words = <str>document.pieces[element.text_start - 1]
    return edge(words, AFTER).islower() and edge(words, BEFORE).isalnum()


cdef Beside beside(Document document, int link, int side) noexcept:
    """Return the words on one side of a link that stand in its line and in no link."""
    cdef Beside found = Beside(0, 0, 0, 0, False, False)
    cdef int block = document.element[link].block
    cdef int at = document.element[link].text_end, end = document.element[block].text_end
    cdef const Piece *piece
    if side == BEFORE:
        at, end = document.element[link].text_start - 1, document.element[block].text_start - 1
    while at != end and found.passed <= BESIDE:
        piece = &document.piece[at]
        if piece.kind >= Kind.BREAK or document.element[piece.owner].block != block:
            break
        if piece[0].linked == piece[1].linked:
            read_on(&found, <str>document.pieces[at], side)
        at += side
    return found


cdef void read_on(Beside *found, str text, int side) noexcept:
    """Read a text further away from the link, as far as it can change what is asked of the words."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), at = 0 if side == AFTER else length - 1
    cdef Py_UCS4 letter
    for _ in range(min(length, MOST_OF_PIECE)):
        letter = PyUnicode_READ(kind, data, at)
        at += side
        found.passed += 1
        if letter.isspace():
            found.spaced = found.spaced or (found.nearest and not closes(letter))
            continue
        if not found.nearest:
            found.nearest, found.skipped = letter, found.passed - 1
        found.length = found.passed - found.skipped
        found.says = found.says or found.spaced or not closes(letter)
        if found.says and found.length > MIN_BEFORE:
            found.passed = BESIDE + 1
            return


cdef Py_UCS4 edge(str text, int side) noexcept:
    """Return the letter or mark nearest to what the text stands ``AFTER`` or ``BEFORE``; 0 where it has none."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), at = 0 if side == AFTER else length - 1
    cdef Py_UCS4 letter
    for _ in range(length):
        letter = PyUnicode_READ(kind, data, at)
        if not letter.isspace():
            return letter
        at += side
    return 0


cdef inline bint closes(Py_UCS4 mark) noexcept:
    return mark in ",.;:)!?…»”\"'’、。，）」』 \t\n\u00a0"
