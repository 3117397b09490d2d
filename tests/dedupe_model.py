"""Deduplication as plainly as it can be said: dictionaries, no packing, no segments. The oracle of the laws."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from schemas import ENRICHABLE, Reason

DAY = timedelta(days=1)


class Expected(NamedTuple):
    """What a page should come to."""

    reasons: tuple
    revisions: tuple
    changed: tuple
    conflicts: Counter


class Model:
    """Knows stories by id, with their fields and times in full."""

    def __init__(self, settings):
        self.ttl, self.cap = timedelta(seconds=settings.ttl_seconds), timedelta(seconds=settings.cap_seconds)
        self.dropped = settings.drop_kinds
        self.now = datetime(1970, 1, 1, tzinfo=UTC)
        self.pages, self.articles, self.teasers = {}, {}, {}

    def take(self, page):
        """Return what becomes of the page, and remember it."""
        self.now = max(self.now, page.fetched_at.replace(microsecond=0))
        n = len(page.teasers) + (page.article is not None)
        if page.page_id in self.pages and self.now < self.pages[page.page_id] + DAY:
            return Expected((Reason.PAGE_AGAIN,) * n, (None,) * n, (), Counter())
        self.pages[page.page_id] = self.now
        judged = [self._article(page.article, page.fetched_at)] if page.article is not None else []
        changed, conflicts = [], Counter()
        judged += [self._teaser(teaser, changed, conflicts) for teaser in page.teasers]
        reasons, revisions = zip(*judged, strict=True) if judged else ((), ())
        return Expected(reasons, revisions, tuple(changed), conflicts)

    def _live(self, known):
        return known is not None and self.now < min(known["last"] + self.ttl, known["first"] + self.cap)

    def _see(self, known):
        if self.now - known["last"] >= self.ttl / 8:
            known["last"] = self.now

    def _article(self, article, fetched):
        known = self.articles.get(article.article_id)
        if not self._live(known):
            self.articles[article.article_id] = {
                "first": self.now,
                "last": self.now,
                "print": article.fingerprint,
                "newest": fetched,
                "revision": 1,
            }
            return Reason.NEW, 1
        self._see(known)
        is_newer, known["newest"] = fetched > known["newest"], max(fetched, known["newest"])
        if article.fingerprint == known["print"]:
            return Reason.RECRAWL_SAME, known["revision"]
        if not is_newer:
            return Reason.OLDER, known["revision"]
        known["print"] = article.fingerprint
        known["revision"] += 1
        return Reason.REVISED, known["revision"]

    def _teaser(self, teaser, changed, conflicts):
        if teaser.kind in self.dropped:
            return Reason.SPONSORED, None
        shown = {
            name: (rank, getattr(teaser, name)) for name, rank in zip(ENRICHABLE, teaser.ranks, strict=True) if rank
        }
        known = self.teasers.get(teaser.teaser_id)
        if not self._live(known):
            self.teasers[teaser.teaser_id] = {"first": self.now, "last": self.now, "fields": shown, "revision": 1}
            changed.append(())
            return Reason.NEW, 1
        self._see(known)
        fields = known["fields"]
        filled = [name for name in shown if name not in fields]
        raised = [name for name in shown if name in fields and shown[name][0] > fields[name][0]]
        bettered = [name for name in raised if shown[name][1] != fields[name][1]]
        against = [
            name
            for name in shown
            if name in fields and shown[name][0] == fields[name][0] and shown[name][1] != fields[name][1]
        ]
        fields.update({name: shown[name] for name in filled + raised})
        conflicts.update(against)
        if filled or bettered:
            known["revision"] += 1
            changed.append(tuple(name for name in ENRICHABLE if name in filled + bettered))
            return Reason.ENRICHED if filled else Reason.CORRECTED, known["revision"]
        if "headline" in against:
            return Reason.HEADLINE_CONFLICT, known["revision"]
        return Reason.LEAD_CONFLICT if "lead" in against else Reason.REPEAT_URL, known["revision"]
