# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""HTML to a document: one parse, one walk, flat arrays.

Elements are numbered in document order, so the subtree of element ``i`` is ``range(i, ends[i])`` and its text
is ``pieces[text_starts[i]:text_ends[i]]``. Whatever is asked of a subtree (its text, its links, its density) is
then a slice or the difference of two running sums: the work grows linearly with the page.

The walk calls the parser's own library, by the functions that its module exports: no object is made for a node.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.unicode cimport PyUnicode_DecodeUTF8, PyUnicode_GET_LENGTH
from libc.stdint cimport uintptr_t
from libc.string cimport memcmp, strlen
from posix.dlfcn cimport RTLD_NOW, dlopen, dlsym

from worker.extract.folding cimport folded_from

from selectolax import lexbor
from selectolax.lexbor import LexborHTMLParser

UNREAD = ("style", "svg", "math", "iframe", "template", "object", "canvas")
"""Elements passed over, whole: nothing in them is text of the page."""

EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "script", "source", "wbr"]
)
"""Elements that hold nothing, or as scripts no text of the page: they are not looked into."""

BREAKING = frozenset(
    (
        "address article aside blockquote body br dd details div dl dt fieldset figcaption figure footer form"
        " h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table td th tr ul"
    ).split()
)
"""Elements that begin a line of their own: no word goes on across their start."""

LONG_PIECE = 24
"""Characters from which a piece is a long one: what may be prose has such, labels seldom."""

_TAGS = {name.lower().replace("_", "-"): int(number) for name, number in Tag.__members__.items()}
cdef list _NAMES = list(_TAGS)

cdef enum:
    ROOT = -1
    TEXT_NODE = 2  # the parser's number of texts, and the first one of elements: lexbor, tag/const.h
    FIRST_ELEMENT = 6  # below are documents, comments and the like
    DATA_AT = 96  # bytes from a text node to what describes its characters: ``bind`` makes sure
    KNOWN_TAGS = 512
    UNKNOWN = -1
    PASSED_OVER = -2
    PROSE_PIECE = 24  # LONG_PIECE

ctypedef Node (*Step)(Node) noexcept nogil
ctypedef uintptr_t (*Number)(Node) noexcept nogil
ctypedef const char *(*Named)(Node, size_t *) noexcept nogil

cdef struct Characters:
    const char *data
    size_t length

cdef Step first_child, next_node, parent_of, first_of, next_of
cdef Number tag_of
cdef Named element_name, attribute_name, value_of


cdef void *exported(void *library, bytes name) except NULL:
    cdef void *found = dlsym(library, name)
    if found == NULL:
        raise ImportError(f"{lexbor.__file__} exports no {name.decode()}: install selectolax as it is locked")
    return found


cdef int bind() except -1:
    """Look up what is called of the parser, and check the one place that is read without a call."""
    global first_child, next_node, parent_of, first_of, next_of, tag_of, element_name, attribute_name, value_of
    cdef bytes path = lexbor.__file__.encode()
    cdef void *library = dlopen(path, RTLD_NOW)
    if library == NULL:
        raise ImportError(f"{lexbor.__file__} can't be opened as a library")
    first_child = <Step>exported(library, b"lxb_dom_node_first_child_noi")
    next_node = <Step>exported(library, b"lxb_dom_node_next_noi")
    parent_of = <Step>exported(library, b"lxb_dom_node_parent_noi")
    first_of = <Step>exported(library, b"lxb_dom_element_first_attribute_noi")
    next_of = <Step>exported(library, b"lxb_dom_element_next_attribute_noi")
    tag_of = <Number>exported(library, b"lxb_dom_node_tag_id_noi")
    element_name = <Named>exported(library, b"lxb_dom_element_qualified_name")
    attribute_name = <Named>exported(library, b"lxb_dom_attr_qualified_name")
    value_of = <Named>exported(library, b"lxb_dom_attr_value_noi")
    probe = LexborHTMLParser("<p>a text</p>")
    cdef Node text = first_child(<Node><uintptr_t>probe.css_first("p").mem_id)
    if tag_of(text) != TEXT_NODE or characters(text).length != 6 or memcmp(characters(text).data, b"a text", 6) != 0:
        raise ImportError("this selectolax keeps its texts elsewhere: install it as it is locked")
    return 0


cdef inline const Characters *characters(Node text) noexcept nogil:
    return <const Characters *>(<const char *>text + DATA_AT)


bind()


cdef inline str decoded(const char *data, size_t length):
    return PyUnicode_DecodeUTF8(data, <Py_ssize_t>length, "replace")


cdef inline bint is_blank(const Characters *text) noexcept nogil:
    cdef size_t at
    for at in range(text.length):
        if text.data[at] not in (b" ", b"\n", b"\t", b"\r", b"\f"):
            return False
    return True


cdef void *grown(void *array, int *room, size_t size) except NULL:
    """Return the array with twice its room."""
    cdef int more = max(256, 2 * room[0])
    cdef void *found = PyMem_Realloc(array, more * size)
    if found == NULL:
        raise MemoryError
    room[0] = more
    return found


cdef list breaks_of_tags():
    """Return for each known tag what it leaves among the pieces: TEXT for nothing."""
    return [Kind.BR_BREAK if name == "br" else Kind.BREAK if name in BREAKING else Kind.TEXT for name in _NAMES]


cdef object OF_NO_NUMBER = int(Tag.OTHER)
cdef int[KNOWN_TAGS] known  # our number of each tag that the parser numbers alike in all pages
for _number in range(KNOWN_TAGS):
    known[_number] = UNKNOWN

cdef int[KNOWN_TAGS] leaves
cdef bint[KNOWN_TAGS] holds_nothing
for _number, _kind in enumerate(breaks_of_tags()):
    leaves[_number], holds_nothing[_number] = _kind, _NAMES[_number] in EMPTY


@cython.final
cdef class Document:
    """A parsed page as parallel arrays over its elements, and one over its pieces of text.

    Python sees lists, made when one is first asked for; compiled modules see the arrays of ``document.pxd``.

    Attributes:
        tags: The tag of each element, in lower case.
        by_tag: Numbers of the elements of each tag, in document order; an unknown tag has none.
        parents: Number of its parent element; -1 for the root.
        blocks: Number of the nearest element that breaks lines, ``br`` apart: itself, or one around it.
        ends: One past the number of its last descendant.
        text_starts: Number of the first piece of text in it.
        text_ends: One past the last piece of text in it.
        pieces: Every text of the page, in document order; white space between texts of a line is kept as one space,
            and a line break stands where a line begins, a vertical tab where that is a ``br``. Texts of scripts are
            not among them.
        long_pieces: Numbers of the pieces of at least ``LONG_PIECE`` characters.
        breaks: Numbers of the pieces that are line breaks.
        owners: Number of the element that each piece stands in directly; of white space, of the one that it follows.
        lengths: Running sum of the pieces' lengths in characters: ``lengths[n]`` covers the first ``n`` pieces.
        link_lengths: The same sum over the text that stands in links.
    """

    def __cinit__(self, html):
        self.pieces, self._lists, self._names = [], {}, {}
        self._parser = LexborHTMLParser(html)
        root = self._parser.root
        if root is not None:
            self._walk(<Node><uintptr_t>root.mem_id)
        self._texts, self._attributes = [None] * self.count, [None] * self.count
        self._measure()

    def __dealloc__(self):
        PyMem_Free(self.element)
        PyMem_Free(self.piece)
        PyMem_Free(self.long_piece)
        PyMem_Free(self.line_break)

    cdef int _walk(self, Node root) except -1:
        """Fill the arrays in one traversal; what is passed over is not even looked into."""
        cdef Node node = root, child
        cdef uintptr_t tag_id
        cdef int tag, kind, block
        cdef int parent = ROOT, last = ROOT, last_block = ROOT
        cdef bint after_text = False, broken = True
        cdef const Characters *text
        while True:
            child = NULL
            tag_id = tag_of(node)
            if tag_id == TEXT_NODE:
                text = characters(node)
                if not is_blank(text):
                    block = self.element[parent].block
                    if block != last_block:
                        last_block = block
                        if not broken:
                            self._add_piece("\n", parent, Kind.BREAK)
                    self._add_piece(decoded(text.data, text.length), parent, Kind.TEXT)
                    after_text, broken = True, False
                    last = parent
                elif after_text:
                    self._add_piece(" ", last, Kind.SPACE)
                    after_text = False
                    while last != parent:  # a space is counted as of what it follows, as the weights were learned
                        self.element[last].text_end = self.piece_count
                        last = self.element[last].parent
            elif tag_id >= FIRST_ELEMENT:
                tag = known[tag_id] if tag_id < KNOWN_TAGS else UNKNOWN
                if tag == UNKNOWN:
                    tag = self._tag_of(node)
                    if tag_id < KNOWN_TAGS and tag != Tag.OTHER:
                        known[tag_id] = tag
                if tag != PASSED_OVER:
                    block = self.element[parent].block if self.count else 0
                    kind = leaves[tag]
                    if kind != Kind.TEXT:
                        if self.count:
                            self._add_piece("\n" if kind == Kind.BREAK else "\v", parent, kind)
                            after_text, broken = False, True
                        if kind == Kind.BREAK:
                            block = self.count
                    last = self.count
                    self._add_element(node, tag, parent, block)
                    if not holds_nothing[tag]:
                        child = first_child(node)
            if child != NULL:
                node, parent = child, last
                continue
            while node != root and next_node(node) == NULL:
                node = parent_of(node)
                self.element[parent].end = self.count
                self.element[parent].text_end = self.piece_count
                parent = self.element[parent].parent
            if node == root:
                return 0
            node = next_node(node)

    cdef int _tag_of(self, Node node) except -3:
        """Return the number of an element's tag; ``OTHER`` leaves its name behind."""
        cdef size_t length
        cdef const char *name = element_name(node, &length)
        told = decoded(name, length) if name != NULL else "-"
        if told in UNREAD:
            return PASSED_OVER
        cdef int tag = _TAGS.get(told, OF_NO_NUMBER)
        if tag == Tag.OTHER:
            self._names[self.count] = told
        return tag

    cdef int _add_element(self, Node node, int tag, int parent, int block) except -1:
        if self.count == self._room:
            self.element = <Element *>grown(self.element, &self._room, sizeof(Element))
        cdef Element *each = &self.element[self.count]
        self.count += 1
        each.node, each.tag, each.parent, each.block, each.end = node, tag, parent, block, self.count
        each.text_start = each.text_end = self.piece_count
        return 0

    cdef int _add_piece(self, str text, int owner, int kind) except -1:
        if self.piece_count == self._piece_room:
            self.piece = <Piece *>grown(self.piece, &self._piece_room, sizeof(Piece))
        self.pieces.append(text)
        self.piece[self.piece_count].owner = owner
        self.piece[self.piece_count].kind = kind
        self.piece_count += 1
        return 0

    cdef int _measure(self) except -1:
        """Sum the lengths of the pieces, and of those that stand in links; tell long pieces and breaks."""
        cdef int at, element = 0, until = 0, length, total = 0, linked = 0
        cdef Piece *piece
        if self.piece_count == self._piece_room:
            self.piece = <Piece *>grown(self.piece, &self._piece_room, sizeof(Piece))
        for at in range(self.piece_count):
            while element < self.count and self.element[element].text_start <= at:
                if self.element[element].tag == Tag.A:
                    until = max(until, self.element[element].text_end)
                element += 1
            piece = &self.piece[at]
            piece.length, piece.linked = total, linked
            length = <int>PyUnicode_GET_LENGTH(self.pieces[at])
            total += length
            if at < until:
                linked += length
            if piece.kind == Kind.BREAK or piece.kind == Kind.BR_BREAK:
                if self.break_count == self._break_room:
                    self.line_break = <int *>grown(self.line_break, &self._break_room, sizeof(int))
                self.line_break[self.break_count] = at
                self.break_count += 1
            elif length >= PROSE_PIECE:
                if self.long_count == self._long_room:
                    self.long_piece = <int *>grown(self.long_piece, &self._long_room, sizeof(int))
                self.long_piece[self.long_count] = at
                self.long_count += 1
        piece = &self.piece[self.piece_count]
        piece.length, piece.linked, piece.owner, piece.kind = total, linked, ROOT, Kind.BREAK
        return 0

    cdef str tag_name(self, int element):
        cdef int tag = self.element[element].tag
        return <str>_NAMES[tag] if tag != Tag.OTHER else <str>self._names[element]

    cdef str text_of(self, int first, int end):
        return folded_from(self.pieces, first, end)

    cdef str text_in(self, int element):
        found = self._texts[element]
        if found is None:
            found = self._texts[element] = self.text_of(
                self.element[element].text_start, self.element[element].text_end
            )
        return <str>found

    cdef int length_in(self, int element) noexcept:
        cdef const Element *each = &self.element[element]
        return self.piece[each.text_end].length - self.piece[each.text_start].length

    cdef int linked_in(self, int element) noexcept:
        cdef const Element *each = &self.element[element]
        return self.piece[each.text_end].linked - self.piece[each.text_start].linked

    cdef dict attributes_of(self, int element):
        cdef Attribute each
        cdef dict found = self._attributes[element]
        if found is None:
            found = self._attributes[element] = {}
            if self.first_attribute(element, &each):
                while True:
                    found[decoded(each.name, each.name_length)] = attribute_value(&each)
                    if not next_attribute(&each):
                        break
        return found

    cdef str attribute(self, int element, const char *name):
        cdef Attribute each
        if self.first_attribute(element, &each):
            while not is_named(&each, name):
                if not next_attribute(&each):
                    return None
            return attribute_value(&each)
        return None

    cdef bint has_attribute(self, int element, const char *name) noexcept:
        cdef Attribute each
        if not self.first_attribute(element, &each):
            return False
        while not is_named(&each, name):
            if not next_attribute(&each):
                return False
        return True

    cdef bint first_attribute(self, int element, Attribute *found) noexcept:
        found.node = first_of(self.element[element].node)
        return described(found)

    def attributes(self, int element):
        """Return the element's attributes, names in lower case; whoever asks shares them and changes nothing."""
        return self.attributes_of(self._checked(element))

    def having(self, *attributes):
        """Return the elements that have one of the attributes, in document order."""
        cdef int element
        cdef bytes name
        cdef list names = [each.encode() for each in attributes], found = []
        for element in range(self.count):
            for name in names:
                if self.has_attribute(element, name):
                    found.append(element)
                    break
        return found

    def inside(self, tag, element):
        """Return the elements of a tag in ``element``, in document order."""
        found = self.by_tag[tag]
        return found[bisect_right(found, element):bisect_left(found, self.ends[element])]

    def script(self, int element):
        """Return the text of a script."""
        cdef Node node = first_child(self.element[self._checked(element)].node)
        found = []
        while node != NULL:
            if tag_of(node) == TEXT_NODE:
                found.append(decoded(characters(node).data, characters(node).length))
            node = next_node(node)
        return "".join(found)

    def text(self, int element):
        """Return all text in the element, white space folded, "" where there is none."""
        return self.text_in(self._checked(element))

    def text_length(self, int element):
        """Return the characters of text in the element, white space included."""
        return self.length_in(self._checked(element))

    def link_text_length(self, int element):
        """Return those of its characters that stand in links."""
        return self.linked_in(self._checked(element))

    def ancestors(self, int element):
        """Return the elements around ``element``, the nearest first."""
        found = []
        element = self.element[self._checked(element)].parent
        while element != ROOT:
            found.append(element)
            element = self.element[element].parent
        return found

    cdef int _checked(self, int element) except -1:
        """Return the number of an element; one counted from the end as lists have it."""
        if element < 0:
            element += self.count
        if not 0 <= element < self.count:
            raise IndexError(f"element {element} of {self.count}")
        return element

    cdef list _list(self, str name, const void *first, int count, size_t step):
        """Return the numbers that lie ``step`` bytes apart as a list, made once."""
        cdef int at
        found = self._lists.get(name)
        if found is None:
            found = self._lists[name] = [(<const int *>(<const char *>first + at * step))[0] for at in range(count)]
        return found

    @property
    def tags(self):
        cdef int at
        if "tags" not in self._lists:
            self._lists["tags"] = [self.tag_name(at) for at in range(self.count)]
        return self._lists["tags"]

    @property
    def by_tag(self):
        if "by_tag" not in self._lists:
            found = self._lists["by_tag"] = defaultdict(list)
            for element, tag in enumerate(self.tags):
                found[tag].append(element)
        return self._lists["by_tag"]

    @property
    def parents(self):
        return self._list("parents", &self.element.parent, self.count, sizeof(Element))

    @property
    def blocks(self):
        return self._list("blocks", &self.element.block, self.count, sizeof(Element))

    @property
    def ends(self):
        return self._list("ends", &self.element.end, self.count, sizeof(Element))

    @property
    def text_starts(self):
        return self._list("text_starts", &self.element.text_start, self.count, sizeof(Element))

    @property
    def text_ends(self):
        return self._list("text_ends", &self.element.text_end, self.count, sizeof(Element))

    @property
    def owners(self):
        return self._list("owners", &self.piece.owner, self.piece_count, sizeof(Piece))

    @property
    def lengths(self):
        return self._list("lengths", &self.piece.length, self.piece_count + 1, sizeof(Piece))

    @property
    def link_lengths(self):
        return self._list("link_lengths", &self.piece.linked, self.piece_count + 1, sizeof(Piece))

    @property
    def long_pieces(self):
        return self._list("long_pieces", self.long_piece, self.long_count, sizeof(int))

    @property
    def breaks(self):
        return self._list("breaks", self.line_break, self.break_count, sizeof(int))


cdef inline bint described(Attribute *found) noexcept:
    """Read name and value of an attribute; False after the last."""
    if found.node == NULL:
        return False
    found.name = attribute_name(found.node, &found.name_length)
    found.value = value_of(found.node, &found.value_length)
    return True


cdef bint next_attribute(Attribute *found) noexcept:
    found.node = next_of(found.node)
    return described(found)


cdef str attribute_value(const Attribute *found):
    return decoded(found.value, found.value_length) if found.value != NULL else None


cdef bint is_named(const Attribute *found, const char *name) noexcept:
    return strlen(name) == found.name_length and memcmp(name, found.name, found.name_length) == 0
