# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a link points to: its address, and how much that looks like a story's. **Pure**, **total**.

Publishers build addresses by rules: a story has a slug of many words, a number or a date; a section is the head
of other addresses. The page's own address says how its site writes those of stories.
"""

cimport cython
from cpython.unicode cimport PyUnicode_FindChar

from worker.extract.teasers.shapes cimport Shape, holds_date, letters_of, shape_of
from worker.identity.addresses cimport address_key, clean_key, origin_of, resolve

import re

from worker.extract.teasers.shapes import codes_of

cdef enum:
    # Digits from which the number of the page's own address marks another form of the page wherever it stands, and
    # words from which its slug does so.
    MIN_OWN_NUMBER = 6
    MIN_OWN_SLUG = 4

# Links that lead to what readers say of a story, not to the story.
cdef object TO_COMMENTS = re.compile(r"#(?:comment|respond|disqus|repl|kommentar|coral|discuss)", re.IGNORECASE).search

# Links that lead to no page, by their beginning.
cdef object NOT_PAGES = re.compile(r"(?:javascript:|mailto:|tel:|sms:|whatsapp:|data:|about:)", re.IGNORECASE).match

cdef object DIGIT_RUNS = re.compile(r"\d+").findall


@cython.final
@cython.freelist(256)
cdef class Target:
    """One address that pages link to.

    ``path`` is the key without its query; ``letters`` are those that a link's text needs for this to be a story:
    0 where the address tells by itself.
    """

    cdef tuple paths_above(self):
        cdef list found
        cdef Py_ssize_t at
        if self._above is None:
            found = []
            at = self.path.rfind("/")
            while at > 0:
                found.append(self.path[:at])
                at = self.path.rfind("/", 0, at)
            self._above = tuple(found)
        return self._above

    @property
    def above(self):
        """The paths that the address lies under."""
        return self.paths_above()

    @property
    def codes(self):
        """Signals of the address by itself, as ``codes_of`` gives them."""
        return codes_of(self.shape)


cdef Target target_of(str url, str key):
    cdef Target target = Target.__new__(Target)
    target.url, target.key = url, key
    target.path = without_query(key)
    target.shape = shape_of(written(url, key))
    target.letters = letters_of(target.shape)
    return target


@cython.final
cdef class Page:
    """The page's own addresses, against which those of its links are seen."""

    def __init__(self, str base, frozenset keys not None, str url):
        cdef str key = address_key(url) if url else None
        cdef list segments = [shape_of(each).segments for each in keys]
        self.base = base
        self.origin = origin_of(base) if base else None
        self.root = base if self.origin is None else self.origin.url
        self.keys = keys
        self.shape = shape_of(written(url, key)) if key else None
        self.host = self.shape.host if key else ""
        self.tail = tail_of(self.host)
        self.paths = frozenset([each for each in keys if "?" not in each])
        self.numbers = frozenset([digits for each in segments for digits in own_numbers(each)])
        self.slugs = frozenset([segment for each in segments for segment in each if is_own_slug(segment)])
        self.marks = (*self.numbers, *self.slugs, *self.paths)

    cpdef Target target(self, str href):
        """Return what a link points to; None where that is no page, or what readers say of one."""
        cdef str url, key = clean_key(href, self.origin)
        if key is not None:
            return target_of(self.root + href if href[0] == u"/" else href, key)
        if leads_to_no_page(href):
            return None
        # Of a base only the origin counts for most links, so that they are remembered from page to page.
        url = resolve(href, self.root if is_absolute(href) else self.base)
        key = address_key(url) if url else None
        return target_of(url, key) if key else None

    cpdef int distance(self, Shape shape):
        """Return 0 for an address on the page's own host, 1 on another host of its site, 2 elsewhere."""
        if shape.host == self.host:
            return 0
        return 1 if self.host and shape.host.endswith(self.tail) else 2

    cpdef bint is_own(self, str key):
        """Tell whether the address is a form of the page: the same path, slug or number."""
        cdef str path
        if key in self.keys:
            return True
        if not self.is_near(key):
            return False
        path = without_query(key)
        if len(path) + 1 < len(key) and path in self.paths:
            return True
        if (
            self.numbers
            and not self.numbers.isdisjoint(DIGIT_RUNS(path))
            and path.partition("/")[0].endswith(self.tail)
        ):
            return True
        return bool(self.slugs) and not self.slugs.isdisjoint(shape_of(key).segments)

    cdef bint is_near(self, str key):
        """Tell whether the address holds a number, slug or path of the page's own, on its site."""
        cdef str mark
        for mark in self.marks:
            if mark in key:
                return key.partition("/")[0].partition("?")[0].endswith(self.tail)
        return False


cdef bint leads_to_no_page(str href):
    """Tell whether a link leads to no page, or to what readers say of one; hardly any does that looks like a path."""
    cdef Py_ssize_t size = len(href), at = 0
    while at < size and href[at].isspace():
        at += 1
    if at == size or href[at] == u"#":
        return True
    if href[at] != u"/" and href[at] != u"h" and NOT_PAGES(href, at):
        return True
    return "#" in href and TO_COMMENTS(href) is not None


cdef bint is_absolute(str href):
    """Tell whether a link is an address or begins at the root of its host."""
    if href.startswith("/"):
        return True
    cdef Py_ssize_t at = 8 if href.startswith("https://") else 7
    return at < len(href) and href[at] < 128 and href[at].isalnum() and (at == 8 or href.startswith("http://"))


cdef list own_numbers(tuple segments):
    """Return the numbers of the last segment that are long enough to be the page's own, and no dates."""
    cdef str last = segments[len(segments) - 1] if segments else ""
    return [each for each in DIGIT_RUNS(last) if len(each) >= MIN_OWN_NUMBER and not holds_date(each)]


cdef bint is_own_slug(str segment):
    """Tell whether a segment has words enough to be the slug of the page."""
    return shape_of(f"/{segment}/").slug_words >= MIN_OWN_SLUG


cdef str written(str url, str key):
    """Return the address as its shape is read: of a host that declares story numbers the key has no path."""
    if PyUnicode_FindChar(key, u"#", 0, len(key), 1) < 0:
        return key
    return key.partition("#")[0] + "/" + without_query(url.partition("#")[0]).partition("://")[2].partition("/")[2]


cdef str without_query(str address):
    cdef Py_ssize_t at = PyUnicode_FindChar(address, u"?", 0, len(address), 1)
    return address if at < 0 else address[:at]


cdef str tail_of(str host):
    """Return the last two labels of a host."""
    return host[host.rfind(".", 0, host.rfind(".")) + 1 :]
