"""What compiled modules see of the signals of lines: a row of small numbers for each."""

from worker.extract.article.line_texts cimport Said
from worker.extract.article.lines cimport Line
from worker.extract.article.root cimport Root
from worker.extract.article.surroundings cimport Surroundings
from worker.extract.document cimport Document

cdef struct Row:  # the signals of a line, as codes
    int length  # of the line
    int links  # share of link text
    int tag
    int distance  # elements to climb from the root until the line is inside; 0 in the root
    int depth  # elements between root and line; 7 outside
    int names  # what templates call the elements around it
    int own_name  # what they call its own element
    int semantic  # main, article
    int frame  # aside, header, figure, ...
    int ends  # how the line ends
    int sentences
    int place  # before, among or after the prose
    int neighbours  # whether the lines before and after are prose
    int container  # share of all prose in its parent
    int alike  # same tag and class as most prose
    int wording  # known boilerplate, heading, label or date of the page
    int under  # what heading is above
    int repeated  # said elsewhere: as the headline, as the description, twice
    int body_text  # in JSON-LD's articleBody
    int emphasis  # bold, italic, link
    int start  # capital, small letter, digit, quote
    int digits
    int position  # tenth of the page
    int after_headline  # lines since the h1
    int container_links  # share of link text in its parent
    int marks  # ©, |, @, http
    int grand  # share of all prose in its grandparent
    int gap  # lines to the prose before and after
    int part  # what templates call the nearest element that is seldom body, below the root
    int nested  # articles around it, below the root
    int picture  # whether it has a box to itself with a picture

cdef struct Facts:  # of one line
    int element
    int parent  # -1 for the page's own element
    int tag
    double size  # letters of an alphabet
    bint is_prose
    bint is_repeated
    Said said
    int other_tag  # the next line with the same class and another tag, of the first with its own; 0 for none
    int prose_alike  # lines of prose with its tag and class, of the first of them

cdef class LineSignals:
    cdef readonly int count
    cdef Row *codes  # of each line
    cdef int *siblings  # for each line the first whose element has the same parent
    cdef int *alikes  # for each line the first whose element has the same tag and class
    cdef Facts *_facts
    cdef Document _document
    cdef list _lines
    cdef Root _root

    cdef list row(self, int at)
    cdef int _read(self) except -1
    cdef int _follow_headings(self) except -1
    cdef int _look_around(self, Surroundings around) except -1
    cdef int _tell_repeats(self, told) except -1
    cdef int _place_among_prose(self) noexcept
    cdef int _place_in_tree(self) except -1
    cdef int _parent(self, int element) noexcept
    cdef int _measure_way(self, int element, Row *row) noexcept
    cdef int _compare_shapes(self) except -1
    cdef int _look_into(self, str body) except -1
