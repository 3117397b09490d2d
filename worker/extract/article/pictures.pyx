# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Pictures: those of the article's figures, each with its caption, its credit and its alternative text."""

import re

from worker.extract.article.captions cimport of_article
from worker.extract.article.root cimport Root
from worker.extract.document cimport Document, Tag
from worker.extract.teasers.images cimport image_of

from schemas import Image, trusted
from worker.extract.lexicon import WORDINGS

MAX_IMAGES = 20
"""Pictures kept: a gallery has hundreds, and they say no more of the article."""

MAX_CREDIT_CHARACTERS = 80
"""Characters of the longest credit: what is longer is the caption with a word of credit in it."""

_CREDIT_NAMES = re.compile(r"(?<![a-z])(?:credits?|copyright|photographer|source|author)(?![a-z])", re.IGNORECASE)
_WORDS = sorted(
    {word for language in WORDINGS.languages for word in language.bylines.get("photo", ())}, key=len, reverse=True
)
_OPENINGS = "|".join(
    [
        re.escape(word.rstrip(" :：")) + (r"\s*[:：]" if word.endswith((":", "：")) else r"(?:\s*[:：]|\s)")
        for word in _WORDS
    ]
)
_CREDIT = re.compile(rf"(?:{_OPENINGS}|©)\s*(?P<by>[^()\[\]]+?)\s*[)\]]?$", re.IGNORECASE)
"""The end of a caption that says who made the picture: a word of it, or the mark of copyright."""

# Letters that such an end can start with; the last three are i, i and k to a pattern that ignores case.
cdef frozenset STARTS = frozenset(
    "".join([word[0].lower() + word[0].upper() for word in _WORDS]) + "©\u0130\u0131\u212a"
)


def pictures(Document document not None, Root root not None, frozenset taken not None, str base, tuple head not None):
    """Return the article's pictures, the main one first.

    Args:
        document: The page.
        root: Where its article stands.
        taken: Elements that are teasers: their pictures are none of the article's.
        base: What addresses are resolved against.
        head: The pictures that the head names, the main one first; a figure that shows one tells its caption.
    """
    cdef str url, path
    cdef int figure
    found = {path_of(image.url): image for image in head}
    for figure in of_article(document, Tag.FIGURE, root, taken)[:MAX_IMAGES]:
        url = image_of(document, figure, base)
        if url:
            path = path_of(url)
            found[path] = picture(document, figure, found[path].url if path in found else url)
    return tuple(found.values())[:MAX_IMAGES]


cdef object picture(Document document, int figure, str url):
    """Return what a figure tells of its picture."""
    cdef int caption = first_inside(document, figure, Tag.FIGCAPTION), shown = first_inside(document, figure, Tag.IMG)
    text, credit = parted(document, caption) if caption >= 0 else (None, None)
    alt = " ".join((document.attribute(shown if shown >= 0 else figure, b"alt") or "").split())
    return trusted(Image, {"url": url, "caption": text, "credit": credit, "alt": alt or None})


cdef int first_inside(Document document, int element, int tag) noexcept:
    """Return the first element of a tag in another one, or that itself; -1 where there is none."""
    cdef int each
    for each in range(element, document.element[element].end):
        if document.element[each].tag == tag:
            return each
    return -1


cdef tuple parted(Document document, int caption):
    """Return the text of a caption without its credit, and the credit; None for what it hasn't."""
    cdef str text = document.text_in(caption), names, told
    cdef int element
    for element in range(caption + 1, document.element[caption].end):
        names = document.attribute(element, b"class")
        if names and _CREDIT_NAMES.search(names) and (told := document.text_in(element)):
            if len(told) > MAX_CREDIT_CHARACTERS:
                break
            match = credit_at_end(told)
            return without(text, told), match["by"] if match is not None else told
    match = credit_at_end(text)
    if match is not None and len(match["by"]) <= MAX_CREDIT_CHARACTERS:
        rest = text[: match.start()].rstrip()
        return rest.removesuffix("[" if rest.endswith("[") else "(").strip() or None, match["by"]
    return text or None, None


cdef object credit_at_end(str text):
    """Return the match of a credit that begins as a word does; None for none."""
    cdef Py_ssize_t at
    cdef Py_UCS4 letter
    cdef bint in_word = False
    for at in range(len(text)):
        letter = text[at]
        if not in_word and letter in STARTS and (match := _CREDIT.match(text, at)) is not None:
            return match
        in_word = letter.isalnum() or letter == "_"
    return None


cdef str without(str text, str credit):
    return " ".join(text.replace(credit, " ", 1).split()) or None


cdef str path_of(str url):
    """Return what two sizes of one picture share: the absolute address without its scheme and its query."""
    return url.partition("#")[0].partition("?")[0].partition("://")[2]
