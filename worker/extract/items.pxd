"""What compiled modules see of found items: whoever makes one may fill it in."""

cdef class FoundItem:
    cdef readonly object form
    cdef readonly int place
    cdef readonly str headline
    cdef readonly str kicker
    cdef readonly str lead
    cdef readonly tuple authors
    cdef readonly str agency
    cdef readonly str url
    cdef readonly str image
    cdef readonly str published_text
    cdef readonly object published_at
    cdef readonly object kind
    cdef readonly str heading
    cdef readonly str where
    cdef readonly frozenset cut
    cdef readonly object settled_as
    cdef readonly object otherwise

cdef FoundItem found_item(object form, int place)
