"""Pages that would cost the parser seconds, recognised by a look at their bytes before it sees them.

Lexbor's work grows with the square of two things: how deep blocks are nested (each start tag of a block looks
through all open elements: 2.2 ns a step) and how many attributes an element has (each new one is compared with
all before: 1.7 ns times their square). Both are estimated here in a few samples, and counted exactly only where
the samples are suspicious: a twentieth of the parse on usual pages.
"""

import re
from collections import Counter

from worker.extract.errors import TooComplex
from worker.extract.limits import DEFAULT_LIMITS, Limits

MAX_NESTING_WORK = 200_000_000
"""Open elements looked through, summed over all tags: .45 s of the parser. Pages stay under 200,000."""

MAX_ATTRIBUTE_WORK = 600_000_000
"""Sum of the squares of the attributes of each element: 1 s of the parser. Pages stay under a million."""

_FEW_TAGS = 15_000
"""Tags that can't make much work however they are nested: half their square is under the limit."""

_SHORTEST_TAG_BYTES = 4
"""``<ul>``: the shortest block that nests."""

_SHORTEST_ATTRIBUTE_BYTES = 3
"""A blank and a name of two letters: shorter names are too few to matter."""

_SAMPLE_BYTES = 512
_SAMPLE_STEP_BYTES = 16 * _SAMPLE_BYTES
"""A sixteenth of the page is looked at to estimate the number of tags: 12 µs for 284 kB, where all of it takes 95."""

_MANY_VALUES = 20
"""Signs of equality in a sample that are worth a look: tags with classes and addresses have 15."""

_TAG = re.compile(
    rb"<(?:!--(?:.*?-->|.*)|(?:script|style)\b.*?</(?:script|style)|(/?[a-zA-Z][^\s/>]*+))", re.IGNORECASE | re.DOTALL
)

_START_TAG = re.compile(rb"<[a-zA-Z][a-zA-Z0-9:_-]*+[\s/][^>=]*+(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)?[^>=]*+)*+")
_VALUE = re.compile(rb"=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+)")

_NEVER_OPEN = frozenset(
    b"area base br col embed hr img input link meta param source track wbr frame basefont bgsound keygen".split()
)
"""Elements without content: they hold nothing."""

_USUAL = frozenset(b"p /p div /div span /span a /a li /li td /td tr /tr".split())
"""Names that need no folding of case; it takes as long as all else that is done with a tag."""

_ENDS_ITS_LIKE = frozenset(b"p li dt dd option tr td th thead tbody".split())
"""Elements that end an open one of the same name, which most pages leave to the parser."""


def refuse_complex(html: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raise ``TooComplex`` for a page that the parser would choke on. Pure.

    Args:
        html: The page in UTF-8 or another character set that keeps ASCII.
        limits: How many elements are read.

    Raises:
        TooComplex: Parsing would take over a second, or there are too many elements.
    """
    if _may_be_deep(html):
        if (elements := html.count(b"<") - html.count(b"</")) > limits.max_elements:
            raise TooComplex(f"{elements} elements, the limit is {limits.max_elements}")
        if (work := nesting_work(html)) > MAX_NESTING_WORK:
            raise TooComplex(f"nested too deep, {work} steps through open elements, the limit is {MAX_NESTING_WORK}")
    if (work := attribute_work(html)) > MAX_ATTRIBUTE_WORK:
        raise TooComplex(f"an element has too many attributes, {work} comparisons, the limit is {MAX_ATTRIBUTE_WORK}")


def _may_be_deep(html: bytes) -> bool:
    """Tell whether there are so many tags that their nesting must be looked at."""
    if len(html) < _FEW_TAGS * _SHORTEST_TAG_BYTES:
        return False
    count = html.count
    seen = sum(count(b"<", at, at + _SAMPLE_BYTES) for at in range(0, len(html), _SAMPLE_STEP_BYTES))
    return seen * (_SAMPLE_STEP_BYTES // _SAMPLE_BYTES) > _FEW_TAGS // 2 and count(b"<") > _FEW_TAGS


def nesting_work(html: bytes) -> int:
    """Return the sum over all tags of the elements open at each, as a parser would count them.

    It stops counting at the limit. End tags that close nothing are passed over, as the parser does.
    """
    work = depth = 0
    open_names: list[bytes] = []
    open_counts: Counter[bytes] = Counter()
    for raw in _TAG.findall(html):
        name = raw if raw in _USUAL else raw.lower()
        if name[:1] == b"/":
            if open_counts[name[1:]]:
                _close(name[1:], open_names, open_counts)
                depth = len(open_names)
        elif name not in _NEVER_OPEN and not (name in _ENDS_ITS_LIKE and depth and open_names[-1] == name):
            open_names.append(name)
            open_counts[name] += 1
            depth += 1
        work += depth
        if work > MAX_NESTING_WORK:
            break
    return work


def _close(name: bytes, open_names: list[bytes], open_counts: Counter[bytes]) -> None:
    """Take off the open elements up to the last of that name; there is one."""
    while (last := open_names.pop()) != name:
        open_counts[last] -= 1
    open_counts[name] -= 1


def attribute_work(html: bytes) -> int:
    """Return the sum of the squares of the numbers of attributes, over elements that have very many.

    An element with enough of them to matter is a long stretch without ``>``, or one full of ``=`` where ``>``
    stands in quotes. Such stretches are looked for in steps, and only those that lie inside a tag are counted. All
    other elements count as nothing.
    """
    enough = _SHORTEST_ATTRIBUTE_BYTES * MAX_ATTRIBUTE_WORK // max(len(html), 1)
    step = max(enough * _SHORTEST_ATTRIBUTE_BYTES // 2, 64)
    find, count = html.find, html.count
    work = at = 0
    while at < len(html):
        if find(b">", at, at + step) == -1 or count(b"=", at, at + _SAMPLE_BYTES) > _MANY_VALUES:
            start = max(at - step, 0)
            opening = html.rfind(b"<", start, at + 1)
            if opening != -1 and (tag := _START_TAG.match(html, opening)) and tag.end() > at + _SAMPLE_BYTES:
                work += len(_VALUE.sub(b" ", tag[0]).replace(b"/", b" ").split()) ** 2
                at = tag.end()
        at += step
    return work
