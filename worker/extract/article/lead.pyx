# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The lead: the paragraph that sums the story up, where the page sets it apart from the body."""

import re
from functools import lru_cache

from worker.extract.article.line_texts cimport bare
from worker.extract.article.lines cimport Line
from worker.extract.document cimport Document, Tag
from worker.extract.metadata cimport Metadata, plain


cdef enum:
    MIN_CHARACTERS = 30  # of the shortest lead; in scripts without spaces they say as much as 75
    MAX_CHARACTERS = 900  # of the longest: what is longer is the body in one piece
    LEVELS = 3  # elements looked at for a name, from the line's own upwards

NAMES_KEPT = 1_024
"""Names of elements that are remembered, about 200 kB: the pages of a site repeat theirs."""

# How many times the line an element may hold whose name counts: the name of a longer one is the body's.
cdef double MAX_SHARE_OF_PARENT = 1.3

_NAMES = re.compile(
    r"(?<![a-z])(?:lead|lede|leadin|standfirst|chapo|chapeau|sapo|ingress|vorspann|manchet|perex|lid|entradilla"
    r"|bajada|intro|introduction|teaser|summary|abstract|deck|dek|excerpt|subtitle|subheadline|subheading|description)"
    r"(?:[-_]?(?:text|paragraph))?(?![a-z])",
    re.IGNORECASE,
)
"""What templates call it, in the languages of the corpora."""


def has_lead(Document document not None, Metadata metadata not None, list lines not None):
    """Tell whether the first of the body's lines is the lead: by its name, its type, or as the page's own summary.

    Args:
        document: The page.
        metadata: What its head claims.
        lines: The ``Line``s of the body; a lone line is the body.
    """
    if len(lines) < 2:  # a lead and something after it
        return False
    cdef Line first = lines[0], second = lines[1]
    if not MIN_CHARACTERS <= len(first.text) <= MAX_CHARACTERS:
        return False
    return (
        is_named(document, first)
        or is_summary(metadata, first.text)
        or (is_bold(document, first) and not is_bold(document, second))
    )


cdef bint is_named(Document document, Line line) except -1:
    """Tell whether an element that holds little but the line is called a lead."""
    cdef int element = line.element, _
    cdef double most = MAX_SHARE_OF_PARENT * len(line.text) + MIN_CHARACTERS
    for _ in range(LEVELS):
        if element < 0 or document.length_in(element) > most:
            return False
        for name in (b"class", b"itemprop", b"data-testid"):
            told = document.attribute(element, name)
            if told and are_names(told):
                return True
        element = document.element[element].parent
    return False


@lru_cache(NAMES_KEPT)
def are_names(str told):
    """Tell whether one of the names of an element is a lead's."""
    return _NAMES.search(told) is not None


cdef bint is_summary(Metadata metadata, str text) except -1:
    """Tell whether the page's own description is the line, letter for letter."""
    cdef str head = metadata.first(("og:description", "description")), told = plain(metadata.article.get("description"))
    if not head and not told:
        return False
    letters = bare(text)
    return (bool(head) and bare(head) == letters) or (bool(told) and bare(told) == letters)


cdef bint is_bold(Document document, Line line) except -1:
    """Tell whether all of the line is emphasised."""
    cdef int at, element
    for at in range(line.first, line.end):
        if (<str>document.pieces[at]).isspace():
            continue
        element = document.piece[at].owner
        while document.element[element].tag not in (Tag.B, Tag.STRONG, Tag.EM, Tag.I):
            if element == line.element or element < 0:
                return False
            element = document.element[element].parent
            if element < 0:
                return False
    return True
