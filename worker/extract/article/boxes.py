"""The boxes that lines of a page stand in: with a picture and nothing else, or an article inside the article.

A line that has a box to itself with a picture is its caption or another story's headline; one that stands in an
article inside the article is a comment, another story or a post of a live blog.
"""

from bisect import bisect_left, bisect_right

from worker.extract.article.lines import Line
from worker.extract.article.root import Root
from worker.extract.document import Document

BOX_LEVELS = 4
"""Elements looked at for a picture, from the line's own upwards."""

LONE_SHARE, SHARED_SHARE = 1.3, 3.0
"""How many times the line's text its box may hold for the line to be alone in it, or to be a third of it."""

LONE_SPARE, SHARED_SPARE = 30, 60
"""Characters that it may hold beyond that: a credit, a time."""

MAX_NESTED = 2
"""Articles around a line, inside the root, that are told apart."""


def picture_near(document: Document, line: Line) -> int:
    """Return where the picture nearest to a line stands, as a code.

    0: nowhere near; 1: in the line's own element; 2: in a box with the line alone; 3: in a box of which the line is
    a good part.
    """
    pictures = document.by_tag["img"]
    if not pictures:
        return 0
    element, length = line.element, len(line.text)
    for level in range(BOX_LEVELS):
        if element < 0:
            break
        held = document.text_length(element)
        at = bisect_left(pictures, element)
        if at < len(pictures) and pictures[at] < document.ends[element]:
            if level == 0:
                return 1
            if held < LONE_SHARE * length + LONE_SPARE:
                return 2
            return 3 if held < SHARED_SHARE * length + SHARED_SPARE else 0
        if held > SHARED_SHARE * length + SHARED_SPARE:
            break
        element = document.parents[element]
    return 0


class Nesting:
    """Which lines stand in an article inside the article."""

    def __init__(self, document: Document, root: Root) -> None:
        """Look at the articles of the page that the root does not stand in.

        Args:
            document: The page.
            root: Where its article stands.
        """
        self._ends = document.ends
        self._articles = [each for each in document.by_tag["article"] if not each <= root.element < self._ends[each]]
        inside = bisect_left(self._articles, root.end) - bisect_left(self._articles, root.element)
        self._several = 3 * min(inside, 2)
        self._counts: list[int] = []
        self._outer: list[int] = []
        for at, article in enumerate(self._articles):
            outer = self._around(article, at - 1)
            self._outer.append(outer)
            self._counts.append(1 if outer < 0 else min(self._counts[outer] + 1, MAX_NESTED))

    def of(self, element: int) -> int:
        """Return 0 for no article around the element below the root; else how many, and 3 or 6 more with siblings."""
        at = self._around(element, bisect_right(self._articles, element) - 1)
        return self._several + self._counts[at] if at >= 0 else 0

    def _around(self, element: int, at: int) -> int:
        """Return the number of the nearest of the articles up to ``at`` that holds the element, -1 for none."""
        while at >= 0 and element >= self._ends[self._articles[at]]:
            at = self._outer[at]
        return at
