# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a reader sees of an article, as a digest and as a number of words. **Pure**, **total**."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ

from hashlib import blake2b

FINGERPRINT_BYTES = 16

_PART, _NAME = "\x1f", "\x1e"


def fingerprint(str headline not None, authors, str agency, str lead, body):
    """Return the digest of what a reader sees: 32 hex digits. Another comma makes another one."""
    parts = (headline, _NAME.join(authors), agency or "", lead or "", *body)
    return blake2b(_PART.join(parts).encode("utf-8", "replace"), digest_size=FINGERPRINT_BYTES).hexdigest()


def word_count(texts):
    """Return the number of words of the texts; in scripts without spaces each letter is one."""
    cdef Py_ssize_t total = 0
    cdef str text
    for text in texts:
        total += words_in(text)
    return total


cdef Py_ssize_t words_in(str text) noexcept:
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t at, found = 0
    cdef Py_UCS4 letter
    cdef bint is_blank, after_blank = True
    for at in range(PyUnicode_GET_LENGTH(text)):
        letter = PyUnicode_READ(kind, data, at)
        if parts_no_words(letter):
            found += 1
            after_blank = True
        else:
            is_blank = letter.isspace()
            found += after_blank and not is_blank
            after_blank = is_blank
    return found


cdef inline bint parts_no_words(Py_UCS4 letter) noexcept:
    """Tell whether the letter is of a script that parts no words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
    return letter >= 0x0E00 and (
        letter <= 0x0EFF
        or 0x1000 <= letter <= 0x109F
        or 0x1780 <= letter <= 0x17FF
        or 0x3040 <= letter <= 0x30FF
        or 0x3400 <= letter <= 0x4DBF
        or 0x4E00 <= letter <= 0x9FFF
        or 0xF900 <= letter <= 0xFAFF
    )
