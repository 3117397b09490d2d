# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The looks into the tables. What a page asks for several times, and a site on every page, is remembered."""

from cpython.unicode cimport PyUnicode_GET_LENGTH

from worker.extract.lexicon.calendar import Calendar
from worker.extract.lexicon.files import load
from worker.extract.lexicon.headings import LONGEST_LABEL, Headings
from worker.extract.lexicon.phrases import LONGEST_BOILERPLATE, Phrases

WORDINGS = load()

cdef object _HEADINGS = Headings(WORDINGS), _PHRASES = Phrases(WORDINGS), _CALENDAR = Calendar(WORDINGS)

TEXTS_KEPT = 8_192
"""Short texts whose answer is remembered, under 2 MB a kind of question."""

cdef int texts_kept = TEXTS_KEPT, longest_label = LONGEST_LABEL, longest_boilerplate = LONGEST_BOILERPLATE
cdef dict _kinds = {}, _rolling = {}, _inline = {}, _boilerplate = {}
cdef object NOT_ASKED = object()


cpdef object heading_kind(str text):
    """Return what ``text`` says as a heading over a block; None where it is no known heading.

    Marks, colons, arrows and case around it do not matter.
    """
    if PyUnicode_GET_LENGTH(text) > longest_label:
        return None
    found = _kinds.get(text, NOT_ASKED)
    return found if found is not NOT_ASKED else remembered(_kinds, text, _HEADINGS.kind(text))


cpdef object rolling_kind(str text):
    """Return ``latest`` or ``popular`` where a heading holds a wording for it; None for any other."""
    if PyUnicode_GET_LENGTH(text) > longest_label:
        return None
    found = _rolling.get(text, NOT_ASKED)
    return found if found is not NOT_ASKED else remembered(_rolling, text, _HEADINGS.rolling(text))


cpdef object inline_label(str text):
    """Return the label ("Read also:") that ``text`` is or begins with, and what follows; None without one."""
    if PyUnicode_GET_LENGTH(text) > longest_label:
        return _HEADINGS.inline(text)
    found = _inline.get(text, NOT_ASKED)
    return found if found is not NOT_ASKED else remembered(_inline, text, _HEADINGS.inline(text))


cpdef object boilerplate_class(str text):
    """Return the class of frame that the line is, such as ``share`` or ``copyright``; None for any other."""
    if PyUnicode_GET_LENGTH(text) > longest_boilerplate:
        return None
    found = _boilerplate.get(text, NOT_ASKED)
    return found if found is not NOT_ASKED else remembered(_boilerplate, text, _PHRASES.boilerplate(text))


def is_paywall_notice(str text):
    """Tell whether the line says that the rest of the text is for subscribers."""
    return boilerplate_class(text) == "paywall"


def label_key(str text):
    """Return the form in which labels are compared: folded, marks around it off."""
    return _HEADINGS.key(text)


def month_number(str name, str language=None):
    """Return the number of the month called ``name``; None for another word, or where languages differ."""
    return _CALENDAR.month(name, language)


def is_weekday(str name):
    """Tell whether the word is a weekday in any language."""
    return _CALENDAR.is_weekday(name)


def date_label(str text):
    """Return which date a line announces by its first words ("Last updated: ..."); None if by none."""
    return _CALENDAR.label(text)


cdef object remembered(dict known, str text, answer):
    """Keep an answer and return it; of too many all are let go."""
    if len(known) >= texts_kept:
        known.clear()
    known[text] = answer
    return answer
