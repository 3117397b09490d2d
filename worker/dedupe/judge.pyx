# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Teasers against the state: new, richer or a repeat. **Pure**.

A field's rank says how good its value is; at equal rank what was emitted stays. So the end state does not
depend on the order of pages, but for contradictions of equal rank, which are counted.

Nearly all that pages show are mere repeats, of which nothing is looked at but bytes: marks and entries, as
``worker.dedupe.marks`` and ``worker.dedupe.entries`` lay them out.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport int64_t, uint32_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy, memset

from worker.dedupe.layout cimport (
    DIGEST_AT,
    END_AT,
    ENTRY,
    FIRST_AT,
    HASHES_AT,
    KEY,
    LAST_AT,
    RANKS_AT,
    RECORD,
    REVISION_AT,
    Bytes,
    number,
    write,
)

from zlib import crc32

from orjson import dumps

from schemas import ENRICHABLE, Reason
from worker.dedupe.events import ToldTeaser
from worker.dedupe.teasers import Judged

cdef enum:
    DIGEST = 4
    MARK = KEY + DIGEST + 1
    HOW = MARK - 1
    FIELDS = 7
    FORM = KEY + DIGEST + 4
    SLOTS = 1 << 15
    RANK_BITS = 3
    MAX_RANK = 7
    UNSTATED_RANK = 5  # of a value that comes without one: a complete one of a text group
    MAX_REVISION = 0xFFFF
    MAX_SECONDS = 0xFFFFFFFF

cdef tuple NAMES = ENRICHABLE
cdef object NEW = Reason.NEW
cdef object ENRICHED = Reason.ENRICHED
cdef object CORRECTED = Reason.CORRECTED
cdef object TWIN = Reason.REPEAT_IN_PAGE
cdef dict CONFLICTS = {"headline": Reason.HEADLINE_CONFLICT, "lead": Reason.LEAD_CONFLICT}


cdef inline uint32_t hashed(value):
    """Return the digest of a field's value, never 0; 0 for an empty one."""
    if not value:
        return 0
    cdef uint32_t digest = crc32(dumps(value))
    return digest or 1


cdef class Poorer:
    """Forms of teasers that brought nothing to an entry: shown again, they bring nothing as long as it lives.

    A help and no truth: without it the same is decided. Each form has one slot, and the last that came holds it.
    """

    cdef unsigned char slots[SLOTS][FORM]

    def __cinit__(self):
        memset(self.slots, 0, sizeof(self.slots))

    cdef inline unsigned char *slot(self, Bytes form) noexcept nogil:
        return self.slots[(number(form + KEY - 4) ^ number(form + KEY)) % SLOTS]

    cdef inline void add(self, Bytes form, Bytes entry) noexcept nogil:
        cdef unsigned char *slot = self.slot(form)
        memcpy(slot, form, KEY + DIGEST)
        memcpy(slot + KEY + DIGEST, entry + FIRST_AT, 4)

    cdef inline bint knows(self, Bytes form, Bytes entry) noexcept nogil:
        cdef const unsigned char *slot = self.slot(form)
        return not memcmp(slot, form, KEY + DIGEST) and not memcmp(slot + KEY + DIGEST, entry + FIRST_AT, 4)


cdef class Judge:
    """What judging a page's teasers needs and gathers."""

    cdef object teasers
    cdef list reasons, records, told, conflicts
    cdef uint32_t now
    cdef int64_t step, ttl, cap

    cdef inline uint32_t end(self, uint32_t first) noexcept nogil:
        """Return the end of what is seen now and was first seen at ``first``."""
        return <uint32_t>min(<int64_t>self.now + self.ttl, <int64_t>first + self.cap, <int64_t>MAX_SECONDS)

    cdef object new(self, Py_ssize_t at, Bytes mark):
        """Tell and remember a teaser that isn't known."""
        teaser = self.teasers[at]
        cdef dict fields = teaser.__dict__
        cdef tuple stated = fields["ranks"]
        cdef uint32_t ranks = 0, digest
        record = PyBytes_FromStringAndSize(NULL, RECORD)
        cdef unsigned char *into = <unsigned char *>PyBytes_AS_STRING(record) + KEY
        cdef int n
        for n in range(FIELDS):
            digest = hashed(fields[NAMES[n]])
            write(into + HASHES_AT + DIGEST * n, digest)
            if digest:
                ranks |= rank(stated, n) << RANK_BITS * n
        memcpy(into - KEY, mark, KEY)
        write(into + FIRST_AT, self.now)
        write(into + LAST_AT, self.now)
        write(into + END_AT, self.end(self.now))
        write(into + RANKS_AT, ranks)
        into[REVISION_AT], into[REVISION_AT + 1] = 0, 1
        memcpy(into + DIGEST_AT, mark + KEY, DIGEST)
        self.records.append(record)
        self.told.append(tuple.__new__(ToldTeaser, (teaser, "new", 1, ())))
        return NEW

    cdef object richer(self, Py_ssize_t at, Bytes mark, Bytes known, Poorer poorer):
        """Compare a repeat that shows something else, tell what it changes and remember what moves.

        Returns:
            None for a repeat after all.
        """
        teaser = self.teasers[at]
        cdef dict fields = teaser.__dict__
        cdef tuple stated = fields["ranks"]
        cdef uint32_t ranks = number(known + RANKS_AT), before, its, digest
        cdef bint fills = False, raises = False, moves = number(known + LAST_AT) + self.step <= self.now
        cdef unsigned char entry[ENTRY]
        cdef list changed = [], conflicts = []
        cdef int n
        memcpy(entry, known, ENTRY)
        for n in range(FIELDS):
            before = ranks >> RANK_BITS * n & MAX_RANK
            its = rank(stated, n)
            if not its or its < before:
                continue
            digest = hashed(fields[NAMES[n]])
            if not digest:  # an empty value is never a better one, whatever rank comes with it
                continue
            # A better form of the same text changes nothing for a reader.
            if digest != number(entry + HASHES_AT + DIGEST * n):
                (changed if its > before else conflicts).append(NAMES[n])
            if its > before:
                raises, fills = True, fills or not before
                write(entry + HASHES_AT + DIGEST * n, digest)
                ranks += (its - before) << RANK_BITS * n
        cdef uint32_t revision = <uint32_t>entry[REVISION_AT] << 8 | entry[REVISION_AT + 1]
        if changed:
            revision = min(revision + 1, <uint32_t>MAX_REVISION)
            entry[REVISION_AT], entry[REVISION_AT + 1] = revision >> 8, revision & 255
            self.told.append(tuple.__new__(ToldTeaser, (teaser, "enriched", revision, tuple(changed))))
        if not conflicts:  # the digest stands for an item that brings nothing and contradicts nothing
            memcpy(entry + DIGEST_AT, mark + KEY, DIGEST)
        if moves or raises:
            write(entry + RANKS_AT, ranks)
            self.remember(mark, entry, moves)
        if not raises and not conflicts:
            poorer.add(mark, known)
        self.conflicts += conflicts
        if changed:
            return ENRICHED if fills else CORRECTED
        for name in conflicts:
            if name in CONFLICTS:
                return CONFLICTS[name]
        return None

    cdef void seen(self, Bytes mark, Bytes known):
        """Remember that a mere repeat is seen a step later than the last."""
        cdef unsigned char entry[ENTRY]
        memcpy(entry, known, ENTRY)
        memcpy(entry + DIGEST_AT, mark + KEY, DIGEST)
        self.remember(mark, entry, True)

    cdef int remember(self, Bytes mark, unsigned char *entry, bint moves) except -1:
        cdef uint32_t end = self.end(number(entry + FIRST_AT))
        if moves:
            write(entry + LAST_AT, self.now)
            if end > number(entry + END_AT):  # which may come from longer times
                write(entry + END_AT, end)
        record = PyBytes_FromStringAndSize(NULL, RECORD)
        memcpy(PyBytes_AS_STRING(record), mark, KEY)
        memcpy(PyBytes_AS_STRING(record) + KEY, entry, ENTRY)
        self.records.append(record)
        return 0


cdef inline uint32_t rank(tuple stated, int n):
    """Return the rank of a field as the split states it, or the usual one."""
    if not stated:
        return UNSTATED_RANK
    if n >= len(stated):
        return 0
    return min(max(<int>stated[n], 0), <int>MAX_RANK)


def judged(
    teasers, bytes marks not None, bytes known not None, list repeats not None, bytes dropped not None,
    Poorer poorer not None, uint32_t now, settings
):
    """Return what becomes of the teasers of a page.

    Args:
        teasers: As the page shows them.
        marks: Of each.
        known: The entry of each, zeros for none.
        repeats: What a mere repeat is, for each of the 256 ways to be shown.
        dropped: For each way whether it is dropped unseen: 1 or 0.
        poorer: Forms that are repeats though another one made the entry; more are added.
        now: Stream time, seconds since 1970.
        settings: Give step, TTL and cap.

    Raises:
        ValueError: Marks and entries are not those of so many teasers.
        MemoryError: There is no more.
    """
    cdef Py_ssize_t count = len(teasers), n
    if count * MARK != PyBytes_GET_SIZE(marks) or count * ENTRY != PyBytes_GET_SIZE(known):
        raise ValueError(f"{len(marks)} bytes of marks, {len(known)} of entries: not those of {count} teasers")
    if len(repeats) != 256 or PyBytes_GET_SIZE(dropped) != 256:
        raise ValueError(f"{len(repeats)} and {len(dropped)} ways to be shown: there are 256")
    cdef Judge judge = Judge.__new__(Judge)
    judge.teasers, judge.now = teasers, now
    judge.step, judge.ttl, judge.cap = settings.step_seconds, settings.ttl_seconds, settings.cap_seconds
    judge.reasons, judge.records, judge.told, judge.conflicts = [], [], [], []
    cdef Bytes all_marks = <Bytes>PyBytes_AS_STRING(marks), mark, entry
    cdef Bytes is_dropped = <Bytes>PyBytes_AS_STRING(dropped)
    cdef uint32_t slots = 8, slot
    while slots < 2 * count:
        slots *= 2
    cdef uint32_t *firsts = <uint32_t *>calloc(slots, sizeof(uint32_t))  # places of keys, counted from 1
    if firsts == NULL:
        raise MemoryError
    try:
        for n in range(count):
            mark, entry = all_marks + n * MARK, <Bytes>PyBytes_AS_STRING(known) + n * ENTRY
            slot = number(mark) & (slots - 1)
            while firsts[slot] and memcmp(mark, all_marks + (firsts[slot] - 1) * MARK, KEY):
                slot = (slot + 1) & (slots - 1)
            reason = None
            if is_dropped[mark[HOW]]:
                pass
            elif firsts[slot]:  # the split merges what has one id: a second one is another version's
                reason = TWIN
            elif number(entry + END_AT) <= now:
                reason = judge.new(n, mark)
            elif memcmp(mark + KEY, entry + DIGEST_AT, DIGEST) and not poorer.knows(mark, entry):
                reason = judge.richer(n, mark, entry, poorer)
            elif number(entry + LAST_AT) + judge.step <= now:
                judge.seen(mark, entry)
            judge.reasons.append(repeats[mark[HOW]] if reason is None else reason)
            if not firsts[slot]:
                firsts[slot] = n + 1
    finally:
        free(firsts)
    return tuple.__new__(Judged, (judge.reasons, judge.records, judge.told, judge.conflicts))
