# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The headline: what the publisher calls the story, without site name, section or kicker.

Nearly every page has it in some source (98.5 % of the dev pages), and no source has it always: the first heading
may be the site's name or carry a kicker, OpenGraph and title element carry suffixes. So sources are compared:
what one adds to another is cut. Where they tell of different things on a news page, a heading that JSON-LD
agrees with wins over a title that two elements of the head share (right on 18 of 21 such pages), else OpenGraph's
is the publisher's own choice and wins (right on 20 of 25); elsewhere it is the printed heading.
"""

import re

from worker.extract.article.line_texts cimport bare
from worker.extract.document cimport Document, Tag
from worker.extract.folding cimport folded
from worker.extract.metadata cimport Metadata, plain


MAX_CHARACTERS = 400
"""Characters of the longest headline: what is longer is a text in a heading's clothes."""

MIN_WORDS = 3
"""Words from which a claim is a headline by itself; shorter ones are as often names of a section."""

cdef enum:
    MIN_NAME = 4  # letters of a site's name from which it is looked for inside a part of a title

_WORD = re.compile(r"\w+")


cdef class Sources:
    """What a page calls its story, by where it does."""

    cdef list printed  # its first headings, without those that name the site
    cdef str claimed  # the title in OpenGraph or for Twitter, without the site
    cdef str told  # the headline in JSON-LD or microdata
    cdef str teller  # which of the two
    cdef str titled  # the title element, without the site
    cdef bint is_news  # whether the head says that the page is an article

    def __cinit__(self, Document document, Metadata metadata, str site):
        cdef str text
        cdef frozenset names = site_names(metadata, site)
        self.printed = [text for text in headings(document) if bare(text) not in names]
        self.told = plain(metadata.article.get("headline")) or plain(metadata.article.get("name"))
        if metadata.article_source == "microdata" and self.told in self.printed:
            self.told = None  # the heading itself: it can't agree with itself
        self.claimed = without_site(metadata.first(("og:title", "twitter:title")), names)
        self.teller = metadata.article_source
        self.titled = without_site(metadata.title, names)
        self.is_news = bool(metadata.article) or metadata.first(("og:type",)) == "article"


cdef int first_heading(Document document) noexcept:
    """Return the first ``h1``, -1 where there is none."""
    cdef int element
    for element in range(document.count):
        if document.element[element].tag == Tag.H1:
            return element
    return -1


cdef list headings(Document document):
    cdef int element
    texts = [document.text_in(element) for element in range(document.count) if document.element[element].tag == Tag.H1]
    return [text for text in texts if len(text) <= MAX_CHARACTERS and bare(text)]


def headline(Document document not None, Metadata metadata not None, str site not None):
    """Return the headline and its source; None where the page has none.

    Args:
        document: The page.
        metadata: What its head claims.
        site: Its registered domain: known suffixes are cut.
    """
    cdef Sources sources = Sources(document, metadata, site)
    return agreed(sources) or alone(sources)


def headline_claims(Document document not None, Metadata metadata not None, str site not None):
    """Return what each source calls the story, with the source; the title element's is ``meta``."""
    cdef Sources sources = Sources(document, metadata, site)
    claims = [(text, "markup") for text in sources.printed]
    named = ((sources.told, sources.teller), (sources.claimed, "opengraph"), (sources.titled, "meta"))
    return claims + [(text, source) for text, source in named if text]


cdef tuple agreed(Sources sources):
    """Return the headline that a claim of the head and the page's headings agree on; None where none do."""
    cdef tuple found
    cdef list parts
    cdef str text
    if sources.claimed and (found := by_claim(sources.claimed, sources.told, sources)):
        return found
    if sources.told and (found := by_claim(sources.told, None, sources)):
        return found[0], sources.teller if found[1] == "opengraph" else found[1]
    if sources.titled is None:
        return None
    if parts := parts_of(sources.titled, sources.printed):
        return parts.pop(), "markup"  # where there are several, those before name the site and its sections
    for text in sources.printed:
        if covers(text, sources.titled) or covers(sources.titled, text):
            return text, "markup"
    return None


cdef list parts_of(str title, list printed):
    """Return the headings that are parts of a title, but for those that are parts of another one."""
    cdef str letters = bare(title), own, other, text
    by_letters = {bare(text): text for text in printed}
    parts = [own for own in by_letters if own in letters]
    return [by_letters[own] for own in parts if not any([own != other and own in other for other in parts])]


cdef tuple alone(Sources sources):
    """Return the best headline of a page whose sources have nothing in common; None where it has none."""
    if sources.titled and len(sources.titled.split()) >= MIN_WORDS:
        return sources.titled, "meta"
    if sources.printed:
        return sources.printed[0], "markup"
    for claim in ((sources.claimed, "opengraph"), (sources.told, sources.teller), (sources.titled, "meta")):
        if claim[0]:
            return claim
    return None


cdef tuple by_claim(str claimed, str told, Sources sources):
    """Return the headline that a claim and the page's headings agree on; None where the claim says nothing.

    Args:
        claimed: The claim.
        told: What JSON-LD or microdata say beside it.
        sources: All that the page calls its story.
    """
    cdef str letters_told = bare(told or ""), titled = bare(sources.titled or ""), text
    cdef tuple found
    for text in sources.printed:
        if found := by_heading(text, claimed, letters_told, titled):
            return found
    if told and letters_told == titled and letters_told not in [bare(text) for text in sources.printed]:
        return told, sources.teller
    if (len(claimed.split()) >= MIN_WORDS or not claimed.isascii()) and (
        sources.is_news or not sources.printed or any([covers(claimed, text) for text in sources.printed])
    ):
        return claimed, "opengraph"
    return None


cdef tuple by_heading(str text, str claimed, str told, str titled):
    """Return what a heading and a claim have in common; None where they tell of different things.

    Args:
        text: The heading.
        claimed: The claim.
        told: Letters of the headline in JSON-LD.
        titled: Letters of the title element.
    """
    cdef str letters = bare(claimed), own = bare(text), part
    if own == letters:
        return text, "markup"
    if letters in own and len(claimed.split()) >= MIN_WORDS:
        return claimed, "opengraph"
    # What the claim has before the heading is a kicker, unless JSON-LD counts it in.
    if own in letters and len(text.split()) >= MIN_WORDS and not (letters.endswith(own) and letters == told):
        return text, "markup"
    if own == told and (letters == titled or len(text) > len(claimed)):
        return text, "markup"
    if letters != told and (part := shared_end(claimed, own)):
        return part, "opengraph"
    return None


cdef str shared_end(str claimed, str own):
    """Return the part of a claim after its kicker, where the heading ends with it under another kicker."""
    cdef str part = claimed.partition(": ")[2]
    return part if len(part.split()) > MIN_WORDS and own.endswith(bare(part)) else None


cpdef frozenset site_names(Metadata metadata, str site):
    """Return the letters of what the site is called: by itself, by its publisher, by its domain."""
    publisher = metadata.follow(metadata.article.get("publisher"))
    told = (
        metadata.first(("og:site_name",)),
        metadata.first(("application-name",)),
        plain(publisher.get("name")) if isinstance(publisher, dict) else None,
        site,
        site.partition(".")[0],
    )
    return frozenset([letters for each in told if each and (letters := bare(each))])


cdef str without_site(str text, frozenset names):
    """Return the text without parts at its ends that name the site; None for no text or nothing but the name."""
    cdef Parting first, last
    if not text:
        return None
    text = folded(text)
    while True:
        if not find_partings(text, &first, &last):
            break
        if names_site(text[last.end :], names):
            text = text[: last.start].rstrip()
        elif names_site(text[: first.start], names):
            text = text[first.end :].lstrip()
        else:
            break
    return text if text and bare(text) not in names and len(text) <= MAX_CHARACTERS else None


cdef struct Parting:
    Py_ssize_t start
    Py_ssize_t end


cdef bint find_partings(str text, Parting *first, Parting *last) noexcept:
    """Find what parts a title from the name of its site, spaces around it included: the first and the last such place.

    False where there is none. White space of the text is folded.
    """
    cdef Py_ssize_t at = 0, end
    cdef bint is_parted = False
    while at < len(text):
        end = end_of_parting(text, at)
        if end == 0:
            at += 1
            continue
        last.start, last.end = at, end
        if not is_parted:
            first[0] = last[0]
        is_parted = True
        at = end
    return is_parted


cdef Py_ssize_t end_of_parting(str text, Py_ssize_t start) noexcept:
    """Return where what parts a title ends, if it begins at ``start``; else 0."""
    cdef Py_ssize_t at = start, marks, size = len(text)
    if text[at] == "：":
        return at + 1
    if text[at] == " ":
        at += 1
    marks = at
    while at < size and text[at] in "|·•»›—–*-/:":
        at += 1
    if start < marks < at < size and text[at] == " ":  # any of these marks between spaces
        return at + 1
    if marks < size and text[marks] in "|｜»›":  # or one of these wherever it stands
        at = marks + 1
        return at + 1 if at < size and text[at] == " " else at
    return 0


cdef bint names_site(str part, frozenset names) except -1:
    cdef str letters = bare(part), name
    if not letters:
        return False
    for name in names:
        if letters == name or (len(name) >= MIN_NAME and name in letters and len(letters) < 3 * len(name)):
            return True
    return False


cdef bint covers(str one, str other) except -1:
    """Tell whether most words of ``other`` stand in ``one``."""
    words = set(_WORD.findall(other.casefold()))
    return bool(words) and 2 * len(words.intersection(_WORD.findall(one.casefold()))) > len(words)
