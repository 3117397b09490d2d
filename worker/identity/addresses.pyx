# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Addresses in one form, so that two links to one story have one key. **Pure**, **total**.

Nearly all addresses of a page are clean: letters, digits and marks that stand for themselves. They are read by
one scan over their characters, in a tenth of a microsecond each; ``worker.identity.odd_addresses`` takes the
others apart.
"""

cimport cython
from cpython.unicode cimport PyUnicode_Substring
from libc.string cimport memcmp, strchr

import re

from worker.identity.domains import is_public_suffix
from worker.identity.hosts import HOSTS_KEPT, parsed_host
from worker.identity.odd_addresses import AUTHORITY, is_encodable, joined, parts_of
from worker.identity.rules import PARAMETERS, STORIES, content, story_patterns, tracking

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)
    const unsigned char *PyUnicode_1BYTE_DATA(object text)

cdef enum:
    MAX_CHARACTERS = 2_048
    ORIGINS_KEPT = 1_024

    # Where a letter of a clean address may stand.
    HOST = 1
    CAPITAL_OF_HOST = 2
    PATH = 4
    QUERY = 8
    OPENING = 16  # of a path: no mark that could make it something else
    AS_IT_IS = 32  # in the one encoding of an address: for itself

MAX_ADDRESS_CHARACTERS = MAX_CHARACTERS
"""Longest address taken. Browsers and sitemaps stop there; what is longer holds data, not a place."""

cdef object AFTER_AUTHORITY = re.compile(r"[/?#]").split
cdef tuple UNCOUNTED_LABELS = ("www.", "m.", "mobile.", "amp.")
cdef tuple DROP_PREFIXES
cdef frozenset DROP_NAMES, KEEP_NAMES
DROP_PREFIXES, DROP_NAMES, KEEP_NAMES = tracking(content(PARAMETERS))
cdef dict STORY_PATTERNS = story_patterns(content(STORIES))

STORY_HOSTS = tuple(STORY_PATTERNS)
"""Hosts that declare story numbers, without a first label www, m, mobile or amp."""

ctypedef const unsigned char *Letters  # of a text in ASCII: a zero follows them

cdef unsigned char PLACES[256]


cdef void place_letters() noexcept:
    cdef int letter
    cdef bint plain
    for letter in range(256):
        plain = c"a" <= (letter | 32) <= c"z" or c"0" <= letter <= c"9"
        PLACES[letter] = 0
        if plain or (letter and strchr("-_~", letter)):
            PLACES[letter] |= OPENING
        if plain or (letter and strchr(".-", letter)):
            PLACES[letter] |= CAPITAL_OF_HOST if c"A" <= letter <= c"Z" else HOST
        if plain or (letter and strchr("._~/!$&'()*+,;=:@-", letter)):
            PLACES[letter] |= PATH | QUERY | AS_IT_IS
    PLACES[c"%"] = PATH | QUERY
    PLACES[c"?"] = QUERY | AS_IT_IS

place_letters()


cdef struct Parts:
    Py_ssize_t host, path, path_end, end  # where they begin, and end; a query stands behind the path
    unsigned char places  # where every letter of path and query may stand
    bint has_capitals  # in its host
    bint has_dots  # at the head of a segment of its path


cdef bint is_clean(Letters url, Py_ssize_t size, Parts *parts) noexcept:
    """Tell whether the address is absolute and clean, apart from its encoding, and read where its parts are."""
    cdef Letters at = url
    cdef unsigned char seen = 0
    if size < 8 or memcmp(at, b"http", 4):
        return False
    at += 5 if at[4] == b"s" else 4
    if memcmp(at, b"://", 3):
        return False
    at += 3
    parts.host = at - url
    while PLACES[at[0]] & (HOST | CAPITAL_OF_HOST):
        seen |= PLACES[at[0]]
        at += 1
    parts.has_capitals = seen & CAPITAL_OF_HOST
    parts.path = at - url
    read_path(url, parts)
    return parts.end == size and parts.path > parts.host


cdef bint is_clean_from_root(Letters href, Py_ssize_t size, Parts *parts) noexcept:
    """Tell whether the link is a clean path from the root of its host, with or without a query, and read its parts."""
    if href[0] != b"/" or (size > 1 and not PLACES[href[1]] & OPENING):
        return False
    parts.path = 0
    read_path(href, parts)
    return parts.end == size


cdef inline void read_path(Letters text, Parts *parts) noexcept:
    """Read a clean path and the query after it, as far as they go."""
    cdef Letters at = text + parts.path
    cdef unsigned char places = 0xFF
    parts.has_dots = False
    if at[0] == b"/":
        while PLACES[at[0]] & PATH:
            places &= PLACES[at[0]]
            if at[0] == b"." and (at - 1)[0] == b"/":
                parts.has_dots = True
            at += 1
    parts.path_end = at - text
    if at[0] == b"?" and parts.path_end > parts.path:
        at += 1
        while PLACES[at[0]] & QUERY:
            places &= PLACES[at[0]]
            at += 1
    parts.places = places
    parts.end = at - text


cdef inline bint is_canonical(const Parts *parts) noexcept:
    """Tell whether nothing of a clean path is encoded, and nothing leads up in it."""
    return parts.places & AS_IT_IS and not parts.has_dots


cpdef str resolve(str href, str base):
    """Return the absolute http(s) address that ``href`` means, as the page has it.

    Args:
        href: A link as it stands in a page, white space and all.
        base: Absolute address that relative links are resolved against; None where there is none.

    Returns:
        None for another scheme, a malformed host or port, a lone surrogate, and what is longer than
        ``MAX_ADDRESS_CHARACTERS``.
    """
    cdef Py_ssize_t size = len(href)
    cdef Letters letters
    cdef Parts parts
    cdef Origin origin
    if PyUnicode_IS_ASCII(href):
        letters = PyUnicode_1BYTE_DATA(href)
        if base is not None and size <= MAX_CHARACTERS and is_clean_from_root(letters, size, &parts):
            origin = origin_of(base)
            return None if origin is None else within_limit(origin.url + href)
        if is_clean(letters, size, &parts) and not parts.has_capitals:
            return None if size > MAX_CHARACTERS or host_at(href, letters, &parts) is None else href
    cdef str url = joined(href, base)
    return None if host_of(url) is None else within_limit(url)


cpdef str address_key(str url):
    """Return the canonical form of an absolute address: what identity compares.

    ``host/path?query`` without scheme, first label www, m, mobile or amp, default port, fragment and known
    tracking parameters; or ``host#number`` on a host that declares story numbers.

    Returns:
        None for what is no absolute http(s) address within the limits of ``resolve``.
    """
    cdef Py_ssize_t size = len(url)
    cdef Letters letters
    cdef Parts parts
    cdef CountedHost host
    if size > MAX_CHARACTERS:
        return None
    if PyUnicode_IS_ASCII(url):
        letters = PyUnicode_1BYTE_DATA(url)
        if is_clean(letters, size, &parts) and is_canonical(&parts):
            host = host_at(url, letters, &parts)
            return None if host is None else key_at(host, url, &parts)
    return odd_key(url)


cdef str clean_key(str href, Origin origin):
    """Return the key of the address that a clean link means; None for any other link, which may have one as well.

    Args:
        href: A link as it stands in a page.
        origin: Of the base; None where there is none.
    """
    cdef Py_ssize_t size = len(href)
    cdef Letters letters
    cdef Parts parts
    cdef CountedHost host = None
    if not PyUnicode_IS_ASCII(href) or size > MAX_CHARACTERS:
        return None
    letters = PyUnicode_1BYTE_DATA(href)
    if is_clean(letters, size, &parts):
        if not parts.has_capitals and is_canonical(&parts):
            host = host_at(href, letters, &parts)
    elif origin is not None and is_clean_from_root(letters, size, &parts) and is_canonical(&parts):
        if size + len(origin.url) <= MAX_CHARACTERS:
            host = origin.host
    return None if host is None else key_at(host, href, &parts)


def host_of(str url not None):
    """Return the host of an absolute http(s) address, lower case and in A-labels, or None without one."""
    authority = AUTHORITY(url)
    host = None if authority is None else parsed_host(authority[1])
    return None if host is None else host.name


def is_front_page(str url not None):
    """Tell whether the address is that of a host itself, which names no story."""
    cdef str key = address_key(url)
    return key is not None and not ("/" in key or "?" in key or "#" in key)


@cython.final
cdef class CountedHost:
    """A host as it counts, and how it writes the numbers of its stories."""

    def __cinit__(self, str name not None):
        self.name = name
        self.number = STORY_PATTERNS.get(name)


@cython.final
cdef class Origin:
    """Scheme and authority of an address, and its host where the two are clean."""

    def __cinit__(self, str url not None):
        cdef Parts parts
        self.url = url
        if PyUnicode_IS_ASCII(url) and is_clean(PyUnicode_1BYTE_DATA(url), len(url), &parts):
            self.host = counted_host(url[parts.host :])


cdef dict ORIGINS = {}


cdef Origin origin_of(str base):
    """Return the origin of ``base``, or None where it is no usable address."""
    if base in ORIGINS:
        return ORIGINS[base]
    if len(ORIGINS) == ORIGINS_KEPT:
        ORIGINS.clear()
    cdef str scheme, rest
    cdef Origin origin = None
    if host_of(base) is not None:
        scheme, _, rest = base.partition("://")
        origin = Origin(f"{scheme}://{AFTER_AUTHORITY(rest, maxsplit=1)[0]}")
    ORIGINS[base] = origin
    return origin


cdef dict HOSTS = {}
cdef str last_authority = ""
cdef CountedHost last_host = None


cdef CountedHost host_at(str url, Letters letters, const Parts *parts):
    """Return the host of a clean address; most links of a page lead to the host that the one before leads to."""
    global last_authority, last_host
    cdef Py_ssize_t size = parts.path - parts.host
    cdef str authority
    cdef CountedHost host
    if len(last_authority) == size and not memcmp(PyUnicode_1BYTE_DATA(last_authority), letters + parts.host, size):
        return last_host
    authority = PyUnicode_Substring(url, parts.host, parts.path)
    host = counted_host(authority)
    last_authority, last_host = authority, host  # together, or another thread takes one for the other's
    return host


cdef CountedHost counted_host(str authority):
    """Return host and port as they count: without a first label that names a form of the site."""
    if authority in HOSTS:
        return HOSTS[authority]
    if len(HOSTS) == HOSTS_KEPT:
        HOSTS.clear()
    host = parsed_host(authority)
    counted = HOSTS[authority] = None if host is None else CountedHost(counted_name(host.name) + host.port)
    return counted


cdef str counted_name(str name):
    cdef str label, rest
    for label in UNCOUNTED_LABELS:
        rest = name.removeprefix(label)
        if rest != name and "." in rest and not is_public_suffix(rest):
            return rest
    return name


cdef str odd_key(str url):
    """Return the key of an address that may hold anything."""
    cdef str authority, path, query
    parts = parts_of(url)
    if parts is None:
        return None
    authority, path, query = parts
    cdef CountedHost host = counted_host(authority)
    return None if host is None else key_of(host, path, 0, len(path), query)


cdef inline str key_at(CountedHost host, str text, const Parts *parts):
    cdef str query = "" if parts.end == parts.path_end else PyUnicode_Substring(text, parts.path_end + 1, parts.end)
    return key_of(host, text, parts.path, parts.path_end, query)


cdef str key_of(CountedHost host, str text, Py_ssize_t path, Py_ssize_t end, str query):
    """Return the key of parts that are in their one form already, but for the tail of the path and the query.

    Args:
        host: The host.
        text: The path stands in it from ``path`` to ``end``.
        path: Where the path begins.
        end: Where it ends.
        query: Its parameters, in their one encoding.
    """
    if end > path and text[end - 1] == "/":
        end -= 1
    if end - path >= 4 and text[end - 4] in "/." and text[end - 3 : end] == "amp":
        end -= 4
    cdef str its = PyUnicode_Substring(text, path, end)
    if host.number is not None and (number := host.number.search(its)) is not None:
        return f"{host.name}#{number['id']}"
    query = counted_query(query) if query else query
    return f"{host.name}{its}?{query}" if query else host.name + its


cdef str counted_query(str query):
    """Return the parameters that may name a story, ordered by name; equal names keep their order."""
    cdef list counted = [pair for pair in query.split("&") if pair and not is_tracking(parameter_name(pair).lower())]
    if len(counted) > 1:
        counted.sort(key=parameter_name)
    return "&".join(counted)


cpdef str parameter_name(str pair):
    return pair.partition("=")[0]


cdef bint is_tracking(str name):
    return name not in KEEP_NAMES and (name in DROP_NAMES or name.startswith(DROP_PREFIXES))


cdef str within_limit(str url):
    return url if len(url) <= MAX_CHARACTERS and (PyUnicode_IS_ASCII(url) or is_encodable(url)) else None
