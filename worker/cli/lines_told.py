"""Each line of a page and what it became: the page in its own order, for who argues about it."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas import BlockKind, Decision, RawPage, SplitArticle, SplitPage
from worker.extract.decode import decode_page, is_flattened
from worker.extract.document import Document
from worker.extract.lexicon import boilerplate_class, heading_kind
from worker.identity import fold

SHORTEST_PART = 12
"""Characters of the shortest line looked for inside a longer text: shorter ones stand in many by chance."""

MOST_AROUND = 3
"""How many times as long as a known text a line may be that holds it."""

MOST_LINES = 4_000
"""Lines shown of a page; who looks at more of them looks at none."""


class Told(NamedTuple):
    """A line of the page and its fate."""

    text: str
    """The line, white space folded."""

    role: str
    """``article``, ``heading``, ``field``, a teaser's kind, ``merged``, ``dropped`` or ``frame``."""

    why: str
    """The reason, in words."""


def told_lines(page: RawPage, split: SplitPage | None) -> Iterator[Told]:
    """Yield the lines of the page in their order, each with what the core made of it.

    Lines are known again by their text, not by their place: a line that stands twice has one fate.
    """
    roles = _Roles(split)
    for text in _lines(page)[:MOST_LINES]:
        yield roles.told(text)


def _lines(page: RawPage) -> list[str]:
    """Return what the page says, line by line."""
    read = decode_page(page)
    if is_flattened(page, read):
        raw = read.text.splitlines()
    else:
        raw = "".join(Document(read.markup).pieces).replace("\v", "\n").split("\n")
    return [line for line in (" ".join(each.split()) for each in raw) if line]


def _frame(text: str) -> tuple[str, str]:
    """Return why a line that is part of nothing was left out."""
    if (frame := boilerplate_class(text)) is not None:
        return "frame", f"frame: {frame}"
    if (heading := heading_kind(text)) is not None:
        return "frame", f"a heading of {heading.kind.value} stories that headed none of them"
    return "frame", "frame: neither the article nor a teaser"


class _Roles:
    """The texts of a split page by what they are."""

    def __init__(self, split: SplitPage | None) -> None:
        self._exact: dict[str, tuple[str, str]] = {}
        self._long: list[tuple[str, str, str]] = []
        self._repeats: dict[str, str] = {}
        self._seen: set[str] = set()
        if split is not None:
            self._add_article(split.article)
            self._add_teasers(split)
            self._add_settled(split)

    def told(self, text: str) -> Told:
        """Return the line with its role."""
        folded = fold(text)
        if folded in self._seen and (why := self._repeats.get(folded)) is not None:
            return Told(text, "merged", why)
        self._seen.add(folded)
        if text.endswith("|"):
            return Told(text, "field", "bar line: the byline of the headline above it")
        role, why = self._exact.get(folded) or self._inside(folded) or _frame(text)
        return Told(text, role, why)

    def _inside(self, folded: str) -> tuple[str, str] | None:
        """Return the role of a line that is a part of a known text, or is little more than one."""
        if len(folded) < SHORTEST_PART:
            return None
        for whole, role, why in self._long:
            if folded in whole or (whole in folded and len(folded) < MOST_AROUND * len(whole)):
                return role, why
        return None

    def _know(self, text: str | None, role: str, why: str) -> None:
        if text and (folded := fold(text)):
            self._exact.setdefault(folded, (role, why))
            if len(folded) >= SHORTEST_PART:
                self._long.append((folded, role, why))

    def _add_article(self, article: SplitArticle | None) -> None:
        if article is None:
            return
        origin = article.sources
        self._know(article.headline, "field headline", f"headline, from {origin.get('headline', 'the page')}")
        self._know(article.lead, "article", "lead")
        for number, block in enumerate(article.body, start=1):
            role = "heading" if block.kind is BlockKind.HEADING else "article"
            self._know(block.text, role, f"body, block {number}: {block.kind.value}")
        for caption in article.captions:
            self._know(caption, "field", "caption")
        for author in (*article.authors, article.agency):
            self._know(author, "field", "byline")

    def _add_teasers(self, split: SplitPage) -> None:
        for teaser in split.teasers:
            kind = teaser.kind.value
            where = f"teaser {teaser.position}, {kind}"
            self._know(teaser.headline, kind, f"{where}: headline")
            self._know(teaser.kicker, kind, f"{where}: kicker")
            self._know(teaser.lead, kind, f"{where}: lead")
            self._know(teaser.published_text, kind, f"{where}: date")
            self._know(teaser.heading, "heading", f"heading over the {kind} block")
            self._know(", ".join(teaser.authors), kind, f"{where}: byline")

    def _add_settled(self, split: SplitPage) -> None:
        for item in split.settled:
            why = f"{item.reason.decision.value}: {item.reason.value}"
            if item.reason.decision is Decision.MERGED_IN_PAGE:
                self._repeats[fold(item.headline or "")] = why
            else:
                self._know(item.headline, "dropped", why)
