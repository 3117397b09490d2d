# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What templates and addresses call the parts of a page: classes of known words, as data in ``names.toml``."""

import tomllib
from importlib.resources import files

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport uint64_t
from libc.string cimport memcmp, memset

from worker.extract.document cimport Attribute, Document, next_attribute

_DATA = tomllib.loads(files("worker.extract.teasers").joinpath("names.toml").read_text(encoding="utf-8"))

CLASSES = tuple(_DATA["names"])
"""Classes of words in the names of elements, in the order of their bits."""

BITS = {name: 1 << place for place, name in enumerate(CLASSES)}

TITLE, KICKER = 1 << len(CLASSES), 1 << (len(CLASSES) + 1)
"""Bits of the names of a card's parts: its headline, and the labels beside it."""

BLOCK_BITS = TITLE - 1
"""The bits of ``CLASSES`` alone."""

_BITS_OF = {word: BITS[name] for name, words in reversed(_DATA["names"].items()) for word in words}
for _bit, _words in ((KICKER, _DATA["parts"]["kicker"]), (TITLE, _DATA["parts"]["title"])):
    _BITS_OF |= {word: _BITS_OF.get(word, 0) & BLOCK_BITS | _bit for word in _words}
PATH_CLASS = {word: name for name, words in reversed(_DATA["paths"].items()) for word in words}
"""Class of the words that are segments of paths, in lower case."""

cdef frozenset _PLATFORMS = frozenset(_DATA["platforms"]["hosts"])

cdef enum:
    NOT_ASKED = -1
    MAX_NAME_CHARACTERS = 400  # read of one element; a list of utility classes is as long and says little
    LETTER = 31
    LETTER_BITS = 5
    MAX_WORD = 24  # letters: one more still fits into the two numbers of a word
    SLOT_BITS = 10  # the table is filled to a third
    SLOTS = 1 << SLOT_BITS

cdef struct Letters:
    uint64_t high, low  # of a word, five bits each: never 0

cdef struct Word:
    Letters letters  # 0 where the slot is free
    int bits

cdef Word[SLOTS] known_words


cpdef bint is_platform(str host) except -1:
    """Tell whether the host is a network, a store or an archive of apps, where nobody tells news of their own."""
    while host not in _PLATFORMS:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True


@cython.final
cdef class Names:
    """The classes of words in the names of elements, as bits, worked out once an element."""

    def __cinit__(self, Document document not None):
        cdef size_t size = document.count * sizeof(int)
        self._document = document
        self._known = <int *>PyMem_Malloc(size)
        if self._known == NULL:
            raise MemoryError
        memset(self._known, NOT_ASKED, size)

    def __dealloc__(self):
        PyMem_Free(self._known)

    cpdef int of(self, int element) except -1:
        """Return the bits of the element's own names."""
        if not 0 <= element < self._document.count:
            raise IndexError(f"element {element} of {self._document.count}")
        if self._known[element] == NOT_ASKED:
            self._known[element] = read_names(self._document, element)
        return self._known[element]


cdef int read_names(Document document, int element) noexcept:
    """Return the bits of the names among an element's attributes, as far as they are read."""
    cdef Attribute each
    cdef int bits = 0, room = MAX_NAME_CHARACTERS
    cdef bint more = document.first_attribute(element, &each)
    while more and room > 0:
        if each.value_length and is_name(&each):
            bits |= read_words(each.value, each.value_length, &room)
            room -= 1  # for a space to the next value
        more = next_attribute(&each)
    return bits


cdef inline bint is_name(const Attribute *each) noexcept nogil:
    """Tell whether an attribute says what its element is: ``class``, ``id``, ``role`` and all of ``data-``."""
    if each.name_length == 5 and memcmp(each.name, b"class", 5) == 0:
        return True
    if each.name_length == 2:
        return memcmp(each.name, b"id", 2) == 0
    if each.name_length == 4:
        return memcmp(each.name, b"role", 4) == 0
    return each.name_length >= 5 and memcmp(each.name, b"data-", 5) == 0


cdef int read_words(const char *text, size_t size, int *room) noexcept nogil:
    """Return the bits of the words in a text: "storyCard" has two, "RSSFeed" as well, and only A to Z are letters.

    Args:
        text: Its bytes.
        size: How many.
        room: Characters to read at most; those that are read are taken off.
    """
    cdef const char *end = text + size if size <= <size_t>room[0] else end_of(text, size, room[0])
    cdef int bits = 0, capitals, length
    cdef Letters word
    room[0] -= <int>(end - text)
    while text < end:
        word.high = word.low = 0
        capitals = length = 0
        while text < end and is_capital(text[0]):
            add(&word, text[0])
            capitals += 1
            text += 1
        if text < end and is_small(text[0]):
            if capitals > 1:  # the last of them begins the next word
                bits |= bits_of(without_last(word), capitals - 1)
                word.high, word.low, capitals = 0, word.low & LETTER, 1
            while text < end and is_small(text[0]):
                add(&word, text[0])
                length += 1
                text += 1
        elif not capitals:
            room[0] += goes_on(text[0])
            text += 1
            continue
        bits |= bits_of(word, capitals + length)
    return bits


cdef const char *end_of(const char *text, size_t size, int room) noexcept nogil:
    """Return where so many characters of a text end."""
    cdef const char *end = text + size
    while text < end and (room > 0 or goes_on(text[0])):
        room -= not goes_on(text[0])
        text += 1
    return text


cdef inline bint goes_on(char byte) noexcept nogil:
    """Tell whether a byte is one after the first of its character."""
    return byte & 0xC0 == 0x80


cdef inline bint is_small(char letter) noexcept nogil:
    return b"a" <= letter <= b"z"


cdef inline bint is_capital(char letter) noexcept nogil:
    return b"A" <= letter <= b"Z"


cdef inline void add(Letters *word, char letter) noexcept nogil:
    word.high = word.high << LETTER_BITS | word.low >> (64 - LETTER_BITS)
    word.low = word.low << LETTER_BITS | (letter & LETTER)


cdef inline Letters without_last(Letters word) noexcept nogil:
    word.low = word.low >> LETTER_BITS | word.high << (64 - LETTER_BITS)
    word.high = word.high >> LETTER_BITS
    return word


cdef inline int bits_of(Letters word, int length) noexcept nogil:
    return slot_of(word).bits if length <= MAX_WORD else 0


cdef inline Word *slot_of(Letters word) noexcept nogil:
    """Return the slot of a word; where it isn't known, the free one that it would have: its bits are 0."""
    cdef uint64_t mixed = (word.low ^ word.high * <uint64_t>0xC2B2AE3D27D4EB4F) * <uint64_t>0x9E3779B97F4A7C15
    cdef Word *slot = &known_words[mixed >> (64 - SLOT_BITS)]
    while slot.letters.low and (slot.letters.low != word.low or slot.letters.high != word.high):
        slot = slot + 1 if slot < &known_words[SLOTS - 1] else known_words
    return slot


cdef int learn(dict bits_of_words) except -1:
    """Fill the table of words."""
    cdef Letters word
    for text, bits in bits_of_words.items():
        if not (text.isascii() and text.isalpha() and text.islower() and len(text) <= MAX_WORD):
            raise ValueError(f"names.toml: {text!r} is no word of up to {MAX_WORD} letters from a to z")
        word.high = word.low = 0
        for letter in text.encode():
            add(&word, letter)
        slot_of(word).letters = word
        slot_of(word).bits = bits
    return 0


learn(_BITS_OF)
