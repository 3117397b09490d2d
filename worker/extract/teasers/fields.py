"""What a card says: headline, kicker, lead, byline, date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from worker.extract.bylines import byline, is_announced, is_name, is_opening
from worker.extract.document import Document
from worker.extract.lexicon import inline_label
from worker.extract.short_texts import LONGEST_LABEL, is_count, is_date, label, size
from worker.extract.teasers.cards import HEADINGS, Card
from worker.extract.teasers.names import BITS, KICKER, PATH_CLASS, TITLE, Names

_PERSON = BITS["person"]

MIN_HEADLINE = 15
"""Letters from which one part of a whole-card link is its headline rather than a label."""

MIN_LEAD = 20
"""Letters of the shortest lead; what is shorter is a label."""

MAX_KICKER = 50
"""Characters of the longest kicker."""

MAX_BYLINE, MAX_MARK = 100, 2
"""Characters of the longest byline, and of a mark such as an arrow after a headline."""

_SENTENCE_ENDS = "。？！?!."
_INLINE = frozenset(["b", "strong", "i", "em", "u", "mark", "font", "sup", "sub", "wbr", "br", "q", "cite", "bdi", "s"])


class Part(NamedTuple):
    """Text of one element of the card."""

    element: int
    text: str
    first: int
    linked: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts of a card."""

    headline: str | None = None
    kicker: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    published_text: str | None = None
    published_at: datetime | None = None


def fields_of(document: Document, card: Card, names: Names) -> Fields:
    """Return what the card says; a headline of None where all its texts are labels."""
    parts = [part for part in _parts(document, card.top) if part.text]
    head, start = _headline(document, card, parts, names)
    if head is None:
        return Fields(headline=_told(document, card))
    kicker = lead = date = None
    authors: tuple[str, ...] = ()
    agency = None
    for part in parts:
        text = part.text
        if text in head and (start <= part.first or len(text) > MAX_KICKER):
            continue
        if date is None and (document.tags[part.element] == "time" or is_date(text)):
            date = text
        elif label(text) or is_count(text):
            continue
        elif is_opening(text):
            continue  # the name that it announces has an element of its own
        elif not authors and len(text) <= MAX_BYLINE and (is_announced(text) or _names_person(document, part, names)):
            read = byline(text)
            authors, agency = read.authors, read.agency
        elif part.first > start and lead is None and _is_lead(text):
            lead = text
        elif part.first < start and len(text) <= MAX_KICKER and text not in head:
            kicker = text
    return Fields(head, kicker, lead, authors, agency, date, _moment(document, card.top))


def _parts(document: Document, top: int) -> Iterator[Part]:
    """Yield the texts of the card by the element that they stand in, formatting left out of account."""
    pieces, owners, tags, linked = document.pieces, document.owners, document.tags, document.link_lengths
    texts: list[str] = []
    element = first = -1
    for at in range(document.text_starts[top], document.text_ends[top]):
        piece = pieces[at]
        owner = owners[at]
        while tags[owner] in _INLINE and owner > top:
            owner = document.parents[owner]
        if piece in ("\n", "\v"):
            if texts and piece == "\n":
                yield Part(element, " ".join("".join(texts).split()), first, linked[first + 1] > linked[first])
                texts = []
            else:
                texts.append(" ")
            continue
        if texts and owner != element and piece != " ":
            yield Part(element, " ".join("".join(texts).split()), first, linked[first + 1] > linked[first])
            texts = []
        if piece == " ":
            if texts:
                texts.append(piece)
            continue
        if not texts:
            element, first = owner, at
        texts.append(piece)
    if texts:
        yield Part(element, " ".join("".join(texts).split()), first, linked[first + 1] > linked[first])


def _headline(document: Document, card: Card, parts: list[Part], names: Names) -> tuple[str | None, int]:
    """Return the headline and the piece of text that it begins with."""
    top, end = card.top, document.ends[card.top]
    headings = [each for each in range(top, end) if document.tags[each] in HEADINGS]
    parent = document.parents[top]
    if not headings and document.tags[top] == "a" and parent >= 0 and document.tags[parent] in HEADINGS:
        headings = [top]
    # A heading that leads elsewhere, or nowhere, is another story's.
    headings = [each for each in headings if _is_linked(document, card, each)] or headings
    told = [(size(text), -each, text) for each in headings if (text := document.text(each)) and _is_headline(text)]
    if told:
        _, number, text = max(told)
        inside = [part for part in parts if document.text_starts[-number] <= part.first < document.text_ends[-number]]
        return _without_labels(inside, text, document.text_starts[-number])
    linked = [part for part in parts if _in_links(document, card, part) and _is_headline(part.text)]
    if not linked:
        return None, -1
    long = [part for part in linked if size(part.text) >= MIN_HEADLINE] or [
        max(linked, key=lambda part: size(part.text))
    ]
    if len(long) > 1 and not names.of(long[0].element) & TITLE:
        long = (
            [part for part in long if names.of(part.element) & TITLE and not names.of(part.element) & KICKER]
            or [part for part in long if _is_strong(document, part)]
            or [part for part in long if part.element in card.links]
            or [part for part in long if not names.of(part.element) & KICKER]
            or long
        )
    # Of a whole-card link the first long part is the headline, and what follows it the lead.
    best = long[0]
    return best.text, best.first


def _without_labels(parts: list[Part], text: str, first: int) -> tuple[str, int]:
    """Return the text of a heading without what has an element of its own before or after it."""
    if len(parts) <= 1:
        return text, parts[0].first if parts else first
    while len(parts) > 1 and (
        len(parts[-1].text) <= MAX_MARK or is_date(parts[-1].text) or is_count(parts[-1].text) or label(parts[-1].text)
    ):
        parts = parts[:-1]
    if (
        len(parts) > 1
        and parts[0].text[-1] not in ":："
        and len(parts[0].text) <= MAX_KICKER
        and size(" ".join([part.text for part in parts[1:]])) >= MIN_HEADLINE
    ):
        parts = parts[1:]
    return " ".join([part.text for part in parts]), parts[0].first


def _names_person(document: Document, part: Part, names: Names) -> bool:
    """Tell whether the template calls the part a byline, or it links to a person."""
    if (names.of(part.element) | names.of(document.parents[part.element])) & _PERSON:
        return True
    if not part.linked:
        return False
    link = part.element if document.tags[part.element] == "a" else document.parents[part.element]
    href = document.attributes(link).get("href") if link >= 0 else None
    return href is not None and "person" in {PATH_CLASS.get(segment.lower()) for segment in href.split("/")}


def _is_lead(text: str) -> bool:
    """Tell whether a text after the headline is long enough for a lead, and neither a remark nor a name."""
    if size(text) < MIN_LEAD or text[0] == "(":
        return False
    return not is_name(text) or any(word[0].islower() for word in text.split()) or text[-1] in _SENTENCE_ENDS


def _is_headline(text: str) -> bool:
    """Tell whether a text can be a headline: a label, a date or a count is none."""
    if len(text) <= 1 or (text[0] == "(" and text[-1] == ")"):
        return False
    if label(text) or is_count(text) or is_date(text):
        return False
    announced = inline_label(text) if len(text) <= LONGEST_LABEL else None
    return announced is None or bool(announced.rest)


def _is_linked(document: Document, card: Card, heading: int) -> bool:
    """Tell whether the heading stands in a link to the story, or has one in it."""
    ends = document.ends
    return any(link <= heading < ends[link] or heading <= link < ends[heading] for link in card.links)


def _in_links(document: Document, card: Card, part: Part) -> bool:
    return any(document.text_starts[link] <= part.first < document.text_ends[link] for link in card.links)


def _is_strong(document: Document, part: Part) -> bool:
    """Tell whether the part is set in bold."""
    return document.tags[document.owners[part.first]] in ("b", "strong")


def _told(document: Document, card: Card) -> str | None:
    """Return what the title of a link or the alternative text of its picture says, where no text is shown."""
    if document.text_length(card.top) > MIN_HEADLINE:
        return None
    found = []
    for link in card.links:
        found.append(document.attributes(link).get("title"))
        found.append(document.attributes(link).get("aria-label"))
        inside = range(link, document.ends[link])
        found += [document.attributes(each).get("alt") for each in inside if document.tags[each] == "img"]
    texts = [" ".join(text.split()) for text in found if text]
    return next((text for text in texts if size(text) >= MIN_HEADLINE and _is_headline(text)), None)


def _moment(document: Document, top: int) -> datetime | None:
    """Return the moment that a time element gives exactly: a date and time with its zone."""
    for element in range(top, document.ends[top]):
        if document.tags[element] == "time" and (told := document.attributes(element).get("datetime")):
            try:
                at = datetime.fromisoformat(told.strip())
                return at.astimezone(UTC) if at.tzinfo else None
            except (ValueError, OverflowError):  # what publishers write there is often no date
                return None
    return None
