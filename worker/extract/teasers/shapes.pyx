# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The shape of an address, which tells those of stories from those of sections, tags and files. **Pure**, **total**.

All of it is read by one scan over the letters of the path. It is read of addresses as identity writes them, so
without ends of lines.
"""

cimport cython
from cpython.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_KIND,
    PyUnicode_READ,
    PyUnicode_Substring,
    PyUnicode_Tailmatch,
)
from libc.stdint cimport uint64_t
from libc.string cimport memcmp, memcpy, memset

from worker.extract.teasers.names import PATH_CLASS, is_platform

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)

cdef enum:
    # Letters of a link's text from which it may be a headline, whatever the address looks like; and for addresses
    # that lie under a tag or a person.
    MIN_TELLING = 20
    MIN_TELLING_UNDER_TAG = 35

    # Words of a slug, or digits of a number, from which an address may be a story's whatever its text.
    MIN_SLUG_WORDS = 3
    MIN_DIGITS = 4

    MIN_RUN = 4  # digits from which a number may be a story's; shorter ones count pages and days
    MIN_ID = 8  # characters of the shortest word of letters and digits that is an id
    MOST_SEGMENTS = 6

    # Letters of the ending of a file.
    MIN_ENDING = 2
    MAX_ENDING = 5

    # What a letter of a path is.
    LETTER = 1
    DIGIT = 2
    PLAIN = 4  # letter or digit
    DECIMAL = 8  # in any script
    FIGURE = 16  # the same, and raised ones
    MARK = 32  # between words
    SLASH = 64

    MAX_WORD = 16  # characters of the longest word that has a class
    WORD_SLOTS = 1024

# Letters that make a link tell of a story whose address can be none's.
cdef double NEVER = float("inf")

# Endings of files that are no pages.
cdef frozenset FILES = frozenset(
    [
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "svg",
        "pdf",
        "mp3",
        "mp4",
        "zip",
        "doc",
        "docx",
        "xls",
        "ics",
        "rss",
        "xml",
        "apk",
    ]
)

SLUG_WORDS = (1, 2, 3, 4, 5, 7)
RUNS = (1, 4, 6, 8, 10)
cdef int[6] slug_steps = SLUG_WORDS
cdef int[5] run_steps = RUNS

# Classes of words in paths: the code of each is its place, from 1.
cdef tuple CLASSES = ("story", "tag", "section", "person", "service")
cdef unsigned int UNDER_TAG = 1 << CLASSES.index("tag") | 1 << CLASSES.index("person")

cdef unsigned char LETTERS[128]


cdef void know_letters() noexcept:
    cdef int letter
    memset(LETTERS, 0, sizeof(LETTERS))
    for letter in range(26):
        LETTERS[c"a" + letter] = LETTERS[c"A" + letter] = LETTER | PLAIN
    for letter in b"0123456789":
        LETTERS[letter] = DIGIT | PLAIN | DECIMAL | FIGURE
    for letter in b"-_+.,;~":
        LETTERS[letter] = MARK
    LETTERS[c"/"] = SLASH

know_letters()


cdef inline unsigned char what_is(Py_UCS4 letter) noexcept:
    """Return what a letter is; case is folded as regular expressions do, where four others are plain letters."""
    if letter < 128:
        return LETTERS[letter]
    if letter == 0x130 or letter == 0x131 or letter == 0x17F or letter == 0x212A:
        return LETTER | PLAIN
    if letter.isdecimal():
        return DECIMAL | FIGURE
    return FIGURE if letter.isdigit() else 0


cdef struct Word:
    uint64_t letters[2]
    unsigned char code  # of its class; 0 where the slot is free

cdef Word WORDS[WORD_SLOTS]


cdef inline bint is_packed(int kind, const void *data, Py_ssize_t first, Py_ssize_t end, Word *into) noexcept:
    """Pack the letters of a segment in lower case, where it may be a word that has a class."""
    cdef unsigned char letters[MAX_WORD]
    cdef Py_ssize_t at
    cdef unsigned int letter
    if not 0 < end - first <= MAX_WORD:
        return False
    memset(letters, 0, MAX_WORD)
    for at in range(first, end):
        letter = PyUnicode_READ(kind, <void *>data, at)
        if letter == 0x212A:  # the sign of the Kelvin, whose small form is that of K
            letter = c"k"
        if letter >= 128 or letter == 0:
            return False
        if c"A" <= letter <= c"Z":
            letter |= 32
        letters[at - first] = letter
    memcpy(into.letters, letters, MAX_WORD)
    return True


cdef inline Word *slot_of(const Word *word) noexcept:
    """Return the slot of a word, or the free one where it would be."""
    cdef unsigned int at = (word.letters[0] * <uint64_t>0x9E3779B97F4A7C15 ^ word.letters[1]) >> 32
    while True:
        at &= WORD_SLOTS - 1
        if not WORDS[at].code or (
            WORDS[at].letters[0] == word.letters[0] and WORDS[at].letters[1] == word.letters[1]
        ):
            return &WORDS[at]
        at += 1


cdef int know_words() except -1:
    cdef Word packed
    cdef str word, name
    memset(WORDS, 0, sizeof(WORDS))
    for word, name in PATH_CLASS.items():
        if not is_packed(PyUnicode_KIND(word), PyUnicode_DATA(word), 0, len(word), &packed):
            raise ValueError(f"names.toml: paths.{name}: {word!r}: give words of at most {MAX_WORD} letters in ASCII")
        packed.code = CLASSES.index(name) + 1
        slot_of(&packed)[0] = packed
    return 0

know_words()


@cython.final
@cython.freelist(256)
cdef class Shape:
    """The form of an address, by which those of one kind are known."""

    @property
    def segments(self):
        """Parts of the path, the file ending off."""
        return tuple(PyUnicode_Substring(self.address, self.path, self.stem_end).split("/")) if self.depth else ()

    @property
    def classes(self):
        """Classes of the words in its path that are known: ``tag``, ``person``, ``service``, ``story``, ..."""
        return frozenset([name for place, name in enumerate(CLASSES) if self.known >> place & 1])

    @property
    def under_tag(self):
        """Whether it lies under a tag or a person."""
        return self.known & UNDER_TAG != 0


cpdef Shape shape_of(str key):
    """Return the shape of an address, given as the canonical key of identity."""
    cdef Py_ssize_t size = len(key), end
    cdef int kind = PyUnicode_KIND(key)
    cdef const void *data = PyUnicode_DATA(key)
    cdef Shape shape = Shape.__new__(Shape)
    end = place_of(kind, data, 0, size, u"/", u"?")
    set_host(shape, key, end)
    shape.address = key
    shape.path = end + 1 if end < size and key[end] == u"/" else end
    end = place_of(kind, data, shape.path, size, u"?", u"?")
    shape.query = end + 1 < size
    shape.stem_end = stem_end(kind, data, shape.path, end)
    shape.ending = PyUnicode_Substring(key, shape.stem_end + 1, end).lower() if shape.stem_end < end else ""
    if end > shape.path:
        read_segments(shape, kind, data)
        shape.dated = shape.run >= MIN_RUN and is_dated(kind, data, shape.path, end)
    set_codes(shape)
    return shape


cdef inline Py_ssize_t place_of(
    int kind, const void *data, Py_ssize_t at, Py_ssize_t end, Py_UCS4 one, Py_UCS4 other
) noexcept:
    """Return where the first of two letters stands, or the end."""
    cdef Py_UCS4 letter
    while at < end:
        letter = PyUnicode_READ(kind, <void *>data, at)
        if letter == one or letter == other:
            break
        at += 1
    return at


cdef inline bint begins_with(str key, str host):
    """Tell whether an address begins with a host that is no longer."""
    if PyUnicode_IS_ASCII(key) and PyUnicode_IS_ASCII(host):
        return memcmp(PyUnicode_DATA(key), PyUnicode_DATA(host), len(host)) == 0
    return PyUnicode_Tailmatch(key, host, 0, len(key), -1)


cdef str last_host = ""
cdef bint last_is_platform = False


cdef int set_host(Shape shape, str key, Py_ssize_t end) except -1:
    """Set the host of an address; most links of a page lead to the host that the one before leads to."""
    global last_host, last_is_platform
    cdef str host
    cdef bint is_one
    if len(last_host) != end or not begins_with(key, last_host):
        host = PyUnicode_Substring(key, 0, end)
        is_one = is_platform(host)
        last_host, last_is_platform = host, is_one  # together, or another thread takes one for the other's
    shape.host, shape.on_platform = last_host, last_is_platform
    return 0


cdef inline Py_ssize_t stem_end(int kind, const void *data, Py_ssize_t path, Py_ssize_t end) noexcept:
    """Return where the file ending of a path begins, with its dot; the end of the path without one."""
    cdef Py_ssize_t at = end - 1
    while at >= path and end - at <= MAX_ENDING and what_is(PyUnicode_READ(kind, <void *>data, at)) & LETTER:
        at -= 1
    if at >= path and end - at > MIN_ENDING and PyUnicode_READ(kind, <void *>data, at) == u".":
        return at
    return end


cdef struct Reading:
    int run  # digits of the number that is read
    int size  # characters of the word that is read
    unsigned char any_is, all_are  # what one of them is, and what all are
    int words, telling  # words of the segment, and those that aren't figures or single letters


cdef void read_segments(Shape shape, int kind, const void *data) noexcept:
    """Read words, numbers and ids in the segments of a path."""
    cdef Reading reading = Reading(0, 0, 0, 0xFF, 0, 0)
    cdef Py_ssize_t at = shape.path, end = shape.stem_end, segment = at
    cdef unsigned char what
    cdef Py_UCS4 letter
    while at < end:
        letter = PyUnicode_READ(kind, <void *>data, at)
        what = what_is(letter)
        at += 1
        if what & LETTER:  # first, since nearly all are letters
            reading.run = 0
            add(&reading, what)
            continue
        if what & DECIMAL:
            reading.run += 1
            shape.run = max(shape.run, reading.run)
        else:
            reading.run = 0
        if what & SLASH:
            end_segment(shape, &reading, kind, data, segment, at - 1)
            segment = at
        elif what & MARK:
            end_word(shape, &reading)
        elif letter == u"%" and is_space(kind, data, at, end):
            end_word(shape, &reading)
            reading.run = 2
            shape.run = max(shape.run, reading.run)
            at += 2
        else:
            add(&reading, what)
    end_segment(shape, &reading, kind, data, segment, end)


cdef inline bint is_space(int kind, const void *data, Py_ssize_t at, Py_ssize_t end) noexcept:
    """Tell whether the figures of an encoded space stand after a percent sign."""
    return (
        at + 1 < end
        and PyUnicode_READ(kind, <void *>data, at) == u"2"
        and PyUnicode_READ(kind, <void *>data, at + 1) == u"0"
    )


cdef inline void add(Reading *reading, unsigned char what) noexcept:
    reading.size += 1
    reading.any_is |= what
    reading.all_are &= what


cdef inline void end_word(Shape shape, Reading *reading) noexcept:
    reading.words += 1
    if reading.size > 1 and not reading.all_are & FIGURE:
        reading.telling += 1
    if reading.size >= MIN_ID and reading.all_are & PLAIN and reading.any_is & LETTER and reading.any_is & DIGIT:
        shape.mixed = True
    reading.size, reading.any_is, reading.all_are = 0, 0, 0xFF


cdef inline void end_segment(
    Shape shape, Reading *reading, int kind, const void *data, Py_ssize_t first, Py_ssize_t end
) noexcept:
    cdef Word word
    end_word(shape, reading)
    if reading.words > 1:
        shape.slug_words = max(shape.slug_words, reading.telling)
    reading.words = reading.telling = 0
    shape.depth += 1
    if is_packed(kind, data, first, end, &word):
        shape.known |= (1 << slot_of(&word).code) >> 1


cpdef double letters_of(Shape shape):
    """Return how many letters a link's text needs for the address to be a story's."""
    if not shape.depth or shape.on_platform or (shape.ending and shape.ending in FILES):
        return NEVER
    if shape.known & UNDER_TAG:
        return MIN_TELLING_UNDER_TAG
    return 0 if shape.slug_words >= MIN_SLUG_WORDS or shape.run >= MIN_DIGITS or shape.mixed else MIN_TELLING


def codes_of(Shape shape not None):
    """Return the signals that an address gives on any page: segments to date, then path and query."""
    cdef list codes = [shape.codes[at] for at in range(CODES)]
    return tuple(codes[:CODES_ALONE]), tuple(codes[CODES_ALONE:])


cdef void set_codes(Shape shape) noexcept:
    shape.codes[0] = min(shape.depth, <int>MOST_SEGMENTS)
    shape.codes[1] = steps_to(shape.slug_words, slug_steps, 6)
    shape.codes[2] = steps_to(shape.run, run_steps, 5)
    shape.codes[3] = shape.mixed
    shape.codes[4] = shape.dated
    shape.codes[5] = 0
    while shape.known >> shape.codes[5]:
        shape.codes[5] += 1
    shape.codes[6] = shape.query


cdef inline unsigned char steps_to(int value, const int *steps, int count) noexcept:
    """Return how many of the ascending steps the value has reached."""
    cdef unsigned char reached = 0
    while reached < count and steps[reached] <= value:
        reached += 1
    return reached


cpdef int likeness(Shape shape, Shape own):
    """Return in how many of five respects an address is built as the page's own."""
    cdef bint ends = shape.ending == own.ending
    cdef bint deep = shape.depth == own.depth
    cdef bint numbered = (shape.run >= MIN_DIGITS) == (own.run >= MIN_DIGITS) and -1 <= shape.run - own.run <= 1
    cdef bint worded = (shape.slug_words >= MIN_SLUG_WORDS) == (own.slug_words >= MIN_SLUG_WORDS)
    cdef bint hosted = shape.host == own.host
    return <int>ends + <int>deep + <int>numbered + <int>worded + <int>hosted


cpdef bint is_above(Shape shape, Shape own):
    """Tell whether the page's own address lies under one of its host, or of its front page."""
    cdef Py_ssize_t size = shape.stem_end - shape.path
    if shape.depth >= own.depth or shape.host != own.host:
        return False
    if not shape.depth:
        return True
    if own.path + size >= own.stem_end or own.address[own.path + size] != u"/":
        return False
    its = PyUnicode_Substring(shape.address, shape.path, shape.stem_end)
    return PyUnicode_Tailmatch(own.address, its, own.path, own.path + size, -1)


cpdef bint holds_date(str text):
    """Tell whether a path or a number in it is a date."""
    return is_dated(PyUnicode_KIND(text), PyUnicode_DATA(text), 0, len(text))


cdef bint is_dated(int kind, const void *data, Py_ssize_t at, Py_ssize_t end) noexcept:
    """Tell whether a date stands in the text: a year, a month in figures or three letters, mostly a day."""
    cdef Py_UCS4 first, second
    while at + 4 < end:
        first = PyUnicode_READ(kind, <void *>data, at)
        second = PyUnicode_READ(kind, <void *>data, at + 1)
        if (
            (first == u"1" and second == u"9" or first == u"2" and second == u"0")
            and PyUnicode_READ(kind, <void *>data, at + 2).isdecimal()
            and PyUnicode_READ(kind, <void *>data, at + 3).isdecimal()
            and is_month_and_day(kind, data, at + 4, end)
        ):
            return True
        at += 1
    return False


cdef bint is_month_and_day(int kind, const void *data, Py_ssize_t at, Py_ssize_t end) noexcept:
    """Tell whether what stands behind a year makes a date of it, read in any way that leads to the end of a word.

    Bits tell how many characters may have been read.
    """
    cdef unsigned int year = 1 | after_mark(kind, data, at, end, 1)
    cdef unsigned int month = after_number(kind, data, at, end, year, u"1") | after_letters(kind, data, at, end, year)
    cdef unsigned int day = after_number(
        kind, data, at, end, month | after_mark(kind, data, at, end, month), u"3"
    )
    cdef unsigned int read = month | day
    if end - at < 32 and read >> (end - at) & 1:
        return True
    return after_mark(kind, data, at, end, read) != 0


cdef inline unsigned int after_mark(
    int kind, const void *data, Py_ssize_t at, Py_ssize_t end, unsigned int read
) noexcept:
    cdef unsigned int after = 0
    cdef Py_UCS4 letter
    cdef int n
    for n in range(10):
        if read >> n & 1 and at + n < end:
            letter = PyUnicode_READ(kind, <void *>data, at + n)
            if letter == u"/" or letter == u"_" or letter == u"-":
                after |= 2 << n
    return after


cdef inline unsigned int after_number(
    int kind, const void *data, Py_ssize_t at, Py_ssize_t end, unsigned int read, Py_UCS4 most
) noexcept:
    """Read one digit, or two of which the first is at most ``most``."""
    cdef unsigned int after = 0
    cdef Py_UCS4 letter
    cdef int n
    for n in range(10):
        if read >> n & 1 and at + n < end:
            letter = PyUnicode_READ(kind, <void *>data, at + n)
            if letter.isdecimal():
                after |= 2 << n
                if u"0" <= letter <= most and at + n + 1 < end and PyUnicode_READ(
                    kind, <void *>data, at + n + 1
                ).isdecimal():
                    after |= 4 << n
    return after


cdef inline unsigned int after_letters(
    int kind, const void *data, Py_ssize_t at, Py_ssize_t end, unsigned int read
) noexcept:
    """Read three small letters."""
    cdef unsigned int after = 0
    cdef int n, letters
    for n in range(10):
        if read >> n & 1:
            letters = 0
            while letters < 3 and at + n + letters < end and u"a" <= PyUnicode_READ(
                kind, <void *>data, at + n + letters
            ) <= u"z":
                letters += 1
            if letters == 3:
                after |= 8 << n
    return after
