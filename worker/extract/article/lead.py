"""The lead: the paragraph that sums the story up, where the page sets it apart from the body."""

import re
from collections.abc import Sequence

from worker.extract.article.line_texts import bare
from worker.extract.article.lines import Line
from worker.extract.document import Document
from worker.extract.metadata import Metadata, plain

MIN_CHARACTERS = 30
"""Characters of the shortest lead; in scripts without spaces they say as much as 75."""

MAX_CHARACTERS = 900
"""Characters of the longest: what is longer is the body in one piece."""

MAX_SHARE_OF_PARENT = 1.3
"""How many times the line an element may hold whose name counts: the name of a longer one is the body's."""

LEVELS = 3
"""Elements looked at for a name, from the line's own upwards."""

_NAMES = re.compile(
    r"(?<![a-z])(?:lead|lede|leadin|standfirst|chapo|chapeau|sapo|ingress|vorspann|manchet|perex|lid|entradilla"
    r"|bajada|intro|introduction|teaser|summary|abstract|deck|dek|excerpt|subtitle|subheadline|subheading|description)"
    r"(?:[-_]?(?:text|paragraph))?(?![a-z])",
    re.IGNORECASE,
)
"""What templates call it, in the languages of the corpora."""

_BOLD = frozenset(["b", "strong", "em", "i"])


def has_lead(document: Document, metadata: Metadata, lines: Sequence[Line]) -> bool:
    """Tell whether the first of the body's lines is the lead: by its name, its type, or as the page's own summary.

    Args:
        document: The page.
        metadata: What its head claims.
        lines: The lines of the body; a lone line is the body.
    """
    if len(lines) < 2:  # noqa: PLR2004  a lead and something after it
        return False
    first, second = lines[0], lines[1]
    if not MIN_CHARACTERS <= len(first.text) <= MAX_CHARACTERS:
        return False
    return (
        _is_named(document, first)
        or _is_summary(metadata, first)
        or (_is_bold(document, first) and not _is_bold(document, second))
    )


def _is_named(document: Document, line: Line) -> bool:
    """Tell whether an element that holds little but the line is called a lead."""
    element = line.element
    for _ in range(LEVELS):
        if element < 0 or document.text_length(element) > MAX_SHARE_OF_PARENT * len(line.text) + MIN_CHARACTERS:
            return False
        attributes = document.attributes(element)
        if _NAMES.search(" ".join([attributes.get(key) or "" for key in ("class", "itemprop", "data-testid")])):
            return True
        element = document.parents[element]
    return False


def _is_summary(metadata: Metadata, line: Line) -> bool:
    """Tell whether the page's own description is the line, letter for letter."""
    letters = bare(line.text)
    told = (metadata.meta("og:description", "description"), plain(metadata.article.get("description")))
    return any(each and bare(each) == letters for each in told)


def _is_bold(document: Document, line: Line) -> bool:
    """Tell whether all of the line is emphasised."""
    for at in range(line.first, line.end):
        if document.pieces[at].isspace():
            continue
        element = document.owners[at]
        while document.tags[element] not in _BOLD:
            if element == line.element or element < 0:
                return False
            element = document.parents[element]
    return True
