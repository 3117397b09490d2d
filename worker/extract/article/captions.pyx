# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Captions: the texts under the pictures of the article."""

from worker.extract.article.headline cimport first_heading
from worker.extract.article.root cimport Root
from worker.extract.document cimport Document, Tag

MAX_CHARACTERS = 600
"""Characters of the longest caption: a longer one is a text in a caption's clothes."""

MAX_CAPTIONS = 50


def captions(Document document not None, Root root not None, frozenset taken not None):
    """Return the captions in page order, repeats left out; () where there are none.

    Args:
        document: The page.
        root: Where its article stands; the main picture may stand between it and the headline.
        taken: Elements that are teasers: their captions are none of the article's.
    """
    cdef int element
    cdef str text
    cdef dict found = {}
    for element in of_article(document, Tag.FIGCAPTION, root, taken):
        text = document.text_in(element)
        if text and len(text) <= MAX_CHARACTERS:
            found[text] = None
    return tuple(found)[:MAX_CAPTIONS]


cdef list of_article(Document document, int tag, Root root, frozenset taken):
    """Return the elements of a tag that are the article's, in page order; other arguments as of ``captions``."""
    cdef int heading = first_heading(document), element
    cdef int first = root.element if heading < 0 else min(root.element, heading)
    return [
        element
        for element in range(first + 1, root.end)
        if document.element[element].tag == tag and not is_taken(document, element, taken)
    ]


cdef bint is_taken(Document document, int element, frozenset taken) except -1:
    """Tell whether the element is taken, or stands in one that is."""
    if not taken:
        return False
    while element >= 0:
        if element in taken:
            return True
        element = document.element[element].parent
    return False
