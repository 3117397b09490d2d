"""Where the parts of a record lie, in bytes; ``entries.py`` says what they are."""

from libc.stdint cimport uint32_t

cdef enum:
    KEY = 16
    ENTRY = 50
    RECORD = KEY + ENTRY
    FIRST_AT = 0  # these in an entry
    LAST_AT = 4
    END_AT = 8
    RANKS_AT = 12
    REVISION_AT = 16
    DIGEST_AT = 18
    HASHES_AT = 22

ctypedef const unsigned char *Bytes


cdef inline uint32_t number(Bytes at) noexcept nogil:
    """Return the number in four bytes, the greatest first."""
    return <uint32_t>at[0] << 24 | <uint32_t>at[1] << 16 | <uint32_t>at[2] << 8 | at[3]


cdef inline void write(unsigned char *at, uint32_t value) noexcept nogil:
    at[0], at[1], at[2], at[3] = value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255
