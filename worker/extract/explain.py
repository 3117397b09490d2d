"""Why a page reads as it does: which source of each field won, and for each line why it is in the body or out.

A second reading for people, with the same functions as ``split_page``: it decides nothing of its own. **Pure**.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from schemas import RawPage, SplitArticle
from worker.extract.article.authors import author_claims
from worker.extract.article.body import Judged, judge_lines
from worker.extract.article.dates import Date, modified_claims, published_claims
from worker.extract.article.headline import headline_claims, site_names
from worker.extract.article.root import Root, article_root
from worker.extract.article.scorecard import Scorecard, scorecard
from worker.extract.article.signals import SIGNALS
from worker.extract.article.surroundings import Surroundings
from worker.extract.decode import decode_page, is_flattened
from worker.extract.document import Document
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.extract.metadata import Metadata, read_metadata

MIN_WEIGHT = 0.1
"""Log odds from which a signal's part in a score is told."""


class Claim(NamedTuple):
    """What one source says of a field."""

    field: str
    """Name of the article's field."""

    source: str
    """As in ``sources``: jsonld, opengraph, meta, microdata, markup, text."""

    value: str
    """What it says, after the site's name is cut."""

    won: bool
    """Whether the article has it from there."""


class Weight(NamedTuple):
    """The part of one signal in a line's first score."""

    signal: str
    """One of ``SIGNALS``."""

    code: int
    """What the line shows of it."""

    weight: float
    """In log odds: for the body above 0."""


class LineExplained(NamedTuple):
    """One line that may be body."""

    text: str
    is_in: bool
    """Whether the article has it, as its lead or in its body."""

    why: str
    """``score``; or ``headline`` or ``teaser`` for a line that is out in spite of it."""

    where: str
    """The elements around it, the nearest last."""

    score: float
    """In log odds: body from 0."""

    neighbours: float
    """The part of the score that its neighbours and the page as a whole make."""

    weights: tuple[Weight, ...]
    """The part of each signal, the strongest first; weak ones left out."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a page reads as it does."""

    claims: tuple[Claim, ...] = ()
    """What each source says of headline, authors and dates, field by field in order of trust."""

    root: str | None = None
    """The element that holds the article; None where there is none."""

    lines: tuple[LineExplained, ...] = ()
    """Every line that may be body, in page order."""


def explain_page(page: RawPage, article: SplitArticle | None, limits: Limits = DEFAULT_LIMITS) -> Explanation:
    """Return why ``split_page`` made this article of the page; of plain lines there is nothing to tell.

    Args:
        page: The page.
        article: What was made of it; None for a list page.
        limits: As the page was split with.

    Raises:
        PageError: The page can't be read, as ``split_page`` says.
    """
    read = decode_page(page, limits)
    if is_flattened(page, read):
        return Explanation()
    document = Document(read.markup)
    metadata = read_metadata(document)
    around = Surroundings(document, scorecard().names)
    root = article_root(document, around)
    return Explanation(
        claims=tuple(_claims(document, metadata, article)) if article else (),
        root=_path(document, root.element) if root else None,
        lines=tuple(_lines(document, metadata, around, root, article)) if root else (),
    )


def _claims(document: Document, metadata: Metadata, article: SplitArticle) -> Iterator[Claim]:
    """Yield the claims of all sources, the winners marked."""
    names = site_names(metadata, article.site)
    headlines = headline_claims(document, metadata, article.site)
    authors = [(", ".join(told), source) for told, source in author_claims(document, metadata, names) if told]
    yield from _marked("headline", headlines, article.headline, article.sources)
    yield from _marked("authors", dict.fromkeys(authors), ", ".join(article.authors), article.sources)
    for field, dates in (
        ("published_at", published_claims(document, metadata)),
        ("modified_at", modified_claims(metadata)),
    ):
        at = getattr(article, field)
        yield from _marked(field, map(_dated, dates), at.isoformat() if at else "", article.sources)


def _marked(field: str, told: Iterable[tuple[str, str]], value: str, sources: dict[str, str]) -> Iterator[Claim]:
    """Yield the claims to a field; the first that has its value and source won."""
    is_open = True
    for text, source in told:
        won = is_open and text == value and source == sources.get(field)
        is_open = is_open and not won
        yield Claim(field, source, text, won)


def _dated(date: Date) -> tuple[str, str]:
    return date.at.isoformat(), date.source


def _lines(
    document: Document, metadata: Metadata, around: Surroundings, root: Root, article: SplitArticle | None
) -> Iterator[LineExplained]:
    """Yield the lines with what speaks for and against each."""
    card = scorecard()
    kept = {article.lead, *[block.text for block in article.body]} if article else set()
    headline = article.headline if article else None
    for judged in judge_lines(document, metadata, around, root):
        text = judged.line.text
        first, weights = _weights(card, judged)
        why = "score" if judged.score < 0 or text in kept else "headline" if text == headline else "teaser"
        yield LineExplained(
            text=text,
            is_in=judged.score >= 0 and text in kept,
            why=why if article else "no article",
            where=_path(document, judged.line.element),
            score=round(judged.score, 2),
            neighbours=round(judged.score - first, 2),
            weights=weights,
        )


def _weights(card: Scorecard, judged: Judged) -> tuple[float, tuple[Weight, ...]]:
    """Return the first score of a line and the signals that make it."""
    parts = [
        Weight(name, code, table[code]) for name, code, table in zip(SIGNALS, judged.signals, card.tables, strict=True)
    ]
    told = sorted([part for part in parts if abs(part.weight) >= MIN_WEIGHT], key=lambda part: -abs(part.weight))
    return card.intercept + sum([part.weight for part in parts]), tuple(told)


def _path(document: Document, element: int) -> str:
    """Return the elements around an element, each with its first class."""
    path = [*reversed(document.ancestors(element)), element]
    return " > ".join([_step(document, each) for each in path if document.tags[each] != "html"])


def _step(document: Document, element: int) -> str:
    names = (document.attributes(element).get("class") or "").split()
    return ".".join([document.tags[element], *names[:1]])
