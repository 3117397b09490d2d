# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""White space folded, as ``" ".join(text.split())`` does, without an object for each word.

Most texts of a page are folded already, or have white space at their ends alone.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport (
    PyUnicode_CopyCharacters,
    PyUnicode_DATA,
    PyUnicode_FromKindAndData,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_New,
    PyUnicode_Substring,
)
from libc.string cimport memcpy

cdef extern from "Python.h":
    Py_UCS4 PyUnicode_MAX_CHAR_VALUE(object text)

ctypedef unsigned char Narrow
ctypedef unsigned short Wide

ctypedef fused Letter:
    Narrow
    Wide
    Py_UCS4


cdef str folded(str text):
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    if kind == 1:
        return folded_letters(text, <const Narrow *>data)
    if kind == 2:
        return folded_letters(text, <const Wide *>data)
    return folded_letters(text, <const Py_UCS4 *>data)


cdef str folded_from(list pieces, Py_ssize_t first, Py_ssize_t end):
    return folded(<str>pieces[first] if end == first + 1 else joined(pieces, first, end))


cdef str joined(list pieces, Py_ssize_t first, Py_ssize_t end):
    """Return the pieces ``first`` to ``end`` as one text."""
    cdef Py_ssize_t at, length = 0
    cdef Py_UCS4 greatest = 0
    for at in range(first, end):
        length += PyUnicode_GET_LENGTH(<str>pieces[at])
        greatest = max(greatest, PyUnicode_MAX_CHAR_VALUE(<str>pieces[at]))
    text = PyUnicode_New(length, greatest)
    length = 0
    for at in range(first, end):
        PyUnicode_CopyCharacters(text, length, <str>pieces[at], 0, PyUnicode_GET_LENGTH(<str>pieces[at]))
        length += PyUnicode_GET_LENGTH(<str>pieces[at])
    return <str>text


cdef str folded_letters(str text, const Letter *letters):
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), first = 0, end = length, at
    while first < end and is_white(letters[first]):
        first += 1
    while end > first and is_white(letters[end - 1]):
        end -= 1
    at = first
    while at < end:  # the last of them isn't white: there is one more after white space
        if not is_white(letters[at]):
            at += 1
        elif letters[at] == 32 and not is_white(letters[at + 1]):
            at += 2
        else:
            return refolded(letters + first, end - first, at - first)
    return text if end - first == length else <str>PyUnicode_Substring(text, first, end)


cdef str refolded(const Letter *letters, Py_ssize_t length, Py_ssize_t done):
    """Return the letters folded; those before ``done`` are, and there is no white space at the ends."""
    cdef Letter *into = <Letter *>PyMem_Malloc(length * sizeof(Letter))
    cdef Py_ssize_t at, kept = done
    if into == NULL:
        raise MemoryError
    memcpy(into, letters, done * sizeof(Letter))
    for at in range(done, length):
        if not is_white(letters[at]):
            into[kept] = letters[at]
            kept += 1
        elif into[kept - 1] != 32:
            into[kept] = 32
            kept += 1
    try:
        return PyUnicode_FromKindAndData(sizeof(Letter), into, kept)
    finally:
        PyMem_Free(into)


cdef inline bint is_white(Py_UCS4 letter) noexcept:
    cdef unsigned int above = <unsigned int>letter - 0x21  # white space that is less wraps around
    if above < 0x64 or letter > 0x3000 or 0xA0 < letter < 0x1680:  # nearly all letters
        return False
    return letter.isspace()
