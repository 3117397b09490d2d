# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the text of a line says by itself, wherever it stands: how it begins and ends, what is in it, how it is known.

The codes are those of the signals of the same name.
"""

import re

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_FromKindAndData,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)
from libc.string cimport memset

from worker.extract.lexicon.lookups cimport boilerplate_class, heading_kind, inline_label
from worker.extract.short_texts cimport is_date


LABELS_KEPT = 8_192
"""Short lines whose wording is remembered, about 2 MB: the pages of a site repeat theirs."""

HEADING_WORDING, DOUBTFUL_WORDING = Wording.HEADS_OTHERS, Wording.MAY_HEAD_OTHERS
"""Codes of a wording that heads other stories, and of one that heads other things as well."""

HEAD_LETTERS = FIRST_LETTERS
"""Letters of a line's head."""

_SEPARATORS = re.compile("[|·•]")
_LETTERS = re.compile(r"\w+")

cdef extern from "Python.h":
    const Py_ssize_t PY_SSIZE_T_MAX

cdef enum:
    FIRST_LETTERS = 60
    MAX_SENTENCES = 4
    WIDE_STOP = 0x3002  # 。
    NARROW = 0x100  # letters that mean something are below, but for that stop and digits of other scripts
    FIRST_WIDE_DIGIT = 0x660  # Arabic's zero; between the next two there is no digit either
    LAST_BEFORE_HAN = 0x1C59
    FIRST_AFTER_HAN = 0xA620

cdef enum Mark:
    SAYS_COPYRIGHT = 1
    HAS_BAR
    HAS_AT
    HAS_ADDRESS
    NO_MARK

cdef enum Meaning:
    NOTHING
    DIGIT
    STOP  # of a sentence where a space follows, of "www." where that stands before
    LAST_OF_HTTP  # where "htt" stands before
    BAR
    AT
    COPYRIGHT

cdef char[NARROW] meanings
memset(meanings, Meaning.NOTHING, sizeof(meanings))
for _letters, _meaning in (
    ("0123456789", Meaning.DIGIT), (".?!", Meaning.STOP), ("p", Meaning.LAST_OF_HTTP), ("|", Meaning.BAR),
    ("@", Meaning.AT), ("©", Meaning.COPYRIGHT),
):
    for _letter in _letters:
        meanings[<int>ord(_letter)] = _meaning

ctypedef fused Letter:
    unsigned char
    unsigned short
    unsigned int


cpdef Said said_in(str text):
    """Return what stands in a line: its digits, the sentences that end inside, and the code of its first mark."""
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    if kind == 1:
        return said(<const unsigned char *>data, length)
    if kind == 2:
        return said(<const unsigned short *>data, length)
    return said(<const unsigned int *>data, length)


cdef inline Said said(const Letter *text, Py_ssize_t length) noexcept:
    cdef Py_ssize_t at
    cdef int digits = 0, sentences = 0, mark = Mark.NO_MARK
    cdef Py_UCS4 letter
    cdef char meaning
    for at in range(length):
        letter = text[at]
        if letter < NARROW:
            meaning = meanings[letter]
            if meaning == Meaning.NOTHING:
                continue
            if meaning == Meaning.DIGIT:
                digits += 1
            elif meaning == Meaning.STOP:
                sentences += at + 1 < length and text[at + 1] == c" "
                if letter == c"." and at >= 3 and are(text + at - 3, b"www"):
                    mark = min(mark, Mark.HAS_ADDRESS)
            elif meaning == Meaning.LAST_OF_HTTP:
                if at >= 3 and are(text + at - 3, b"htt"):
                    mark = min(mark, Mark.HAS_ADDRESS)
            elif meaning == Meaning.COPYRIGHT:
                mark = Mark.SAYS_COPYRIGHT
            else:
                mark = min(mark, Mark.HAS_BAR if meaning == Meaning.BAR else Mark.HAS_AT)
        elif letter == WIDE_STOP:
            sentences += 1
        elif letter >= FIRST_WIDE_DIGIT and not LAST_BEFORE_HAN < letter < FIRST_AFTER_HAN:
            if letter.isdecimal():
                digits += 1
    return Said(digits, min(sentences, MAX_SENTENCES), 0 if mark == Mark.NO_MARK else mark)


cdef inline bint are(const Letter *text, const char *letters) noexcept:
    """Tell whether the next three are these letters."""
    return text[0] == letters[0] and text[1] == letters[1] and text[2] == letters[2]


cpdef int start_code(Py_UCS4 letter) noexcept:
    """Return the code of the first letter of a line."""
    if letter.isupper():
        return 0
    if letter.islower():
        return 1
    if letter.isdigit():
        return 2
    return 3 if letter in u"\"'“„«‘»" else 4


cpdef int ending_code(str text) noexcept:
    """Return the code of how a line ends, closing quotes apart."""
    cdef Py_ssize_t at = PyUnicode_GET_LENGTH(text) - 1
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    while at >= 0 and PyUnicode_READ(kind, data, at) in u"\"'’”»“)]」』 ":
        at -= 1
    if at < 0:
        return 0
    cdef Py_UCS4 last = PyUnicode_READ(kind, data, at)
    return 1 if last in u".!?。！？।؟۔" else 2 if last in u":：" else 3 if last == u"…" else 4 if last == u"," else 0


cpdef bint is_stamp(str text) except -1:
    """Tell whether the line says when the page was written and how long it takes to read, and hardly anything else."""
    for part in _SEPARATORS.split(text):
        if not is_date(part):
            return False
    return True


cdef dict _wordings = {}


cpdef int wording_code(str text) except -1:
    """Return the code of what the lexicon knows of the line, 0 for nothing."""
    found = _wordings.get(text)
    if found is None:
        if len(_wordings) >= LABELS_KEPT:
            _wordings.clear()
        found = _wordings[text] = _wording(text)
    return found


cdef int _wording(str text) except -1:
    if boilerplate_class(text):
        return Wording.IS_BOILERPLATE
    heading = heading_kind(text)
    if heading is not None:
        return Wording.MAY_HEAD_OTHERS if heading.ambiguous else Wording.HEADS_OTHERS
    label = inline_label(text)
    if label is None:
        return Wording.UNKNOWN
    return Wording.IS_LABEL if label.separated else Wording.BEGINS_AS_LABEL


cdef enum:
    REMEMBERED = 0x10000  # letters: nearly all that are written

cdef enum Folded:
    UNSEEN
    NO_LETTER
    SEVERAL  # letters, or one beyond those remembered

cdef unsigned short[REMEMBERED] folded_letters  # what each letter is in the bare text
memset(folded_letters, Folded.UNSEEN, sizeof(folded_letters))


cpdef str bare(str text):
    """Return only the letters and digits of a text, case folded: what survives any template."""
    return bare_head(text, PY_SSIZE_T_MAX)


cpdef str head(str text):
    """Return the first ``HEAD_LETTERS`` letters and digits of a line."""
    return bare_head(text, FIRST_LETTERS)


cdef str bare_head(str text, Py_ssize_t most):
    """Return the first letters of the bare text, as many as are asked for or all."""
    cdef Py_ssize_t at, size = 0, length = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef unsigned short letter
    cdef unsigned short *letters = <unsigned short *>PyMem_Malloc(min(length, most) * sizeof(unsigned short) + 1)
    if letters == NULL:
        raise MemoryError
    try:
        for at in range(length):
            letter = folded_letter(PyUnicode_READ(kind, data, at))
            if letter == Folded.SEVERAL:
                return plainly_bare(text)[:most]
            if letter != Folded.NO_LETTER:
                letters[size] = letter
                size += 1
                if size == most:
                    break
        return PyUnicode_FromKindAndData(sizeof(unsigned short), letters, size)
    finally:
        PyMem_Free(letters)


cdef inline unsigned short folded_letter(Py_UCS4 letter) except 0:
    if letter < REMEMBERED and folded_letters[letter] != Folded.UNSEEN:
        return folded_letters[letter]
    return learned(letter)


cdef unsigned short learned(Py_UCS4 letter) except 0:
    cdef str found = plainly_bare(chr(letter))
    cdef unsigned short folded = Folded.NO_LETTER
    if found:
        folded = ord(found) if len(found) == 1 and letter < REMEMBERED else Folded.SEVERAL
    if letter < REMEMBERED:
        folded_letters[letter] = folded
    return folded


cdef str plainly_bare(str text):
    return "".join(_LETTERS.findall(text.casefold()))
