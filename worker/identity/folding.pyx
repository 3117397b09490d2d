# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Headlines in one form, so that two ways to write one headline have one key. **Pure**, **total**.

Nearly every letter folds by itself, whatever stands beside it: what it comes to is worked out once and remembered.
Marks that join letters, and letters beyond the first 65,536, take the long way through Unicode's tables.
"""

from cpython.unicode cimport (
    PyUnicode_2BYTE_KIND,
    PyUnicode_DATA,
    PyUnicode_FromKindAndData,
    PyUnicode_KIND,
    PyUnicode_READ,
    Py_UCS2,
)
from libc.stdint cimport uint64_t
from libc.stdlib cimport calloc, free, malloc

import unicodedata

from worker.identity.rules import FOLDING, content, folding

cdef enum:
    WORDS_OF_A_HEADLINE = 2
    LETTERS_WITHOUT_SPACES = 6

    BLOCK = 256
    BLOCKS = 256
    MOST = 4  # letters that one letter folds to
    LETTER_BITS = 16

    # What stands for a letter that folds to nothing, and for one that doesn't fold by itself: both are no letters.
    NOTHING = 0xFFFF
    NOT_ALONE = 0xFFFE

    SHORT = 256  # characters of a text that folds without memory of its own

MIN_WORDS = WORDS_OF_A_HEADLINE
"""Words that make a headline tell one story from another: a single one is a section or a label."""

MIN_LETTERS_WITHOUT_SPACES = LETTERS_WITHOUT_SPACES
"""Letters that do so in scripts that write no spaces between words."""

cdef dict TABLE
cdef str EDGES
TABLE, EDGES = folding(content(FOLDING))
EDGES += " "  # white space ends with the words

# What Unicode's case folding makes of the Turkish capital dotted I; its small form is a plain i.
cdef str DOTTED_I = "i\u0307"

cdef uint64_t *FOLDED[BLOCKS]  # what letters fold to, four of them in a number, the first lowest; 0 is not known yet


cpdef str fold(str text):
    """Return the headline as a key: width, case, quotes, dashes, invisible letters and edges made alike.

    Diacritics stay. Without knowing the language the small dotless i of Turkish stays apart from i, while
    both capitals fold to i.

    Args:
        text: A headline as shown.

    Returns:
        NFC, one space between words; empty where nothing but edge characters is left.
    """
    cdef Py_ssize_t length = len(text)
    cdef Py_UCS2 short[SHORT * MOST]
    cdef Py_UCS2 *letters = short
    if length > SHORT:
        letters = <Py_UCS2 *>malloc(length * MOST * sizeof(Py_UCS2))
        if letters == NULL:
            raise MemoryError
    try:
        length = fold_letters(text, length, letters)
        return long_folded(text) if length < 0 else PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, letters, length)
    finally:
        if letters != short:
            free(letters)


cdef Py_ssize_t fold_letters(str text, Py_ssize_t length, Py_UCS2 *into) except -2:
    """Fold letter by letter and return how many are left; -1 where one doesn't fold by itself."""
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t at, left = 0
    cdef bint spaced = False
    cdef uint64_t folded
    cdef Py_UCS4 letter
    for at in range(length):
        folded = folded_letter(PyUnicode_READ(kind, <void *>data, at))
        if folded == NOT_ALONE:
            return -1
        while folded and folded != NOTHING:
            letter = folded & 0xFFFF
            folded >>= LETTER_BITS
            if letter.isspace():
                spaced = True
            elif left or not is_edge(letter):
                if spaced and left:
                    into[left] = b" "[0]
                    left += 1
                spaced = False
                into[left] = letter
                left += 1
    while left and is_edge(into[left - 1]):
        left -= 1
    return left


cdef inline bint is_edge(Py_UCS4 letter):
    return letter in EDGES


cdef inline uint64_t folded_letter(unsigned int letter) except 0:
    """Return what a letter folds to by itself."""
    if letter >= NOT_ALONE:
        return NOT_ALONE
    cdef uint64_t *block = FOLDED[letter // BLOCK]
    return block[letter % BLOCK] if block != NULL and block[letter % BLOCK] else learned(letter)


cdef uint64_t learned(unsigned int letter) except 0:
    """Work out what a letter folds to by itself, and remember it."""
    cdef uint64_t *block = FOLDED[letter // BLOCK]
    cdef str wide = widened(chr(letter)), whole = case_folded(wide)
    if block == NULL:
        block = FOLDED[letter // BLOCK] = <uint64_t *>calloc(BLOCK, sizeof(uint64_t))
        if block == NULL:
            raise MemoryError
    if stands_alone(wide) and stands_alone(whole) and len(whole) <= MOST:
        block[letter % BLOCK] = packed(whole) if whole else NOTHING
    else:
        block[letter % BLOCK] = NOT_ALONE
    return block[letter % BLOCK]


cdef uint64_t packed(str letters) noexcept:
    cdef uint64_t number = 0
    cdef Py_UCS4 letter
    for letter in reversed(letters):
        number = number << LETTER_BITS | <unsigned int>letter
    return number


cdef bint stands_alone(str letters):
    """Tell whether none of the letters can join another: no mark, and no part of a Korean syllable."""
    cdef Py_UCS4 letter
    for letter in letters:
        if not 0 < letter < NOT_ALONE or 0x1100 <= letter <= 0x11FF or unicodedata.category(letter)[0] == "M":
            return False
    return True


cdef str long_folded(str text):
    return " ".join(case_folded(widened(text)).split()).strip(EDGES)


cdef str widened(str text):
    """Return the text with marks and width made alike."""
    # Twice: NFKC takes U+00B4 apart, and brings forth tatweel from Arabic presentation forms.
    return unicodedata.normalize("NFKC", text.translate(TABLE)).translate(TABLE)


cdef str case_folded(str text):
    return unicodedata.normalize("NFC", text.casefold()).replace(DOTTED_I, "i")


cpdef bint is_identifying(str headline_folded):
    """Tell whether a folded headline is long enough to name one story of a site.

    False for one word, and for less than six letters where the script has no spaces.
    """
    cdef Py_ssize_t letters = 0, words = 0
    cdef bint spaces = True, begun = False
    cdef Py_UCS4 letter
    for letter in headline_folded:
        if letter == u" ":
            begun = False
        elif letter.isalnum():
            letters += 1
            words += not begun
            begun = True
        spaces = spaces and not writes_no_spaces(letter)
    return words >= WORDS_OF_A_HEADLINE if spaces else letters >= LETTERS_WITHOUT_SPACES


cdef inline bint writes_no_spaces(Py_UCS4 letter) noexcept:
    """Tell whether the letter is of a script without spaces between words."""
    if letter < 0x0E00:
        return False
    return (
        letter <= 0x0EFF  # Thai, Lao
        or 0x1000 <= letter <= 0x109F  # Burmese
        or 0x1780 <= letter <= 0x17FF  # Khmer
        or 0x3040 <= letter <= 0x30FF  # Hiragana and Katakana
        or 0x3400 <= letter <= 0x4DBF  # Han, here and below
        or 0x4E00 <= letter <= 0x9FFF
        or 0xF900 <= letter <= 0xFAFF
        or 0x20000 <= letter <= 0x3FFFF
    )
