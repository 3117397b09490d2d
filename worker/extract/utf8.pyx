# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Whether bytes are UTF-8, told without reading them into text. **Pure**, **total**.

Python's decoder proves it, too, and makes a text of up to four times their size while it does so: the parser takes
the bytes as they are, and few pages are ever asked for their text.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint64_t
from libc.string cimport memcpy

cdef enum:
    WORDS = 4  # looked at at once as long as they are ASCII
    STRIDE = 8 * WORDS

cdef uint64_t HIGH_BITS = 0x8080808080808080

ctypedef const unsigned char *Bytes


def is_utf8(bytes body not None):
    """Tell whether a strict decoder takes ``body``: nothing cut, overlong, surrogate or beyond U+10FFFF."""
    cdef Bytes at = <Bytes>PyBytes_AS_STRING(body)
    cdef Bytes end = at + PyBytes_GET_SIZE(body)
    cdef int size
    while True:
        at = past_ascii(at, end)
        if at == end:
            return True
        while at < end and at[0] >= 0x80:
            size = letter_size(at, end)
            if size == 0:
                return False
            at += size


cdef inline Bytes past_ascii(Bytes at, Bytes end) noexcept nogil:
    """Return the first byte from ``at`` on that is not ASCII, ``end`` where all are."""
    cdef uint64_t words[WORDS]
    while end - at >= STRIDE:
        memcpy(words, at, STRIDE)
        if (words[0] | words[1] | words[2] | words[3]) & HIGH_BITS:
            break
        at += STRIDE
    while at < end and at[0] < 0x80:
        at += 1
    return at


cdef inline int letter_size(Bytes at, Bytes end) noexcept nogil:
    """Return the bytes of the letter at ``at``, which is not ASCII; 0 where they are none."""
    cdef unsigned char lead = at[0], low = 0x80, high = 0xBF
    cdef int size, n
    if 0xC2 <= lead <= 0xDF:
        size = 2
    elif 0xE0 <= lead <= 0xEF:
        size = 3
        if lead == 0xE0:
            low = 0xA0  # below are overlong forms
        elif lead == 0xED:
            high = 0x9F  # above are surrogates
    elif 0xF0 <= lead <= 0xF4:
        size = 4
        if lead == 0xF0:
            low = 0x90
        elif lead == 0xF4:
            high = 0x8F  # above is no Unicode
    else:
        return 0
    if end - at < size or not low <= at[1] <= high:
        return 0
    for n in range(2, size):
        if at[n] & 0xC0 != 0x80:
            return 0
    return size
