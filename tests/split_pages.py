"""Split pages to decide on: one line a page in tests, everything else by default."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from schemas import Counts, SplitArticle, SplitPage, SplitTeaser, TeaserKind
from worker.dedupe import DedupeSettings, decide
from worker.dedupe.outcome import revisions
from worker.identity import page_id, story_id, teaser_id

T0 = datetime(2026, 3, 1, tzinfo=UTC)
SITE = "example.com"
SETTINGS = DedupeSettings()
LINKED, TEXT = 7, 5
CUT = 4


def at(**times):
    """Return the time so long after the beginning."""
    return T0 + timedelta(**times)


def teaser(name, *, site=SITE, position=1, kind=TeaserKind.RELATED, ranks=None, **fields):
    """Return a teaser of the story ``name``; ``ranks`` by field, ``LINKED`` where it is filled."""
    story = story_id(f"{SITE}/{name}")
    fields = {"headline": f"The story of {name}", "url": f"https://{SITE}/{name}", **fields}
    names = ("headline", "kicker", "lead", "authors", "agency", "image", "published_at")
    stated = tuple((ranks or {}).get(field, LINKED) if fields.get(field) else 0 for field in names)
    return SplitTeaser(
        teaser_id=teaser_id(site, story),
        story_id=story,
        kind=kind,
        position=position,
        ranks=stated,
        **fields,
    )


def article(name="front", text="one"):
    """Return an article whose fingerprint follows from ``text``."""
    return SplitArticle(
        article_id=story_id(f"{SITE}/{name}"),
        site=SITE,
        headline=f"The story of {name}",
        lead=text,
        word_count=1,
        fingerprint=blake2b(text.encode(), digest_size=16).hexdigest(),
    )


def page(*items, fetched=T0, received=None, name="page", told=None, site=SITE, **fields):
    """Return a page with teasers, fetched when it was received unless said otherwise."""
    return SplitPage(
        page_id=page_id(f"https://{site}/{name}", fetched, repr((items, told)).encode()),
        url=f"https://{site}/{name}",
        site=site,
        fetched_at=fetched,
        received_at=received or fetched,
        article=told,
        teasers=tuple(item.model_copy(update={"position": n}) for n, item in enumerate(items, start=1)),
        counts=fields.pop("counts", Counts(found=len(items) + (told is not None))),
        extractor_version="1",
        identity_version="1",
        **fields,
    )


@dataclass
class Run:
    """Pages decided and remembered one after the other."""

    state: object
    settings: DedupeSettings = SETTINGS

    def take(self, taken):
        """Decide on a page, remember it, return the outcome."""
        outcome = decide(taken, self.state, settings=self.settings)
        self.state.apply(outcome.entries) if outcome.entries else None
        return outcome

    def told(self, taken):
        """Decide on a page, remember it, return the outcome and the revision of each item."""
        outcome = decide(taken, self.state, settings=self.settings)
        known = revisions(outcome, self.state)
        self.state.apply(outcome.entries) if outcome.entries else None
        return outcome, known

    def reasons(self, *pages):
        """Return the reasons of the items of each page, as text, in order."""
        return [[str(reason) for reason in self.take(taken).reasons] for taken in pages]


def shown(outcomes):
    """Return what a reader holds of each teaser: new replaces, enriched patches."""
    held = {}
    for outcome in outcomes:
        for event in outcome.teasers:
            if event.status == "new":
                held[event.teaser_id] = event.model_dump()
            else:
                held[event.teaser_id] |= {name: getattr(event, name) for name in event.changed}
    return held
