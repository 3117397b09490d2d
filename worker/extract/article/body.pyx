# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The body of the article: which lines of the page are its text, in order.

Evidence is combined, not a cascade of first hits: every candidate line is scored by all its signals, then
corrected by what the lines around it scored.
"""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free

from worker.extract.article.candidates cimport candidates
from worker.extract.article.line_texts cimport bare
from worker.extract.article.lines cimport Line
from worker.extract.article.root cimport Root
from worker.extract.article.scorecard cimport Scorecard
from worker.extract.article.signals cimport LineSignals, Row
from worker.extract.article.surroundings cimport Surroundings
from worker.extract.document cimport Document, Tag
from worker.extract.metadata cimport plain

from schemas import Block, BlockKind, trusted
from worker.extract.article.scorecard import scorecard
from worker.extract.repeats import repeats_of

MIN_ARTICLE_BODY = 200
"""Letters of JSON-LD's ``articleBody`` from which it is worth a look: shorter ones are the description again."""

KIND_LEVELS = 4
"""Elements that a block's kind is looked for in, from its own upwards."""

cdef int kind_levels = KIND_LEVELS
cdef object HEADING = BlockKind.HEADING, LIST_ITEM = BlockKind.LIST_ITEM
cdef object QUOTE = BlockKind.QUOTE, PARAGRAPH = BlockKind.PARAGRAPH


@cython.final
@cython.freelist(64)
cdef class Judged:
    """A candidate line and how it was judged.

    Attributes:
        line: The line.
        score: In log odds: body from 0.
        signals: Its codes, in the order of ``SIGNALS``.
    """

    cdef readonly Line line
    cdef readonly double score
    cdef LineSignals _looked
    cdef int _at

    @property
    def signals(self):
        return self._looked.row(self._at)


def judge_lines(Document document not None, metadata, Surroundings around not None, Root root not None):
    """Return every line of the page that may be body, with its score, in page order."""
    cdef list lines = candidates(document, around, root)
    if not lines:
        return []
    told, article_body = told_texts(document, metadata)
    return judged_by(scorecard(), LineSignals(document, lines, root, around, told, article_body), lines)


cdef list judged_by(Scorecard card, LineSignals looked, list lines):
    """Return the lines with their scores."""
    cdef double *scores = <double *>PyMem_Calloc(looked.count, sizeof(double))
    cdef list found = []
    cdef Judged each
    cdef int at
    if scores == NULL:
        raise MemoryError
    try:
        card.judge(
            <const int *>looked.codes, sizeof(Row) // sizeof(int), looked.count, looked.siblings, looked.alikes, scores
        )
        for at in range(looked.count):
            each = Judged.__new__(Judged)
            each.line, each.score, each._looked, each._at = lines[at], scores[at], looked, at
            found.append(each)
    finally:
        PyMem_Free(scores)
    return found


def told_texts(Document document not None, metadata):
    """Return what the page says of itself (headlines, description), and the letters of the body in JSON-LD."""
    cdef int element
    cdef str letters
    cdef set told = {
        metadata.title,
        metadata.meta("og:title"),
        metadata.meta("og:description"),
        metadata.meta("description"),
        plain(metadata.article.get("headline")),
    }
    for element in range(document.count):
        if document.element[element].tag == Tag.H1:
            told.add(document.text_in(element))
    told -= {None, ""}
    body = plain(metadata.article.get("articleBody"))
    letters = bare(body) if body else ""
    return told, letters if len(letters) >= MIN_ARTICLE_BODY else ""


def body_lines(Document document not None, list judged not None, str headline, teasers):
    """Return the lines of the text, in reading order.

    Args:
        document: The page.
        judged: Its lines.
        headline: The article's headline: it is not repeated.
        teasers: The page's: nothing in them is body, nor a line that repeats one.
    """
    repeats = repeats_of(teasers.items)
    cdef list lines = [
        each.line
        for each in judged
        if (<Judged>each).score >= 0 and (<Judged>each).line.text != headline and not repeats((<Judged>each).line.text)
    ]
    return outside(document, lines, teasers.elements) if teasers.elements else lines


cdef list outside(Document document, list lines, taken):
    """Return the lines that stand in none of these elements."""
    cdef char *is_taken = <char *>PyMem_Calloc(document.count + 1, sizeof(char))
    cdef list found = []
    cdef Line line
    cdef int element
    if is_taken == NULL:
        raise MemoryError
    try:
        for element in taken:
            is_taken[element] = True
        for line in lines:
            element = line.element
            while element >= 0 and not is_taken[element]:
                element = document.element[element].parent
            if element < 0:
                found.append(line)
    finally:
        PyMem_Free(is_taken)
    return found


def body_blocks(Document document not None, list lines not None):
    """Return the lines as blocks; a heading over nothing, at the end, is none."""
    cdef Line line
    cdef list found = [trusted(Block, {"kind": kind_of(document, line.element), "text": line.text}) for line in lines]
    while found and found[len(found) - 1].kind is HEADING:
        found.pop()
    return tuple(found)


cdef kind_of(Document document, int element):
    """Return the kind of a block by its element, or by one closely around it where that says nothing."""
    cdef int tag
    for _ in range(kind_levels):
        if element < 0:
            break
        tag = document.element[element].tag
        if Tag.H1 <= tag <= Tag.H6:
            return HEADING
        if tag == Tag.LI:
            return LIST_ITEM
        if tag == Tag.BLOCKQUOTE:
            return QUOTE
        if tag not in (Tag.P, Tag.DIV, Tag.SPAN):
            break
        element = document.element[element].parent
    return PARAGRAPH
