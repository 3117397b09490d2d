# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The picture of a card: the real one, never a placeholder or an icon. **Total**."""

import re

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ
from libc.string cimport memcmp, memset, strcmp, strlen

from worker.extract.document cimport (
    Attribute,
    Document,
    Tag,
    attribute_value,
    is_named,
    next_attribute,
)
from worker.identity.addresses cimport resolve

cdef enum:
    SOURCES = 10
    MARKS = 17
    ASCII = 128
    NO_LETTER = 127
    MIN_SIDE = 40  # pixels of the shortest side of a picture; icons and counters are smaller
    SIDE_DIGITS = 6  # digits read of a side

ctypedef const char *Word

# Attributes that name the picture, in order of trust; between the first and the last those where scripts find it.
cdef Word[SOURCES] source_names = [
    b"src",
    b"data-src",
    b"data-original",
    b"data-lazy-src",
    b"data-lazy",
    b"data-url",
    b"data-image",
    b"data-srcset",
    b"data-lazy-srcset",
    b"srcset",
]

# What addresses of pictures that stand for another one, or of icons, hold: by first letters.
cdef Word[MARKS] marks = [
    b".svg",
    b"/icon/",
    b"/icons/",
    b"1x1",
    b"avatar",
    b"blank.",
    b"default",
    b"empty.",
    b"icon",
    b"lazy",
    b"loading",
    b"logo",
    b"pixel",
    b"placeholder",
    b"spacer",
    b"trans_",
    b"transparent",
]

cdef size_t[SOURCES] source_lengths
cdef unsigned char[ASCII] first_mark  # that begins with a letter; MARKS where none does

_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.IGNORECASE).search


cdef int prepare() noexcept:
    cdef int number
    memset(first_mark, MARKS, sizeof(first_mark))
    for number in range(MARKS - 1, -1, -1):
        first_mark[<unsigned char>marks[number][0]] = number
    for number in range(SOURCES):
        source_lengths[number] = strlen(source_names[number])
    return 0


prepare()


cpdef str image_of(Document document, int top, str base):
    """Return the address of the picture in the card ``top``; None where it has none."""
    cdef int element
    cdef str found
    for element in range(top, document.element[top].end):
        if is_picture(document.element[element].tag) and (found := picture_of(document, element, base)) is not None:
            return found
    found = background_of(document, top)
    return None if found is None or is_placeholder(found) else resolve(found, base)


cdef inline bint is_picture(int tag) noexcept:
    return tag == Tag.IMG or tag == Tag.SOURCE or tag == Tag.AMP_IMG


cdef str picture_of(Document document, int element, str base):
    """Return the picture that the attributes of an element name; None where they say that it is an icon."""
    cdef Attribute[SOURCES] sources
    cdef Attribute each
    cdef bint is_source = document.element[element].tag == Tag.SOURCE
    cdef int place
    cdef str address, url
    if not document.first_attribute(element, &each):
        return None
    memset(sources, 0, sizeof(sources))
    while True:
        if each.value_length:
            place = source_place(&each)
            if place < SOURCES:
                sources[place] = each
            elif not is_source and is_small(&each):
                return None
        if not next_attribute(&each):
            break
    for place in range(is_source, SOURCES):
        if sources[place].value_length == 0:
            continue
        address = attribute_value(&sources[place])
        if address.isspace():
            continue
        if place > is_source and " " in address.strip():  # a set of addresses with their widths
            address = address.split()[0].rstrip(",")
        if not is_placeholder(address) and (url := resolve(address, base)):
            return url
    return None


cdef inline int source_place(const Attribute *each) noexcept:
    """Return the place of an attribute in the order of trust, ``SOURCES`` for any that names no picture."""
    cdef int place
    for place in range(SOURCES):
        if each.name_length == source_lengths[place] and not memcmp(each.name, source_names[place], each.name_length):
            return place
    return SOURCES


cdef bint is_small(const Attribute *each) noexcept:
    """Tell whether an attribute is a side of the picture as short as an icon's."""
    cdef size_t at
    cdef int side = 0
    if not is_named(each, b"width") and not is_named(each, b"height"):
        return False
    for at in range(each.value_length):
        if not c"0" <= each.value[at] <= c"9":
            return False
        if at < SIDE_DIGITS:
            side = 10 * side + each.value[at] - c"0"
    return 0 < side < MIN_SIDE


cdef str background_of(Document document, int top):
    """Return what the first style with a picture in the card names; pictures have no background."""
    cdef int element
    cdef str style
    for element in range(top, document.element[top].end):
        if is_picture(document.element[element].tag):
            continue
        style = document.attribute(element, b"style")
        if style and (found := _BACKGROUND(style)):
            return found[1].strip()
    return None


cdef bint is_placeholder(str address) noexcept:
    """Tell whether the address is of a picture that stands for another one, or of an icon."""
    cdef Py_ssize_t at, length = len(address)
    cdef int kind = PyUnicode_KIND(address), mark
    cdef const void *data = PyUnicode_DATA(address)
    cdef char letter
    if opens_with(kind, data, 0, b"data:"):
        return True
    for at in range(length):
        letter = letter_at(kind, data, at)
        mark = first_mark[<unsigned char>letter]
        while mark < MARKS and marks[mark][0] == letter:
            if opens_with(kind, data, at, marks[mark]) and goes_on(kind, data, at + strlen(marks[mark]), marks[mark]):
                return True
            mark += 1
    return False


cdef bint opens_with(int kind, const void *data, Py_ssize_t at, Word mark) noexcept:
    """Tell whether a mark begins here; the end of the address is none of its letters."""
    while mark[0]:
        if letter_at(kind, data, at) != mark[0]:
            return False
        at += 1
        mark += 1
    return True


cdef bint goes_on(int kind, const void *data, Py_ssize_t at, Word mark) noexcept:
    """Tell whether what follows a mark makes it one: "icon-" is one and "iconic" none."""
    cdef char after = letter_at(kind, data, at)
    if mark[0] == c".":
        return after == c"?" or after == 0 or (after == c"\n" and letter_at(kind, data, at + 1) == 0)
    if not strcmp(mark, b"trans_"):
        return c"0" <= after <= c"9"
    if not strcmp(mark, b"icon") or not strcmp(mark, b"default"):
        return after == c"-" or after == c"_" or after == c"."
    return True


cdef inline char letter_at(int kind, const void *data, Py_ssize_t at) noexcept:
    """Return a letter in lower case; after the last one 0, and for one that is not ASCII one that no mark has."""
    cdef int letter = <int>PyUnicode_READ(kind, data, at)
    if letter >= ASCII:
        return NO_LETTER
    return letter | 32 if c"A" <= letter <= c"Z" else letter
