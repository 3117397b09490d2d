# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The boxes that lines of a page stand in: with a picture and nothing else, or an article inside the article.

A line that has a box to itself with a picture is its caption or another story's headline; one that stands in an
article inside the article is a comment, another story or a post of a live blog.
"""

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Malloc

from worker.extract.article.lines cimport Line
from worker.extract.article.root cimport Root
from worker.extract.document cimport Document, Tag
from worker.extract.sorted_numbers cimport first_from

cdef enum:
    BOX_LEVELS = 4  # elements looked at for a picture, from the line's own upwards
    MAX_NESTED = 2  # articles around a line, inside the root, that are told apart

# How many times the line's text its box may hold for the line to be alone in it, or to be a third of it, and the
# characters that it may hold beyond that: a credit, a time.
cdef double LONE_SHARE = 1.3, SHARED_SHARE = 3.0
cdef int LONE_SPARE = 30, SHARED_SPARE = 60


@cython.final
cdef class Pictures:
    """Where the pictures of a page stand, seen from its lines."""

    def __cinit__(self, Document document not None):
        cdef int element
        self._document = document
        self._picture = <int *>PyMem_Malloc(document.count * sizeof(int))
        if self._picture == NULL:
            raise MemoryError
        for element in range(document.count):
            if document.element[element].tag == Tag.IMG:
                self._picture[self._count] = element
                self._count += 1

    def __dealloc__(self):
        PyMem_Free(self._picture)

    cpdef int near(self, Line line) except -1:
        """Return where the picture nearest to a line stands, as a code.

        0: nowhere near; 1: in the line's own element; 2: in a box with the line alone; 3: in a box of which the line
        is a good part.
        """
        cdef int level, at, held, element = line.element, length = len(line.text)
        cdef double shared = SHARED_SHARE * length + SHARED_SPARE
        if self._count == 0:
            return 0
        for level in range(BOX_LEVELS):
            if element < 0:
                break
            held = self._document.length_in(element)
            at = first_from(self._picture, sizeof(int), self._count, element)
            if at < self._count and self._picture[at] < self._document.element[element].end:
                if level == 0:
                    return 1
                return 2 if held < LONE_SHARE * length + LONE_SPARE else 3 if held < shared else 0
            if held > shared:
                break
            element = self._document.element[element].parent
        return 0


@cython.final
cdef class Nesting:
    """Which lines stand in an article inside the article: one of the page that its root does not stand in."""

    def __cinit__(self, Document document not None, Root root not None):
        cdef int element, inside = 0
        cdef Article *each
        self._article = <Article *>PyMem_Malloc(document.count * sizeof(Article))
        if self._article == NULL:
            raise MemoryError
        for element in range(document.count):
            if document.element[element].tag != Tag.ARTICLE or root.is_in(document, element):
                continue
            each = &self._article[self._count]
            each.element, each.end = element, document.element[element].end
            each.outer = self._around(element, self._count - 1)
            each.depth = 1 if each.outer < 0 else min(self._article[each.outer].depth + 1, MAX_NESTED)
            inside += root.element <= element < root.end
            self._count += 1
        self._several = 3 * min(inside, 2)

    def __dealloc__(self):
        PyMem_Free(self._article)

    cpdef int of(self, int element) except -1:
        """Return 0 for no article around the element below the root; else how many, and 3 or 6 more with siblings."""
        cdef int after = first_from(&self._article.element, sizeof(Article), self._count, element + 1)
        cdef int at = self._around(element, after - 1)
        return self._several + self._article[at].depth if at >= 0 else 0

    cdef int _around(self, int element, int at) noexcept:
        """Return the number of the nearest of the articles up to ``at`` that holds the element, -1 for none."""
        while at >= 0 and element >= self._article[at].end:
            at = self._article[at].outer
        return at
