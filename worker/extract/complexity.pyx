# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Pages that would cost the parser seconds, recognised by a look at their bytes before it sees them.

Lexbor's work grows with the square of two things: how deep blocks are nested (each start tag of a block looks
through all open elements: 2.2 ns a step) and how many attributes an element has (each new one is compared with
all before: 1.7 ns times their square). Both are estimated here in a few samples, and counted exactly only where
the samples are suspicious: a hundredth of the parse on usual pages.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint64_t
from libc.string cimport memchr, memcpy

import re

from worker.extract.errors import TooComplex
from worker.extract.limits import DEFAULT_LIMITS

MAX_NESTING_WORK = 200_000_000
"""Open elements looked through, summed over all tags: .45 s of the parser. Pages stay under 200,000."""

MAX_ATTRIBUTE_WORK = 600_000_000
"""Sum of the squares of the attributes of each element: 1 s of the parser. Pages stay under a million."""

cdef enum:
    FEW_TAGS = 15_000  # that can't make much work however they are nested: half their square is under the limit
    SHORTEST_TAG = 4  # bytes of `<ul>`, the shortest block that nests
    SHORTEST_ATTRIBUTE = 3  # bytes of a blank and a name of two letters: shorter names are too few to matter
    SAMPLE = 512  # bytes
    SAMPLED = 16  # one sample in so many tells the number of tags: 3 us for 284 kB
    MANY_VALUES = 20  # signs of equality in a sample worth a look: tags with classes and addresses have 15

    WORD = 8  # bytes

cdef uint64_t EACH = 0x0101010101010101
cdef uint64_t SEVEN_BITS = 0x7F7F7F7F7F7F7F7F

ctypedef const unsigned char *Bytes

_TAG = re.compile(
    rb"<(?:!--(?:.*?-->|.*)|(?:script|style)\b.*?</(?:script|style)|(/?[a-zA-Z][^\s/>]*+))", re.IGNORECASE | re.DOTALL
)

_VALUE = re.compile(rb"=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+)")

_NEVER_OPEN = frozenset(
    b"area base br col embed hr img input link meta param source track wbr frame basefont bgsound keygen".split()
)
"""Elements without content: they hold nothing."""

_USUAL = frozenset(b"p /p div /div span /span a /a li /li td /td tr /tr".split())
"""Names that need no folding of case; it takes as long as all else that is done with a tag."""

_ENDS_ITS_LIKE = frozenset(b"p li dt dd option tr td th thead tbody".split())
"""Elements that end an open one of the same name, which most pages leave to the parser."""


def refuse_complex(bytes html not None, limits=DEFAULT_LIMITS):
    """Raise ``TooComplex`` for a page that the parser would choke on. Pure.

    Args:
        html: The page in UTF-8 or another character set that keeps ASCII.
        limits: The ``Limits``: how many elements are read.

    Raises:
        TooComplex: Parsing would take over a second, or there are too many elements.
    """
    if may_be_deep(html):
        if (elements := html.count(b"<") - html.count(b"</")) > limits.max_elements:
            raise TooComplex(f"{elements} elements, the limit is {limits.max_elements}")
        if (work := nesting_work(html)) > MAX_NESTING_WORK:
            raise TooComplex(f"nested too deep, {work} steps through open elements, the limit is {MAX_NESTING_WORK}")
    if (work := attribute_work(html)) > MAX_ATTRIBUTE_WORK:
        raise TooComplex(f"an element has too many attributes, {work} comparisons, the limit is {MAX_ATTRIBUTE_WORK}")


cdef bint may_be_deep(bytes html):
    """Tell whether there are so many tags that their nesting must be looked at."""
    cdef Bytes start = <Bytes>PyBytes_AS_STRING(html)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(html), at = 0, seen = 0
    if size < FEW_TAGS * SHORTEST_TAG:
        return False
    while at < size:
        seen += count(start + at, start + min(at + SAMPLE, size), c"<")
        at += SAMPLED * SAMPLE
    return seen * SAMPLED > FEW_TAGS // 2 and count(start, start + size, c"<") > FEW_TAGS


cdef Py_ssize_t count(Bytes at, Bytes end, unsigned char byte) noexcept nogil:
    """Return how often a byte stands before ``end``, eight compared at once."""
    cdef uint64_t wanted = byte * EACH, word, differs
    cdef Py_ssize_t found = 0
    while end - at >= WORD:
        memcpy(&word, at, WORD)
        word ^= wanted
        differs = (((word & SEVEN_BITS) + SEVEN_BITS) | word) >> 7 & EACH  # 1 in each byte that is another
        found += WORD - (differs * EACH >> 56)
        at += WORD
    while at < end:
        found += at[0] == byte
        at += 1
    return found


def nesting_work(bytes html not None):
    """Return the sum over all tags of the elements open at each, as a parser would count them.

    It stops counting at the limit. End tags that close nothing are passed over, as the parser does.
    """
    cdef Py_ssize_t work = 0, depth = 0
    cdef list open_names = []
    cdef dict open_counts = {}
    cdef bytes raw, name
    for raw in _TAG.findall(html):
        if not raw:  # a comment, a script or a style: nothing is open after it
            continue
        name = raw if raw in _USUAL else raw.lower()
        if name[0] == c"/":
            name = name[1:]
            if open_counts.get(name):
                _close(name, open_names, open_counts)
                depth = len(open_names)
        elif name not in _NEVER_OPEN and not (name in _ENDS_ITS_LIKE and depth and open_names[depth - 1] == name):
            open_names.append(name)
            open_counts[name] = open_counts.get(name, 0) + 1
            depth += 1
        work += depth
        if work > MAX_NESTING_WORK:
            break
    return work


cdef _close(bytes name, list open_names, dict open_counts):
    """Take off the open elements up to the last of that name; there is one."""
    while (last := open_names.pop()) != name:
        open_counts[last] -= 1
    open_counts[name] -= 1


def attribute_work(bytes html not None):
    """Return the sum of the squares of the numbers of attributes, over elements that have very many.

    An element with enough of them to matter is a long stretch without ``>``, or one full of ``=`` where ``>``
    stands in quotes. Such stretches are looked for in steps, and only those that lie inside a tag are counted. All
    other elements count as nothing.
    """
    cdef Bytes start = <Bytes>PyBytes_AS_STRING(html)
    cdef Bytes end = start + PyBytes_GET_SIZE(html), at = start, after
    cdef Py_ssize_t opening
    cdef Py_ssize_t enough = SHORTEST_ATTRIBUTE * MAX_ATTRIBUTE_WORK // max(end - start, 1)
    cdef Py_ssize_t step = max(enough * SHORTEST_ATTRIBUTE // 2, 64)
    work = 0
    while at < end:
        if memchr(at, c">", min(step, end - at)) == NULL or count(at, min(at + SAMPLE, end), c"=") > MANY_VALUES:
            opening = html.rfind(b"<", max(at - start - step, 0), at - start + 1)
            after = end_of_attributes(start + opening, end) if opening >= 0 else NULL
            if after != NULL and after - at > SAMPLE:
                work += attribute_count(html[opening : after - start]) ** 2
                at = after
        if end - at <= step:
            break
        at += step
    return work


cdef Bytes end_of_attributes(Bytes at, Bytes end) noexcept nogil:
    """Return where the attributes of the start tag at ``at`` end; NULL where that is no start tag with attributes."""
    cdef unsigned char quote
    at += 1
    if at == end or not is_letter(at[0]):
        return NULL
    while at < end and (is_letter(at[0]) or c"0" <= at[0] <= c"9" or at[0] in (c":", c"_", c"-")):
        at += 1
    if at == end or not (is_space(at[0]) or at[0] == c"/"):
        return NULL
    at += 1
    while at < end and at[0] != c">":
        if at[0] != c"=":
            at += 1
            continue
        at += 1
        while at < end and is_space(at[0]):
            at += 1
        if at < end and at[0] in (c'"', c"'"):
            quote = at[0]
            at = <Bytes>memchr(at + 1, quote, end - at - 1)
            if at == NULL:
                return end
            at += 1
    return at


cdef inline bint is_letter(unsigned char byte) noexcept nogil:
    return c"a" <= byte | 0x20 <= c"z"


cdef inline bint is_space(unsigned char byte) noexcept nogil:
    return byte == c" " or c"\t" <= byte <= c"\r"


cdef Py_ssize_t attribute_count(bytes tag) except -1:
    """Return how many attributes a start tag has, its name counted as one."""
    return len(_VALUE.sub(b" ", tag).replace(b"/", b" ").split())
