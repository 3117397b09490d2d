"""Where a number stands among sorted ones, which may be a field of structs."""


cdef inline int first_from(const int *numbers, size_t step, int count, int least) noexcept nogil:
    """Return the place of the first that is ``least`` or more, their count for none; they lie ``step`` bytes apart."""
    cdef int first = 0, middle
    while first < count:
        middle = (first + count) // 2
        if (<const int *>(<const char *>numbers + middle * step))[0] < least:
            first = middle + 1
        else:
            count = middle
    return first
