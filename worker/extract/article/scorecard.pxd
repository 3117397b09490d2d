"""What compiled modules ask of the weights."""

cdef enum:
    MOST_CODES = 18  # of a signal
    QUESTIONS = 7
    LEAVES = 8

cdef struct Tree:
    int signals[QUESTIONS]
    double thresholds[QUESTIONS]
    double leaves[LEAVES]

cdef class Scorecard:
    cdef readonly dict names
    cdef readonly double intercept, correction
    cdef readonly tuple tables, trees
    cdef double *_weights  # ``MOST_CODES`` a signal
    cdef Tree *_trees
    cdef int _width, _tree_count, _asked

    cdef int judge(
        self, const int *codes, int width, int count, const int *parents, const int *shapes, double *found
    ) except -1
    cdef int _first_scores(self, const int *codes, int count, double *found) noexcept
    cdef double _corrected(self, const double *values) noexcept
    cdef int _plant(self, Tree *tree, node, int place) except -1
