"""What compiled modules see of a page: its arrays, and its attributes without a dictionary."""

ctypedef void *Node

cpdef enum Tag:
    OTHER  # of no name below: its name is in ``Document.tags``
    A
    ADDRESS
    AMP_IMG
    AREA
    ARTICLE
    ASIDE
    B
    BASE
    BDI
    BLOCKQUOTE
    BODY
    BR
    BUTTON
    CANVAS
    CITE
    COL
    DD
    DETAILS
    DIALOG
    DIV
    DL
    DT
    EM
    EMBED
    FIELDSET
    FIGCAPTION
    FIGURE
    FONT
    FOOTER
    FORM
    H1
    H2
    H3
    H4
    H5
    H6
    HEADER
    HR
    HTML
    I
    IFRAME
    IMG
    INPUT
    LABEL
    LI
    LINK
    MAIN
    MARK
    MATH
    META
    NAV
    NOSCRIPT
    OBJECT
    OL
    OPTION
    P
    PARAM
    PICTURE
    PRE
    Q
    S
    SCRIPT
    SECTION
    SELECT
    SOURCE
    SPAN
    STRONG
    STYLE
    SUB
    SUMMARY
    SUP
    SVG
    TABLE
    TD
    TEMPLATE
    TEXTAREA
    TH
    TIME
    TITLE
    TR
    U
    UL
    WBR

cpdef enum Kind:
    TEXT
    SPACE  # between texts of a line
    BREAK  # where a line begins
    BR_BREAK  # where it begins by a ``br``

cdef struct Element:
    Node node
    int tag  # of ``Tag``
    int parent
    int block
    int end
    int text_start
    int text_end

cdef struct Piece:
    int owner
    int length  # characters of all pieces before it
    int linked  # those of them that stand in links
    int kind  # of ``Kind``

cdef struct Attribute:
    Node node
    const char *name
    size_t name_length
    const char *value  # NULL for none, as in ``<p hidden>``
    size_t value_length

cdef class Document:
    cdef Element *element  # ``count`` of them
    cdef Piece *piece  # ``piece_count`` of them, and one more for the sums over all
    cdef int *long_piece
    cdef int *line_break
    cdef readonly int count, piece_count, long_count, break_count
    cdef readonly list pieces
    cdef object _parser
    cdef dict _lists, _names
    cdef list _texts, _attributes
    cdef int _room, _piece_room, _long_room, _break_room

    cdef int _walk(self, Node root) except -1
    cdef int _tag_of(self, Node node) except -3
    cdef int _add_element(self, Node node, int tag, int parent, int block) except -1
    cdef int _add_piece(self, str text, int owner, int kind) except -1
    cdef int _measure(self) except -1
    cdef int _checked(self, int element) except -1
    cdef list _list(self, str name, const void *first, int count, size_t step)

    cdef str tag_name(self, int element)
    cdef str text_of(self, int first, int end)  # of these pieces, white space folded
    cdef str text_in(self, int element)
    cdef int length_in(self, int element) noexcept
    cdef int linked_in(self, int element) noexcept
    cdef dict attributes_of(self, int element)
    cdef str attribute(self, int element, const char *name)  # None where it has none, or none with a value
    cdef bint has_attribute(self, int element, const char *name) noexcept
    cdef bint first_attribute(self, int element, Attribute *found) noexcept

cdef bint next_attribute(Attribute *found) noexcept
cdef str attribute_value(const Attribute *found)
cdef bint is_named(const Attribute *found, const char *name) noexcept
