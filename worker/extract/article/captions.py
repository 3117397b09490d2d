"""Captions: the texts under the pictures of the article."""

from worker.extract.article.root import Root
from worker.extract.document import Document

MAX_CHARACTERS = 600
"""Characters of the longest caption: a longer one is a text in a caption's clothes."""

MAX_CAPTIONS = 50


def captions(document: Document, root: Root, taken: frozenset[int]) -> tuple[str, ...]:
    """Return the captions in page order, repeats left out; () where there are none.

    Args:
        document: The page.
        root: Where its article stands; the main picture may stand between it and the headline.
        taken: Elements that are teasers: their captions are none of the article's.
    """
    found = _inside(document, "figcaption", root, taken)
    texts = [text for element in found if (text := document.text(element)) and len(text) <= MAX_CHARACTERS]
    return tuple(dict.fromkeys(texts))[:MAX_CAPTIONS]


def figures(document: Document, root: Root, taken: frozenset[int]) -> list[int]:
    """Return the figures of the article, in page order; arguments as of ``captions``."""
    return _inside(document, "figure", root, taken)


def _inside(document: Document, tag: str, root: Root, taken: frozenset[int]) -> list[int]:
    first = min([root.element, *document.by_tag["h1"][:1]])
    return [
        element
        for element in document.by_tag[tag]
        if first < element < root.end and taken.isdisjoint((element, *document.ancestors(element)))
    ]
