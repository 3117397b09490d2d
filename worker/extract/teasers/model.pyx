# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Whether a card shows a story: a sum over its signals, corrected by the cards beside it and those of its form.

The weights are learned from labelled pages by ``python -m benchmarks.train_teasers``; the file is data.
A card among stories is one, and a card among menu entries is none, whatever it looks like by itself.
"""

from functools import cache
from importlib.resources import files

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free

import orjson

from worker.extract.teasers.signals cimport CODES, Row, Rows

from worker.extract.teasers.signals import SIGNALS

MODEL_FILE = "card_model.json"

CLIP = 4.0
"""Score, in log-odds, up to which one card speaks for the cards beside it."""

cdef enum:
    OWN = 0
    OF_BLOCK = 1
    OF_FORM = 3
    CONTEXT = 5
    NONE = -1

cdef double clip = CLIP

cdef struct Voice:  # of a card
    double[CONTEXT] context  # its own score; mean and presence of others in its block, and of its form
    double clipped  # what it says to the others
    int target
    int group
    int next  # card of its group

cdef struct Sum:  # over the cards of one target in a group
    double total
    int count

cdef struct Hall:
    Voice *voices
    Sum *sums  # a target
    int *first  # card of each group
    int count


@cython.final
cdef class Model:
    """Weights in log-odds.

    Attributes:
        base: Of any card.
        tables: A weight for each code of each signal, in the order of ``SIGNALS``.
        context: Weights of ``contexts_of``, their constant last.
    """

    def __cinit__(self, double base, tuple tables not None, tuple context not None):
        if len(tables) != len(SIGNALS) or any([len(table) != CODES for table in tables]):
            raise ValueError(f"there are {len(SIGNALS)} signals of {CODES} codes")
        self._weights = <double *>PyMem_Calloc(sizeof(Row) * CODES, sizeof(double))
        if self._weights == NULL:
            raise MemoryError
        self.base, self.tables, self.context = base, tables, context
        for at, weight in enumerate([weight for table in tables for weight in table]):
            self._weights[<int>at] = weight

    def __dealloc__(self):
        PyMem_Free(self._weights)

    cdef double _own(self, const unsigned char *codes) noexcept:
        cdef const double *table = self._weights
        cdef double total = 0
        cdef size_t at
        for at in range(sizeof(Row)):
            total += table[codes[at]]
            table += CODES
        return self.base + total

    cpdef list own_scores(self, Rows rows):
        """Return what each row says by itself."""
        cdef int at
        return [self._own(<const unsigned char *>&rows.row[at]) for at in range(rows.count)]

    cpdef list scores(self, Rows rows, blocks, forms, targets):
        """Return the log-odds that each card shows a story; for the arguments see ``contexts_of``."""
        cdef double[CONTEXT] weights
        cdef double constant, told, total
        cdef list found = []
        cdef int at, n
        weights[0], weights[1], weights[2], weights[3], weights[4], constant = self.context
        cdef Hall hall = hall_of(rows.count)
        try:
            for at in range(rows.count):
                hall.voices[at].context[OWN] = self._own(<const unsigned char *>&rows.row[at])
            listen(&hall, blocks, forms, targets)
            for at in range(hall.count):
                total = 0
                for n in range(CONTEXT):
                    told = weights[n] * hall.voices[at].context[n]
                    total += told
                found.append(constant + total)
        finally:
            leave(&hall)
        return found


def contexts_of(own, blocks, forms, targets):
    """Return, for each card, its own score, and the mean and presence of others in its block and of its form.

    Args:
        own: Score of each card by itself.
        blocks: What names the block of each card.
        forms: What names its form.
        targets: What it points to: other cards of one story are no others.
    """
    cdef int at, n
    cdef Hall hall = hall_of(len(own))
    try:
        for at in range(hall.count):
            hall.voices[at].context[OWN] = own[at]
        listen(&hall, blocks, forms, targets)
        return [tuple([hall.voices[at].context[n] for n in range(CONTEXT)]) for at in range(hall.count)]
    finally:
        leave(&hall)


cdef Hall hall_of(int count) except *:
    """Return room for so many cards; whoever has it leaves it."""
    cdef Hall hall
    hall.count = count
    hall.voices = <Voice *>PyMem_Calloc(count, sizeof(Voice))
    hall.sums = <Sum *>PyMem_Calloc(count, sizeof(Sum))
    hall.first = <int *>PyMem_Calloc(count, sizeof(int))
    if hall.voices == NULL or hall.sums == NULL or hall.first == NULL:
        leave(&hall)
        raise MemoryError
    return hall


cdef void leave(Hall *hall) noexcept:
    PyMem_Free(hall.voices)
    PyMem_Free(hall.sums)
    PyMem_Free(hall.first)


cdef int listen(Hall *hall, blocks, forms, targets) except -1:
    """Fill in what the others say, from what each card says by itself."""
    cdef Voice *each
    cdef int at
    if not len(blocks) == len(forms) == len(targets) == hall.count:
        raise ValueError(f"blocks, forms and targets are not those of {hall.count} cards")
    for at in range(hall.count):
        each = &hall.voices[at]
        each.clipped = min(max(each.context[OWN], -clip), clip)
    number(targets, &hall.voices.target)
    listen_to(hall, number(blocks, &hall.voices.group), OF_BLOCK)
    listen_to(hall, number(forms, &hall.voices.group), OF_FORM)
    return 0


cdef int number(values, int *into) except -1:
    """Number equal values alike, from 0, into a field of each voice, and return how many there are."""
    cdef dict numbers = {}
    cdef int found
    for value in values:
        found = numbers.setdefault(value, len(numbers))
        into[0] = found
        into = <int *>(<char *>into + sizeof(Voice))
    return len(numbers)


cdef void listen_to(Hall *hall, int groups, int place) noexcept:
    """Fill in the mean score of the other stories in each card's group, and 1 where there are any."""
    cdef int at, group, members
    cdef double total
    cdef Voice *each
    cdef Sum *own
    for group in range(groups):
        hall.first[group] = NONE
    for at in range(hall.count - 1, -1, -1):
        each = &hall.voices[at]
        each.next = hall.first[each.group]
        hall.first[each.group] = at
    for group in range(groups):
        total, members = 0, 0
        at = hall.first[group]
        while at != NONE:
            each = &hall.voices[at]
            own = &hall.sums[each.target]
            own.total += each.clipped
            own.count += 1
            total += each.clipped
            members += 1
            at = each.next
        at = hall.first[group]
        while at != NONE:
            each = &hall.voices[at]
            own = &hall.sums[each.target]
            if own.count < members:
                each.context[place] = (total - own.total) / (members - own.count)
                each.context[place + 1] = 1
            at = each.next
        at = hall.first[group]
        while at != NONE:
            each = &hall.voices[at]
            hall.sums[each.target].total = hall.sums[each.target].count = 0
            at = each.next


@cache
def model():
    """Return the learned weights."""
    return from_json(orjson.loads(files("worker.extract.teasers").joinpath(MODEL_FILE).read_bytes()))


def from_json(dict told not None):
    """Return the model that a file tells.

    Raises:
        ValueError: It was learned for other signals.
    """
    tables = told["tables"]
    if (
        not isinstance(tables, dict)
        or list(tables) != list(SIGNALS)
        or {len(each) for each in tables.values()} != {CODES}
    ):
        raise ValueError(f"{MODEL_FILE} was learned for other signals: run python -m benchmarks.train_teasers")
    return Model(told["base"], tuple([tuple(table) for table in tables.values()]), tuple(told["context"]))
