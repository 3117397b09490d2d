"""What came out, page by page and in total: read from the output topics. Pure, so that it can be shown anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas import Decided, Decision, PageDecisions, Reason, decode
from schemas.topics import ARTICLES, DECISIONS, REJECTED, TEASERS

SHOWN_SITE_CHARACTERS = 24

_ARTICLE = {
    Reason.NEW: "new",
    Reason.REVISED: "revised",
    Reason.RECRAWL_SAME: "re-crawl",
    Reason.OLDER: "older",
    Reason.PAGE_AGAIN: "page again",
}
"""What people call the reason of an article."""

_RICHER = (Reason.ENRICHED, Reason.CORRECTED)


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What became of one page that was accepted."""

    site: str
    status: str
    """Of its article; ``list page`` where it has none."""
    headline: str
    teasers: Counter[str]
    """Teasers and what was merged or left out, by what people call it."""

    @property
    def is_new(self) -> bool:
        """Tell whether the page made an event."""
        return self.status in ("new", "revised") or bool(self.teasers["new"] or self.teasers["enriched"])


@dataclass(frozen=True, slots=True)
class PageRejected:
    """One page that could not be used."""

    site: str
    stage: str
    reason: str
    message: str


Seen = PageSeen | PageRejected


@dataclass(slots=True)
class Totals:
    """Everything that came out so far."""

    pages: int = 0
    events: Counter[str] = field(default_factory=Counter)
    """Records by the registry's name of their topic."""
    articles: Counter[str] = field(default_factory=Counter)
    teasers: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    decisions: Counter[Decision] = field(default_factory=Counter)
    """Items of accepted pages, by what became of them."""

    def take(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]]
    ) -> Seen | None:
        """Count one record; return what to show of it, None for an event that its page's decisions tell too.

        Raises:
            ContractError: A record of ``decisions.v1`` is none.
        """
        self.events[topic] += 1
        match topic:
            case DECISIONS.name:
                return self._page(decode(PageDecisions, value))
            case REJECTED.name:
                return self._rejected(key, dict(headers))
            case _:
                return None

    @property
    def emitted(self) -> int:
        """Return the number of events that readers got."""
        return self.events[ARTICLES.name] + self.events[TEASERS.name]

    def _page(self, page: PageDecisions) -> PageSeen:
        article = next((item for item in page.items if item.record == "article"), None)
        others = Counter(_called(item) for item in page.items if item is not article)
        status = _ARTICLE.get(article.reason, str(article.reason)) if article else "list page"
        self.pages += 1
        self.articles[status] += 1
        self.teasers.update(others)
        self.decisions.update(item.decision for item in page.items)
        return PageSeen(page.site.replace("text:", "text of "), status, (article and article.headline) or "", others)

    def _rejected(self, key: bytes | None, headers: dict[str, bytes]) -> PageRejected:
        told = {name: headers.get(f"rejected-{name}", b"").decode() for name in ("stage", "reason", "message")}
        self.pages += 1
        self.rejected[told["reason"]] += 1
        where = (key or headers.get("url") or b"no address").decode(errors="replace")
        return PageRejected(_site(where), told["stage"], told["reason"], told["message"])


def _called(item: Decided) -> str:
    """Return what people call what became of a teaser."""
    if item.reason is Reason.NEW:
        return "new"
    if item.reason in _RICHER:
        return "enriched"
    match item.decision:
        case Decision.MERGED_IN_PAGE:
            return "merged"
        case Decision.REJECTED:
            return "unusable"
        case _:
            left_out = (Reason.SELF_LINK, Reason.BOILERPLATE, Reason.SPONSORED)
            return "left out" if item.reason in left_out else "repeats"


def _site(address: str) -> str:
    """Return the host of an address, or what stands in for one."""
    host = address.partition("://")[2].partition("/")[0] if "://" in address else address
    return host.removeprefix("www.")[:SHOWN_SITE_CHARACTERS]
