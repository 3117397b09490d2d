"""The links of a page that may lead to stories, and what they point to.

Links are joined by their raw ``href`` first, so that an address is resolved once however often it is linked.
"""

import re
from collections import defaultdict
from operator import itemgetter
from typing import NamedTuple

from worker.extract.document import Document
from worker.extract.short_texts import WIDEST, size
from worker.extract.teasers.targets import Page, Target

MAX_LINKS = 10_000
"""Links looked at, the first of the page: 54 µs each. The page of the corpora with most has 2,215."""

MIN_CHARACTERS = 8
"""Characters from which a text may be ``MIN_TELLING`` letters long: in scripts without spaces each counts for 2.5."""

LONGEST_HEADLINE = 200
"""Characters of a link from which a line is prose that is linked as a whole."""

MIN_AROUND = 40
"""Characters on both sides of a link from which the line is prose."""

MIN_BEFORE_UNMARKED = 30
"""The same where no colon or other mark parts them."""

MIN_BEFORE = 60
"""Characters before a link that ends its line; a label such as "Read also:" is shorter."""

_GOES_ON = ",;)"
_CLOSING = ",.;:)!?…»”\"'’、。，）」』 \t\n\u00a0"
_ENDS = ".,;!?"
_MARKS = ":：>»›–—-|▶►"
_BESIDE = 200
"""Characters looked at on either side of a link."""

_TWO_MARKS = re.compile(r"[-_+%][^/]*[-_+%]").search
_DIGIT = re.compile(r"\d").search
_NUMBER_OR_ID = re.compile(r"\d{4}|(?=[a-zA-Z]*\d)[a-zA-Z0-9]{8}").search


class Link(NamedTuple):
    """One link element that leads to a page."""

    element: int
    target: Target


def story_links(document: Document, page: Page) -> list[Link]:
    """Return the links that may lead to a story, in page order: by address or text, and no phrases of running text."""
    links: dict[str, tuple[Target, list[int]]] = {}
    telling: set[str] = set()
    for href, elements in _by_href(document).items():
        longest = elements[0] if len(elements) == 1 else max(elements, key=document.text_length)
        length = document.text_length(longest)
        if (length < MIN_CHARACTERS and not _may_tell(href)) or (target := page.target(href)) is None:
            continue
        key = target.key
        if key in links:
            links[key][1].extend(elements)
        else:
            links[key] = target, elements
        if key not in telling and _tells(document, target, length, longest):
            telling.add(key)
    found = [
        Link(element, target)
        for target, elements in [links[key] for key in telling if not page.is_own(key)]
        for element in elements
        if not is_phrase(document, element)
    ]
    return sorted(found, key=itemgetter(0))


def _by_href(document: Document) -> dict[str, list[int]]:
    """Return the links by their raw addresses."""
    attributes = document.attributes
    found: dict[str, list[int]] = defaultdict(list)
    for element in document.by_tag["a"][:MAX_LINKS]:
        if href := attributes(element).get("href"):
            found[href].append(element)
    return found


def _may_tell(href: str) -> bool:
    """Tell whether an address may be a story's whatever its text: by two marks between words, a number or an id."""
    return _TWO_MARKS(href) is not None or (_DIGIT(href) is not None and _NUMBER_OR_ID(href) is not None)


def _tells(document: Document, target: Target, length: int, element: int) -> bool:
    """Tell whether an address may be a story's, linked by a text of ``length`` characters in ``element``."""
    letters = target.letters
    return not letters or (length * WIDEST >= letters and size(document.text(element)) >= letters)


def is_phrase(document: Document, link: int) -> bool:
    """Tell whether the link is a phrase of running text: words of the same line stand before it or go on after it."""
    first, end = document.text_starts[link], document.text_ends[link]
    if first == end:
        return False
    block = document.blocks[link]
    opens, closes = document.text_starts[block], document.text_ends[block]
    lengths, linked = document.lengths, document.link_lengths
    if lengths[closes] - lengths[opens] == linked[closes] - linked[opens]:
        return _is_prose(document, link)
    before = "".join(reversed(_beside(document, range(first - 1, document.text_starts[block] - 1, -1), block))).strip()
    after = "".join(_beside(document, range(end, document.text_ends[block]), block)).strip()
    return (
        _is_prose(document, link)
        or _goes_on_after(after, before)
        or (before != "" and (_goes_on(document.text(link), before) or after[:1] in tuple(_ENDS)))
        or (before != "" and _joins(document, first, block))
        or len(before) > (MIN_BEFORE if before and before[-1] in _MARKS else MIN_BEFORE_UNMARKED)
    )


def _is_prose(document: Document, link: int) -> bool:
    """Tell whether the link is a line of a paragraph too long for a headline: prose that is linked as a whole."""
    return (
        document.tags[document.blocks[link]] == "p"
        and document.text_length(link) > LONGEST_HEADLINE
        and "\n" not in document.pieces[document.text_starts[link] : document.text_ends[link]]
    )


def _goes_on(text: str, before: str) -> bool:
    """Tell whether the link's text goes on what stands before it."""
    return text[:1] in _GOES_ON or (text[:1].islower() and before[-1] not in ":：")


def _goes_on_after(after: str, before: str) -> bool:
    """Tell whether what stands after a link goes on its sentence."""
    if not after.strip(_CLOSING):
        return False
    return after[0] in _GOES_ON or after[0].islower() or (before != "" and len(before) + len(after) > MIN_AROUND)


def _joins(document: Document, first: int, block: int) -> bool:
    """Tell whether small words stand between a link of the line and the one that begins at piece ``first``."""
    word = document.pieces[first - 1].strip()
    earlier = document.link_lengths[first] - document.link_lengths[document.text_starts[block]]
    return earlier > 0 and word[:1].islower() and word[-1:].isalnum()


def _beside(document: Document, order: range, block: int) -> list[str]:
    """Return the pieces of the same line on one side of a link that stand in no link."""
    linked = document.link_lengths
    found: list[str] = []
    length = 0
    for at in order:
        piece = document.pieces[at]
        if piece in ("\n", "\v") or document.blocks[document.owners[at]] != block or length > _BESIDE:
            break
        if linked[at + 1] == linked[at]:
            found.append(piece)
            length += len(piece)
    return found
