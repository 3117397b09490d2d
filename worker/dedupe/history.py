"""What became of one story on one topic of decisions: when it was first seen, where, what followed. **Pure**."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from schemas import Decided, PageDecisions, Reason
from worker.dedupe.expiry import end, moment, seconds_of
from worker.dedupe.settings import DedupeSettings
from worker.identity import address_key, story_id

ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Sight:
    """One item of one page."""

    page: PageDecisions
    item: Decided

    @property
    def at(self) -> datetime:
        """Return the stream time of the decision."""
        return self.page.stream_time


@dataclass(frozen=True, slots=True)
class History:
    """The sights of one record, in the order of stream time."""

    record: str
    """``article`` or ``teaser``."""

    id: str
    """``article_id`` or ``teaser_id``."""

    site: str
    """Of the pages."""

    sights: tuple[Sight, ...]
    """All that the decisions hold of it, the oldest first."""

    ends_at: datetime | None
    """When it is known no more unless it is seen again; None where no sight began it: the log began later."""


def wanted_ids(text: str) -> frozenset[str]:
    """Return the ids that a person means by a teaser's, article's or story's id, or by an address.

    Raises:
        ValueError: It is neither; the message says what to give.
    """
    text = text.strip()
    if len(text) == ID_DIGITS and not set(text.lower()) - set("0123456789abcdef"):
        return frozenset({text.lower()})
    key = address_key(text)
    if key is None:
        raise ValueError(f"{text!r} is neither an id of {ID_DIGITS} hex digits nor an http(s) address")
    return frozenset({story_id(key)})


def sights(pages: Iterable[PageDecisions], wanted: frozenset[str]) -> Iterator[Sight]:
    """Yield the items that are, or point to, one of the wanted ids."""
    for page in pages:
        for item in page.items:
            if item.id in wanted or item.story_id in wanted:
                yield Sight(page, item)


def histories(found: Iterable[Sight], settings: DedupeSettings) -> tuple[History, ...]:
    """Return the history of each record among the sights, articles before teasers.

    Args:
        found: Sights in any order; one that comes twice counts once.
        settings: The TTL and cap of the installation.
    """
    by_record: dict[tuple[str, str], dict[tuple[str, int | None, datetime], Sight]] = {}
    for sight in found:
        if sight.item.id is not None:
            place = sight.page.page_id, sight.item.position, sight.at
            by_record.setdefault((sight.item.record, sight.item.id), {})[place] = sight
    return tuple(
        _history(record, id_, tuple(sorted(seen.values(), key=lambda sight: sight.at)), settings)
        for (record, id_), seen in sorted(by_record.items())
    )


def _history(record: str, id_: str, seen: tuple[Sight, ...], settings: DedupeSettings) -> History:
    return History(record, id_, seen[0].page.site, seen, _end(seen, settings))


def _end(seen: tuple[Sight, ...], settings: DedupeSettings) -> datetime | None:
    """Return when the entry ends, by the rule by which the state moves ``last seen``."""
    first = last = None
    for sight in seen:
        now = seconds_of(sight.at)
        if sight.item.reason is Reason.NEW:
            first = last = now
        elif last is not None and _moves(sight) and now - last >= settings.step_seconds:
            last = now
    if first is None or last is None:
        return None
    return moment(end(first, last, settings))


def _moves(sight: Sight) -> bool:
    """Tell whether the sight counted as one: not of a page delivered again, a dropped kind or a merged item."""
    return sight.item.reason not in {Reason.PAGE_AGAIN, Reason.SPONSORED, Reason.REPEAT_IN_PAGE}
