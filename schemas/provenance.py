"""Where a record comes from and what made it: it travels in the value, since headers get lost in sinks."""

from pydantic import AwareDatetime

from schemas.base import Record


class Provenance(Record):
    """The page that a record was read from, and the versions that read it."""

    page_id: str
    """Id of the page: 32 hex digits, from address, fetch time and bytes."""

    url: str | None = None
    """Address that the page was fetched from; null for a page without one."""

    fetched_at: AwareDatetime | None = None
    """When it was fetched, UTC, as received; null where the crawler does not say."""

    extractor_version: str
    """Version of the worker that split the page."""

    identity_version: str
    """Version of the rules that make ids: domain list, parameters, folding. Another one makes other ids."""

    lexicon_version: str | None = None
    """Version of the wordings in use at the split."""
