"""The items of one page as counts: a few additions a page instead of one an item."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter

from schemas.decisions import Reason
from schemas.split_page import SplitPage
from worker.ops.catalogue import FIELDS, ArticleOutcome, FieldState, TeaserOutcome

ARTICLE_OUTCOMES: Mapping[Reason, ArticleOutcome] = {
    Reason.NEW: ArticleOutcome.NEW,
    Reason.REVISED: ArticleOutcome.REVISED,
    Reason.RECRAWL_SAME: ArticleOutcome.RECRAWL,
    Reason.OLDER: ArticleOutcome.OLDER,
}
"""What the reason of an article is called; one on a page that came again was not decided on."""

TEASER_OUTCOMES: Mapping[Reason, TeaserOutcome] = {
    Reason.NEW: TeaserOutcome.NEW,
    Reason.ENRICHED: TeaserOutcome.ENRICHED,
    Reason.CORRECTED: TeaserOutcome.ENRICHED,
    Reason.REPEAT_URL: TeaserOutcome.REPEAT,
    Reason.REPEAT_STORY: TeaserOutcome.REPEAT,
    Reason.REPEAT_HEADLINE: TeaserOutcome.REPEAT,
    Reason.HEADLINE_CONFLICT: TeaserOutcome.REPEAT,
    Reason.LEAD_CONFLICT: TeaserOutcome.REPEAT,
}
"""What the reason of a teaser is called; dropped kinds and pages that came again were not decided on."""


class Items:
    """What became of the items of one page, counted: a few additions a page instead of one an item.

    ``found`` is what the split counted, the reasons are what became of each item: two sources, so that the
    law ``found = sum of decisions`` tells when an item is lost in between.

    Args:
        found: Items that the split found on the page.
        article: The reason of the page's article; None for a list page.
        teasers: A reason a teaser that came to ``dedupe``.
        settled: A reason an item that the split decided on.
    """

    __slots__ = ("articles", "fields", "found", "reasons", "teasers")

    def __init__(
        self, found: int, article: Reason | None, teasers: Iterable[Reason], settled: Iterable[Reason]
    ) -> None:
        self.found = found
        decided = Tally(teasers)
        self.reasons = decided + Tally(settled)
        self.articles: Mapping[ArticleOutcome, int] = {}
        if article is not None:
            self.reasons[article] += 1
            self.articles = {ARTICLE_OUTCOMES[article]: 1} if article in ARTICLE_OUTCOMES else {}
        self.teasers: Tally[TeaserOutcome] = Tally()
        for reason, n in decided.items():
            if reason in TEASER_OUTCOMES:
                self.teasers[TEASER_OUTCOMES[reason]] += n
        self.fields: Mapping[tuple[str, str, FieldState], int] = {}

    def with_fields(self, page: SplitPage) -> "Items":
        """Count which fields of the page's article and teasers are filled; returns itself."""
        articles = () if page.article is None else (page.article,)
        self.fields = {**_filled("article", articles), **_filled("teaser", page.teasers)}
        return self


def _filled(record: str, items: Sequence[object]) -> Mapping[tuple[str, str, FieldState], int]:
    """Return how many of the items have each field, and how many lack it: a column a field."""
    counts = {}
    columns = zip(*map(_VALUES[record], map(_fields_of, items)), strict=True)
    for field, column in zip(FIELDS[record], columns, strict=False):  # no items, no columns
        present = len(list(filter(None, column)))
        if present:
            counts[record, field, FieldState.PRESENT] = present
        if present < len(items):
            counts[record, field, FieldState.MISSING] = len(items) - present
    return counts


_fields_of = attrgetter("__dict__")
_VALUES = {record: itemgetter(*fields) for record, fields in FIELDS.items()}
"""What reads all counted fields of one item by one call."""
