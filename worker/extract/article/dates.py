"""Dates: when the publisher says the article was published and last changed."""

from datetime import UTC, datetime
from typing import NamedTuple

from worker.extract.metadata import Metadata


class Date(NamedTuple):
    """A moment and how it was told."""

    at: datetime
    precision: str
    source: str


def moment(text: object) -> tuple[datetime, str] | None:
    """Return an ISO 8601 text as UTC with its precision, None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if at.tzinfo is None:
        return at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC), "day"
    return at.astimezone(UTC), "instant"


def published(metadata: Metadata) -> Date | None:
    """Return when the article was first published, None where the page doesn't say."""
    for value, source in (
        (metadata.article.get("datePublished"), "jsonld"),
        (metadata.meta("article:published_time", "datepublished"), "opengraph"),
    ):
        if found := moment(value):
            return Date(*found, source)
    return None


def modified(metadata: Metadata) -> Date | None:
    """Return when the article was last changed, None where the page doesn't say."""
    for value, source in (
        (metadata.article.get("dateModified"), "jsonld"),
        (metadata.meta("article:modified_time", "datemodified"), "opengraph"),
    ):
        if found := moment(value):
            return Date(*found, source)
    return None
