# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Small questions about short texts. **Pure**, **total**."""

from cpython.unicode cimport PyUnicode_1BYTE_KIND, PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ

from worker.extract.lexicon.lookups cimport boilerplate_class, heading_kind

import re

from worker.extract.lexicon import month_number

cdef object DATE = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d\d|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|"
    r"\d{1,2}月\d{1,2}日|\d+\s?(?:分|時間|日|小时|小時|분|시간|일)\s?(?:前|전)"
).search
cdef object AGO = re.compile(
    r"\b\d+\s*(?:h|m|d|min|mins|hr|hrs|hours?|minutes?|days?|weeks?|months?|years?|"
    r"std|stunden?|tage?n?|dage?|timer?)\b",
    re.IGNORECASE,
).search
cdef object WORDS = re.compile(r"[^\W\d_]+").findall

cdef enum:
    MAX_DATE = 60
    MAX_LABEL = 60

    # Characters beside a date in figures (a weekday, a place), and words of a written one.
    MAX_BESIDE_DATE = 25
    MAX_DATE_WORDS = 5

    # Characters of a count, and letters among them: "4 min", "1,204".
    MAX_COUNT = 12
    MAX_COUNT_LETTERS = 3

    # Short texts remembered: each is asked about as a part of its card and as the card's own.
    TEXTS_KEPT = 4_096

cdef double WIDE = 2.5

LONGEST_DATE = MAX_DATE
"""Characters of the longest date; a sentence with a date in it is longer."""

LONGEST_LABEL = MAX_LABEL
"""Characters of the longest text that is looked up as a label; longer ones are headlines and leads."""

WIDEST = WIDE
"""Letters of an alphabet that one of a script without spaces counts for."""

cdef dict LABELS = {}
cdef dict DATES = {}


cpdef double size(str text):
    """Return the length of a text in letters of an alphabet."""
    cdef Py_ssize_t length = len(text), wide = 0, at
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_UCS4 letter
    if kind == PyUnicode_1BYTE_KIND:
        return length
    for at in range(length):
        letter = PyUnicode_READ(kind, data, at)
        wide += 0x2E80 <= letter <= 0xD7AF or 0xF900 <= letter <= 0xFFDC
    return length + (WIDE - 1) * wide


cpdef int label(str text):
    """Return 1 for a label of the frame ("Share"), 2 for a heading over a block ("Related"), 0 for any other text."""
    if len(text) > MAX_LABEL:
        return 0
    known = LABELS.get(text)
    if known is None:
        if len(LABELS) == TEXTS_KEPT:
            LABELS.clear()
        known = LABELS[text] = 1 if boilerplate_class(text) else 2 if heading_kind(text) else 0
    return known


cpdef bint is_date(str text):
    """Tell whether the text says when, and hardly anything else."""
    if len(text) > MAX_DATE or not has_decimal(text):
        return False
    known = DATES.get(text)
    if known is None:
        if len(DATES) == TEXTS_KEPT:
            DATES.clear()
        known = DATES[text] = says_when(text)
    return known


cpdef bint is_count(str text):
    """Tell whether the text is a number with at most one word: a rank, a count of comments, a length."""
    cdef int letters = 0
    cdef bint counts = False
    cdef Py_UCS4 letter
    if len(text) > MAX_COUNT:
        return False
    for letter in text:
        if letter.isalpha():
            letters += 1
        elif letter.isdigit():
            counts = True
    return counts and letters <= MAX_COUNT_LETTERS


cdef bint has_decimal(str text):
    cdef Py_UCS4 letter
    for letter in text:
        if letter.isdecimal():
            return True
    return False


cdef bint says_when(str text):
    """Tell whether a short text with a digit is a date."""
    cdef str word
    match = DATE(text) or AGO(text)
    if match is not None and len(text) - len(match[0]) <= MAX_BESIDE_DATE:
        return True
    cdef list words = WORDS(text)
    if len(words) <= MAX_DATE_WORDS:
        for word in words:
            if month_number(word) is not None:
                return True
    return False
