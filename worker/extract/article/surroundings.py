"""What the elements around a text say: the names that templates give them, and what they mean in HTML."""

import re
from collections.abc import Mapping
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from worker.extract.document import Document

FRAMES = ("aside", "header", "footer", "form", "figure", "figcaption", "table", "blockquote", "details")
"""Elements that a text may stand in and seldom does as body; the nearest counts. Numbered from 1."""

CLOSED = frozenset(["nav", "button", "select", "label", "dialog", "noscript", "textarea", "option"])
"""Elements whose text is never body. Of 7,100 paragraphs of body in the corpora three stand in one (noscript)."""

_PARTS = (
    (
        "comment comments commentlist commentary commenter disqus respond reply replies"
        " commentaire commentaires comentario comentarios commenti kommentar kommentare kommentarer reacties"
    ),
    (
        "card cards latest more popular readmore recirc recirculation recommended recommendation recommendations"
        " related similar suggested teaser teasers trending"
    ),
    "newsletter subscribe subscription signup promo promotion paywall login register offer cta",
    "author authors bio byline contributor writer auteur auteurs autor autore autoren autores forfatter skribent",
    "caption captions figcaption credit photo photos gallery slideshow lightbox",
    "tweet twitter instagram facebook embed embedded oembed social share sharing",
    "sponsored sponsor advert advertisement ads taboola outbrain affiliate product products",
    "sidebar infobox factbox box info inset fact facts glossary",
    "meta date time tags tag breadcrumb breadcrumbs category kicker dateline published",
    "consent cookie cookies privacy gdpr modal popup overlay notice disclaimer copyright footnote correction",
)
PARTS = {word: number for number, words in enumerate(_PARTS, start=1) for word in words.split()}
"""What templates call the parts of a page that are seldom the article's text, numbered from 1 by what they are.

Of the long lines of the corpora in such an element below the root: comments 5 % body, teasers 14 %, sign-ups 61 %,
authors 3 %, pictures 15 %, embedded posts 17 %, advertising 46 %, boxes 22 %, particulars 29 %, notices 2 %.
"""

COMMENTS, PARTICULARS = PARTS["comments"], PARTS["tag"]
_TOP = frozenset(["html", "body"])
_SEMANTIC = {"main": 1, "article": 2}
_FRAME_NUMBERS = {tag: number for number, tag in enumerate(FRAMES, start=1)}
_MEANT = CLOSED.union(_SEMANTIC, _FRAME_NUMBERS)
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SHORTEST_TOKEN = 3
_NAMES = frozenset(["class", "id", "role", "itemprop", "data-testid", "data-component", "data-type", "data-module"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_MAX_NAME_CHARACTERS = 600
"""Characters of names read of one element; a list of utility classes is as long and says little."""

NAMES_KEPT = 8_192
"""Names whose words are remembered, about 4 MB: the pages of a site repeat their template's."""

HIDDEN = "hidden!"
"""The word for an element that isn't shown; no template can write it."""


class Around(NamedTuple):
    """What is around an element, itself included."""

    names: float
    """Sum of the weights of the words in the names of all elements around it: body above 0, frame below."""

    semantic: int
    """Whether it stands in ``main`` (1), ``article`` (2), or both (3)."""

    frame: int
    """Number of the nearest of ``FRAMES``; 0 for none."""

    closed: bool
    """Whether it stands in one of ``CLOSED``."""

    own: float
    """The part of ``names`` that is its own."""

    part: int
    """Number in ``PARTS`` of the nearest element that is called one; 0 for none."""

    part_element: int
    """That element; -1 for none."""


_NOTHING = Around(names=0.0, semantic=0, frame=0, closed=False, own=0.0, part=0, part_element=-1)


class Surroundings:
    """What is around each element that is asked about, worked out once."""

    __slots__ = ("_by_names", "_document", "_known", "_weights")

    def __init__(self, document: Document, weights: Mapping[str, float]) -> None:
        self._document = document
        self._weights = weights
        self._known: dict[int, Around] = {}
        self._by_names: dict[tuple[str, bool], tuple[float, int]] = {}

    def of(self, element: int) -> Around:
        """Return what is around ``element``."""
        known = self._known.get(element)
        if known is not None:
            return known
        path = []
        above = _NOTHING
        while element >= 0:
            found = self._known.get(element)
            if found is not None:
                above = found
                break
            path.append(element)
            element = self._document.parents[element]
        for each in reversed(path):
            above = self._known[each] = self._step(each, above)
        return above

    def _step(self, element: int, above: Around) -> Around:
        """Return what is around ``element``, given what is around its parent."""
        tag = self._document.tags[element]
        if tag in _TOP:
            return _NOTHING
        own, part = self._own(element)
        names, semantic, frame, closed, _, nearest, part_element = above
        # An article's class often has its own topics: WordPress puts `tag-` and `category-` with each there.
        if part and not (tag == "article" and part == PARTICULARS):
            nearest, part_element = part, element
        if tag in _MEANT:  # few are
            semantic |= _SEMANTIC.get(tag, 0)
            frame = _FRAME_NUMBERS.get(tag, frame)
            closed = closed or tag in CLOSED
        return Around(names + own, semantic, frame, closed, own, nearest, part_element)

    def _own(self, element: int) -> tuple[float, int]:
        """Return the sum of the weights of the words in an element's own names, and the part that they call it."""
        attributes = self._document.attributes(element)
        if not attributes:
            return 0.0, 0
        key = _names(attributes)
        known = self._by_names.get(key)
        if known is None:
            get = self._weights.get
            words = _words(*key)
            part = min([PARTS[word] for word in words if word in PARTS], default=0)
            # Exact: sets have another order in every process, and a plain sum would differ in its last digit.
            known = self._by_names[key] = fsum([get(word, 0.0) for word in words]), part
        return known


def name_words(document: Document, element: int) -> frozenset[str]:
    """Return the words in the names of an element: what the weights are learned for."""
    return _words(*_names(document.attributes(element)))


def _names(attributes: Mapping[str, str | None]) -> tuple[str, bool]:
    """Return the names among an element's attributes, and whether it is hidden."""
    told = [value for name, value in attributes.items() if value is not None and name in _NAMES]
    names = (told[0] if len(told) == 1 else " ".join(told))[:_MAX_NAME_CHARACTERS]
    style = attributes.get("style")
    return names, "hidden" in attributes or bool(style and _HIDDEN.search(style))


@lru_cache(NAMES_KEPT)
def _words(names: str, hidden: bool) -> frozenset[str]:  # noqa: FBT001  a key in two parts
    """Return the distinct words of names, in lower case; ``HIDDEN`` among them for what isn't shown."""
    words = [word.lower() for word in _TOKEN.findall(names) if len(word) >= _SHORTEST_TOKEN]
    return frozenset([*words, HIDDEN] if hidden else words)
