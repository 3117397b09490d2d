# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The learned part: from the signals of a line to how likely it is body.

Two steps, both plain numbers in ``body_model.json`` and learned by ``python -m benchmarks.train_body``. First a
table has one weight for each value of each signal and a line's score is their sum. Then a few small trees
correct it by what the lines around it scored: a short line between two paragraphs is body, the same line
between two teasers is not.
"""

from functools import cache
from importlib.resources import files

cimport cython
from cpython.array cimport array, clone
from cpython.mem cimport PyMem_Calloc, PyMem_Free

import orjson

CONTEXT = (
    "score",
    "score_before",
    "score_two_before",
    "score_after",
    "score_two_after",
    "score_of_siblings",
    "score_of_its_shape",
    "score_of_the_page",
    "above_the_page",
    "siblings",
    "of_its_shape",
)
"""What the second step looks at beside the signals, in log odds but for the last two, which count lines."""

EDGE = -6.0
"""Score taken for the line before the first and after the last."""

ALONE = -9.0
"""Score of the siblings of a line that has none."""

MAX_COUNT = 20
PAGE_LINES = BEST_LINES
"""Lines, the best of the page, whose mean score says how well the page as a whole can be read."""

LONG_LINE = 6
"""Code of the signal ``length`` from which a line counts among them."""

cdef enum:
    CONTEXTS = 11
    BEST_LINES = 8

cdef double edge = EDGE, alone = ALONE
cdef int max_count = MAX_COUNT, long_line = LONG_LINE
cdef array _DOUBLES = array("d"), _INTS = array("i")


@cython.final
cdef class Scorecard:
    """The weights.

    Attributes:
        names: Weight of each word of templates' names, in log odds.
        intercept: The constant of all lines.
        tables: Weight of each code of each signal, in the order of ``SIGNALS``.
        correction: The constant of the trees.
        trees: Trees of three questions over signals and context; a value up to the threshold goes to the first branch.

    Raises:
        ValueError: A table is longer than any signal has codes, or a tree is not three questions deep.
    """

    def __cinit__(self, dict names, double intercept, tuple tables, double correction, tuple trees):
        cdef int signal, code
        self.names, self.intercept, self.tables = names, intercept, tables
        self.correction, self.trees = correction, trees
        self._width, self._tree_count = len(tables), len(trees)
        self._weights = <double *>PyMem_Calloc(self._width * MOST_CODES + 1, sizeof(double))
        self._trees = <Tree *>PyMem_Calloc(self._tree_count + 1, sizeof(Tree))
        if self._weights == NULL or self._trees == NULL:
            raise MemoryError
        for signal, table in enumerate(tables):
            if len(table) > MOST_CODES:
                raise ValueError(f"signal {signal} has {len(table)} weights, {MOST_CODES} are the most")
            for code, weight in enumerate(table):
                self._weights[signal * MOST_CODES + code] = weight
        for signal, tree in enumerate(trees):
            self._plant(&self._trees[signal], tree, 0)

    def __dealloc__(self):
        PyMem_Free(self._weights)
        PyMem_Free(self._trees)

    def scores(self, rows):
        """Return the first score of each line, in log odds."""
        cdef array codes = array("i"), found = clone(_DOUBLES, len(rows), False)
        for row in rows:
            for code, table in zip(row, self.tables, strict=True):
                if not 0 <= code < len(table):
                    raise IndexError(f"code {code} of a signal with {len(table)} weights")
            codes.extend(array("i", row))
        self._first_scores(codes.data.as_ints, len(rows), found.data.as_doubles)
        return found.tolist()

    def corrected(self, rows, contexts):
        """Return the final score of each line, in log odds: body from 0."""
        cdef array values
        cdef list found = []
        for row, context in zip(rows, contexts, strict=True):
            values = array("d", [*row, *context])
            if len(values) < self._asked:
                raise IndexError(f"a tree asks for value {self._asked} of {len(values)}")
            found.append(self._corrected(values.data.as_doubles))
        return found

    cdef int judge(
        self, const int *codes, int width, int count, const int *parents, const int *shapes, double *found
    ) except -1:
        """Put the final score of each line, in log odds: body from 0.

        Args:
            codes: Those of ``SIGNALS`` for each line, one line after the other.
            width: Number of signals.
            count: Number of lines.
            parents: For each line the first whose element has the same parent.
            shapes: For each line the first whose element has the same tag and class.
            found: Where the scores are put.
        """
        if width != self._width or self._asked > width + CONTEXTS:
            raise ValueError(f"weights for {self._width} signals, a line has {width}")
        cdef array first = clone(_DOUBLES, count, False), around = clone(_DOUBLES, count * CONTEXTS, False)
        cdef array line = clone(_DOUBLES, width + CONTEXTS, False)
        cdef double *values = line.data.as_doubles
        cdef int at, signal, place
        self._first_scores(codes, count, first.data.as_doubles)
        put_contexts(codes, width, count, first.data.as_doubles, parents, shapes, around.data.as_doubles)
        for at in range(count):
            for signal in range(width):
                values[signal] = codes[at * width + signal]
            for place in range(CONTEXTS):
                values[width + place] = around.data.as_doubles[at * CONTEXTS + place]
            found[at] = self._corrected(values)
        return 0

    cdef int _first_scores(self, const int *codes, int count, double *found) noexcept:
        cdef int at, signal
        cdef double score
        for at in range(count):
            score = 0.0
            for signal in range(self._width):
                score += self._weights[signal * MOST_CODES + codes[at * self._width + signal]]
            found[at] = self.intercept + score
        return 0

    cdef double _corrected(self, const double *values) noexcept:
        """Return what the trees say together."""
        cdef double score = self.correction
        cdef const Tree *tree
        cdef int at, place
        for at in range(self._tree_count):
            tree = &self._trees[at]
            place = 0
            while place < QUESTIONS:
                place = 2 * place + 2 - (values[tree.signals[place]] <= tree.thresholds[place])
            score += tree.leaves[place - QUESTIONS]
        return score

    cdef int _plant(self, Tree *tree, node, int place) except -1:
        """Put a question at its place: those below question ``n`` are ``2 n + 1`` and ``2 n + 2``."""
        if place >= QUESTIONS:
            tree.leaves[place - QUESTIONS] = node
            return 0
        signal, threshold, low, high = node
        if signal < 0:
            raise ValueError(f"a tree asks for value {signal}")
        self._asked = max(self._asked, signal + 1)
        tree.signals[place], tree.thresholds[place] = signal, threshold
        self._plant(tree, low, 2 * place + 1)
        return self._plant(tree, high, 2 * place + 2)


def contexts(rows, scores, parents, shapes):
    """Return for each line what ``CONTEXT`` names.

    Args:
        rows: Signals of the lines.
        scores: Their first scores.
        parents: Parent of the element of each.
        shapes: Tag and class of the element of each.
    """
    cdef array lengths = array("i", [row[0] for row in rows]), first = array("d", scores)
    cdef array siblings = array("i", firsts(parents)), alikes = array("i", firsts(shapes))
    cdef array found = clone(_DOUBLES, len(first) * CONTEXTS, False)
    if not len(lengths) == len(first) == len(siblings) == len(alikes):
        raise ValueError(f"{len(lengths)} lines, {len(first)} scores, {len(siblings)} parents, {len(alikes)} shapes")
    put_contexts(
        lengths.data.as_ints, 1, len(first), first.data.as_doubles, siblings.data.as_ints, alikes.data.as_ints,
        found.data.as_doubles,
    )
    told = found.tolist()
    return [told[at : at + CONTEXTS] for at in range(0, len(told), CONTEXTS)]


cdef list firsts(keys):
    """Return for each key where the first like it stands."""
    known = {}
    return [known.setdefault(key, at) for at, key in enumerate(keys)]


cdef int put_contexts(
    const int *codes, int width, int count, const double *scores, const int *parents, const int *shapes, double *found
) except -1:
    """Put for each line what ``CONTEXT`` names; of its codes the first is looked at, that of its length."""
    cdef array sums = clone(_DOUBLES, 2 * count, True), counts = clone(_INTS, 2 * count, True)
    cdef double *sibling_sums = sums.data.as_doubles
    cdef double *alike_sums = sibling_sums + count
    cdef int *sibling_counts = counts.data.as_ints
    cdef int *alike_counts = sibling_counts + count
    cdef double page = score_of_page(codes, width, count, scores)
    cdef int at
    for at in range(count):
        sibling_sums[parents[at]] += scores[at]
        sibling_counts[parents[at]] += 1
        alike_sums[shapes[at]] += scores[at]
        alike_counts[shapes[at]] += 1
    for at in range(count):
        found[0] = scores[at]
        found[1] = scores[at - 1] if at >= 1 else edge
        found[2] = scores[at - 2] if at >= 2 else edge
        found[3] = scores[at + 1] if at + 1 < count else edge
        found[4] = scores[at + 2] if at + 2 < count else edge
        found[5] = score_of_others(sibling_sums[parents[at]], sibling_counts[parents[at]], scores[at])
        found[6] = score_of_others(alike_sums[shapes[at]], alike_counts[shapes[at]], scores[at])
        found[7] = page
        found[8] = scores[at] - page
        found[9] = min(sibling_counts[parents[at]], max_count)
        found[10] = min(alike_counts[shapes[at]], max_count)
        found += CONTEXTS
    return 0


cdef inline double score_of_others(double total, int count, double score) noexcept:
    return (total - score) / (count - 1) if count > 1 else alone


cdef double score_of_page(const int *codes, int width, int count, const double *scores) noexcept:
    """Return the mean score of the best long lines, 0 where there are none."""
    cdef double[BEST_LINES] best  # the best first
    cdef double total = 0.0
    cdef int at, place, known = 0
    for at in range(count):
        if codes[at * width] < long_line or (known == BEST_LINES and scores[at] <= best[known - 1]):
            continue
        known = min(known + 1, BEST_LINES)
        place = known - 1
        while place > 0 and best[place - 1] < scores[at]:
            best[place] = best[place - 1]
            place -= 1
        best[place] = scores[at]
    for place in range(known):
        total += best[place]
    return total / known if known else 0.0


@cache
def scorecard():
    """Return the weights that the package brings along."""
    return from_json(orjson.loads(files("worker.extract.article").joinpath("body_model.json").read_bytes()))


def from_json(told):
    """Return the weights that a model file holds."""
    return Scorecard(
        names=dict(told["names"]),
        intercept=float(told["intercept"]),
        tables=tuple([tuple(table) for table in told["tables"].values()]),
        correction=float(told["correction"]),
        trees=tuple([_tree(each) for each in told["trees"]]),
    )


def _tree(node):
    """Return nested lists as nested tuples."""
    return tuple([_tree(each) if isinstance(each, list) else each for each in node])
