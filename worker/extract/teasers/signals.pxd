from worker.extract.document cimport Document
from worker.extract.teasers.blocks cimport StoryBlock
from worker.extract.teasers.cards cimport Card
from worker.extract.teasers.names cimport Names
from worker.extract.teasers.targets cimport Page, Target

cpdef enum:
    CODES = 12  # that a signal can have, 0 to 11: as many as the longest scale has steps

cdef enum:
    CLASS_COUNT = 13  # of names

cdef enum Place:  # of a card to the long texts of the page; the last of a page without any
    BEFORE_PROSE
    AMONG_PROSE
    AFTER_PROSE
    NO_PROSE

cdef struct Row:  # the codes of a card, in the order of ``SIGNALS``
    unsigned char segments, slug, run, mixed, dated
    unsigned char site, likeness, hub
    unsigned char path, query
    unsigned char length, heading_tag, image, wording
    unsigned char other_text, line, frame, links
    unsigned char[CLASS_COUNT] names
    unsigned char cards, mean_length, images, block_heading
    unsigned char place, time, tag

cdef struct Around:
    int near  # names of an element and of what is directly around it
    int far  # of all around it; -1 where they weren't asked for yet
    int frame  # code of the nearest frame
    int below  # where the way up to it came from


cdef class Rows:
    cdef Row *row
    cdef readonly int count


cdef class CardSignals:
    cdef Document _document
    cdef Names _names
    cdef Page _page
    cdef list _cards, _blocks
    cdef set _under
    cdef Around *_around
    cdef int _first_prose, _last_prose

    cpdef Rows rows(self)
    cdef int _read_block(self, StoryBlock block, Rows rows) except -1
    cdef double _read_shown(self, Card card, Row *row) except -1
    cdef int _read_address(self, Target target, Row *row) except -1
    cdef bint _shows_date(self, int element) except -1
    cdef int _unlinked(self, int element) noexcept
    cdef Place _place(self, int element) noexcept
    cdef Around *_around_of(self, int element) except NULL
