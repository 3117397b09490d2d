# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Packed entries by key, in memory that holds nothing else.

What deciding costs is waiting for memory. A dictionary keeps its index, its keys and its values in three places,
each an object with a head of 33 bytes. Here records lie one after the other, 66 bytes each, and an index of four
bytes a slot tells where: one line of the cache for the index, one or two for the record, and all of a page's are
asked for before the first is waited for.

A key's first byte chooses one of 256 parts, so that growing or sweeping one takes a millisecond.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp, memcpy, memset

from worker.dedupe.layout cimport END_AT, ENTRY, KEY, RECORD, Bytes, number

from os import urandom

cdef extern from *:
    """
    #define fetch(address) __builtin_prefetch(address)
    """
    void fetch(const void *address) nogil

cdef enum:
    END = KEY + END_AT
    PARTS = 256
    POSITION_BITS = 22
    LEAST_SLOTS = 8

# A slot is 0 where it is free, else ten bits of the hash over the position of the record, counted from 1.
cdef uint32_t POSITION = (1 << POSITION_BITS) - 1

cdef struct Part:
    unsigned char *records
    uint32_t *slots
    uint32_t used
    uint32_t room
    uint32_t mask


cdef inline Bytes address(const Part *part, uint32_t slot) noexcept nogil:
    """Return where the record of a slot lies."""
    return part.records + <size_t>((slot & POSITION) - 1) * RECORD


cdef class Table:
    """Records of a key (16 bytes) and an entry (50 bytes), the entry's end in its bytes 8 to 12.

    An entry counts as unknown where it ends with the second 0.
    """

    cdef Part parts[PARTS]
    cdef uint64_t seed  # without it pages could be made up whose keys fall into one slot

    def __cinit__(self):
        memset(self.parts, 0, sizeof(self.parts))
        self.seed = int.from_bytes(urandom(8), "little")
        for n in range(PARTS):
            self.reindex(&self.parts[n], LEAST_SLOTS)

    def __dealloc__(self):
        for n in range(PARTS):
            free(self.parts[n].records)
            free(self.parts[n].slots)

    def __len__(self):
        cdef size_t held = 0
        for n in range(PARTS):
            held += self.parts[n].used
        return held

    def find(self, bytes keys not None, Py_ssize_t stride=KEY):
        """Return the entries of keys, one after the other, zeros where there is none.

        Args:
            keys: The keys, each at the beginning of so many bytes.
            stride: Bytes from one key to the next, 16 or more.

        Raises:
            ValueError: The bytes are no whole keys.
        """
        cdef Py_ssize_t size = PyBytes_GET_SIZE(keys)
        if stride < KEY or size % stride:
            raise ValueError(f"{size} bytes are no keys of {stride}")
        cdef Py_ssize_t count = size // stride, n
        cdef Bytes key = <Bytes>PyBytes_AS_STRING(keys)
        found = PyBytes_FromStringAndSize(NULL, count * ENTRY)
        cdef char *entry = PyBytes_AS_STRING(found)
        cdef const Part *part
        cdef uint32_t slot
        for n in range(count):
            part = &self.parts[key[n * stride]]
            fetch(&part.slots[self.mix(key + n * stride) & part.mask])
        for n in range(count):
            part = &self.parts[key[n * stride]]
            slot = part.slots[self.mix(key + n * stride) & part.mask]
            if slot:
                fetch(address(part, slot))
                fetch(address(part, slot) + RECORD - 1)
        for n in range(count):
            part = &self.parts[key[n * stride]]
            slot = part.slots[self.place(part, key + n * stride)]
            if slot:
                memcpy(entry + n * ENTRY, address(part, slot) + KEY, ENTRY)
            else:
                memset(entry + n * ENTRY, 0, ENTRY)
        return found

    def put(self, bytes records not None, Py_ssize_t begin=0, uint32_t now=0):
        """Put records in their order; those that end by ``now`` leave things as they are.

        Args:
            records: Whole records, from ``begin`` on.
            begin: Bytes before the first.
            now: Seconds since 1970.

        Raises:
            ValueError: The bytes are no whole records.
            MemoryError: There is no more.
        """
        cdef Py_ssize_t size = PyBytes_GET_SIZE(records) - begin
        if begin < 0 or size < 0 or size % RECORD:
            raise ValueError(f"{size} bytes are no whole records")
        cdef Bytes record = <Bytes>PyBytes_AS_STRING(records) + begin
        for _ in range(size // RECORD):
            if number(record + END) > now:
                self.set(record)
            record += RECORD

    def records(self, int part, uint32_t now):
        """Return the records of one of the 256 parts that end after ``now``."""
        cdef const Part *held = &self.parts[part & 255]
        cdef size_t n, kept = 0
        whole = PyBytes_FromStringAndSize(NULL, <Py_ssize_t>held.used * RECORD)
        cdef char *into = PyBytes_AS_STRING(whole)
        for n in range(held.used):
            if number(held.records + n * RECORD + END) > now:
                memcpy(into + kept * RECORD, held.records + n * RECORD, RECORD)
                kept += 1
        return whole if kept == held.used else whole[: kept * RECORD]

    def sweep(self, int part, uint32_t now):
        """Let go of what ended by ``now`` in one of the 256 parts, and of the memory that it took."""
        cdef Part *held = &self.parts[part & 255]
        cdef uint32_t n, kept = 0
        for n in range(held.used):
            if number(held.records + <size_t>n * RECORD + END) > now:
                if kept < n:
                    memcpy(held.records + <size_t>kept * RECORD, held.records + <size_t>n * RECORD, RECORD)
                kept += 1
        if kept == held.used:
            return
        held.used = kept
        self.resize(held, kept + kept // 8 + 1)
        cdef uint32_t slots = LEAST_SLOTS
        while kept * 4 > slots * 3:
            slots *= 2
        self.reindex(held, slots)

    cdef inline uint64_t mix(self, Bytes key) noexcept nogil:
        """Return the hash of a key: its first byte has chosen the part, the last eight are as good as any."""
        cdef uint64_t bits
        memcpy(&bits, key + KEY - sizeof(bits), sizeof(bits))
        bits = (bits ^ self.seed) * <uint64_t>0x9E3779B97F4A7C15
        return bits ^ bits >> 32

    cdef inline uint32_t place(self, const Part *part, Bytes key) noexcept nogil:
        """Return the slot of a key, or the free one in which it would be."""
        cdef uint64_t mixed = self.mix(key)
        cdef uint32_t at = mixed & part.mask, tag = mixed >> 32 & ~POSITION
        while part.slots[at]:
            if (part.slots[at] & ~POSITION) == tag and not memcmp(address(part, part.slots[at]), key, KEY):
                break
            at = (at + 1) & part.mask
        return at

    cdef int set(self, Bytes record) except -1:
        cdef Part *part = &self.parts[record[0]]
        cdef uint32_t at = self.place(part, record)
        if part.slots[at]:
            memcpy(<void *>address(part, part.slots[at]), record, RECORD)
            return 0
        if part.used == POSITION:
            raise MemoryError("four million entries in one of 256 parts: add partitions")
        if part.used == part.room:
            self.resize(part, part.used + part.used // 8 + 4)
        memcpy(part.records + <size_t>part.used * RECORD, record, RECORD)
        part.used += 1
        part.slots[at] = (self.mix(record) >> 32 & ~POSITION) | part.used
        if part.used * 4 > (part.mask + 1) * 3:
            self.reindex(part, (part.mask + 1) * 2)
        return 0

    cdef int resize(self, Part *part, uint32_t room) except -1:
        cdef void *moved = realloc(part.records, <size_t>room * RECORD)
        if moved == NULL:
            raise MemoryError("no more memory for the entries of the state: add processes or use a store on disk")
        part.records, part.room = <unsigned char *>moved, room
        return 0

    cdef int reindex(self, Part *part, uint32_t slots) except -1:
        """Make the index anew, with so many slots: a power of two."""
        cdef uint32_t *index = <uint32_t *>calloc(slots, sizeof(uint32_t))
        if index == NULL:
            raise MemoryError("no more memory for the index of the state: add processes or use a store on disk")
        free(part.slots)
        part.slots, part.mask = index, slots - 1
        cdef uint32_t n, at
        cdef uint64_t mixed
        for n in range(part.used):
            mixed = self.mix(part.records + <size_t>n * RECORD)
            at = mixed & part.mask
            while index[at]:
                at = (at + 1) & part.mask
            index[at] = (mixed >> 32 & ~POSITION) | (n + 1)
        return 0
