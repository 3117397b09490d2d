"""The registry: a row a topic. Faust topics, the ``topics`` command, ACLs, deployment and docs come from it."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.article import Article
from schemas.base import Record
from schemas.decisions import PageDecisions
from schemas.raw_page import RawPage
from schemas.split_page import SplitPage
from schemas.teaser import Teaser

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

PAGE_OVERHEAD_BYTES = 64 * 1024
"""Room for the envelope around a page, and again for the headers of a rejected one."""


class Size(StrEnum):
    """How large a record may get, and so the topic's ``max.message.bytes``."""

    EVENT = "event"
    """The broker's default, 1 MiB."""

    PAGE = "page"
    """The largest page in base64, plus its envelope."""

    REJECTED_PAGE = "rejected_page"
    """As ``PAGE``, plus the headers that say why."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic is made of and who may touch it."""

    name: str
    """Name without the installation's prefix; also the metric label."""

    record: type[Record] | None
    """The record in its values; None for opaque bytes."""

    key: str
    """What the key is."""

    summary: str
    """What it holds, in a sentence."""

    partitions: int
    """Default count; those of ``pages.split.v1`` and the state topic are equal and fixed for good."""

    retention_ms: int
    """How long records are kept."""

    append_time: bool = False
    """Whether the broker stamps records (LogAppendTime) instead of the sender."""

    size: Size = Size.EVENT
    """How large a record may get."""

    writers: tuple[str, ...] = ()
    """Principals that write it."""

    readers: tuple[str, ...] = ()
    """Principals that read it."""

    internal: bool = False
    """Whether it is the worker's own, without promise to readers."""

    optional: bool = False
    """Whether it is used only where a setting asks for it."""

    minor: int = 0
    """How many times the record grew by optional fields within its major version."""

    @property
    def schema_ref(self) -> str:
        """URI reference of the released JSON Schema: the ``ce_dataschema`` of its events."""
        return f"schemas/released/{self.name}/{self.minor}.json"


RAW = Topic(
    name="pages.raw.v1",
    record=RawPage,
    key="any; the page's address is usual",
    summary="Raw pages as crawlers fetched them, in either wire form.",
    partitions=12,
    retention_ms=7 * DAY_MS,
    append_time=True,
    size=Size.PAGE,
    writers=("crawlers", "replay"),
    readers=("split",),
)

SPLIT = Topic(
    name="pages.split.v1",
    record=SplitPage,
    key="site",
    summary="Pages split into article and teasers, one record a page.",
    partitions=12,
    retention_ms=8 * DAY_MS,
    size=Size.PAGE,
    writers=("split", "replay"),
    readers=("dedupe",),
    internal=True,
)

ARTICLES = Topic(
    name="articles.v1",
    record=Article,
    key="article_id",
    summary="One event a new or revised article.",
    partitions=12,
    retention_ms=30 * DAY_MS,
    size=Size.PAGE,
    writers=("dedupe",),
    readers=("teams",),
)

TEASERS = Topic(
    name="teasers.v1",
    record=Teaser,
    key="teaser_id",
    summary="One event a new or enriched teaser.",
    partitions=12,
    retention_ms=30 * DAY_MS,
    writers=("dedupe",),
    readers=("teams",),
)

REJECTED = Topic(
    name="pages.rejected.v1",
    record=None,
    key="key of the input, unchanged",
    summary="What could not be used, byte for byte; the why is in the headers.",
    partitions=12,
    retention_ms=30 * DAY_MS,
    size=Size.REJECTED_PAGE,
    writers=("split", "dedupe"),
    readers=("replay",),
)

DECISIONS = Topic(
    name="decisions.v1",
    record=PageDecisions,
    key="page_id",
    summary="Every item of every page with its decision and reason.",
    partitions=12,
    retention_ms=7 * DAY_MS,
    writers=("dedupe",),
    readers=("ops",),
    optional=True,
)

STATE = Topic(
    name="dedupe-state",
    record=None,
    key="none; the partition is the source's",
    summary="State of dedupe, a record a commit: packed entries and the next source offset. Named by app id.",
    partitions=12,
    retention_ms=30 * DAY_MS,
    append_time=True,
    size=Size.PAGE,
    writers=("dedupe",),
    readers=("dedupe",),
    internal=True,
)

ALL = (RAW, SPLIT, ARTICLES, TEASERS, REJECTED, DECISIONS, STATE)
"""Every topic, in the order in which data flows."""


def topic_name(topic: Topic, *, prefix: str = "", app_id: str = "newsworker") -> str:
    """Return the topic's name on a cluster: with the installation's prefix, the state topic with the app id."""
    return f"{prefix}{app_id}-{topic.name}" if topic is STATE else f"{prefix}{topic.name}"


def max_message_bytes(topic: Topic, max_page_bytes: int) -> int:
    """Return the topic's ``max.message.bytes`` where pages may have ``max_page_bytes``."""
    page = max_page_bytes * 4 // 3 + PAGE_OVERHEAD_BYTES
    match topic.size:
        case Size.EVENT:
            return 1024 * 1024
        case Size.PAGE:
            return page
        case Size.REJECTED_PAGE:
            return page + PAGE_OVERHEAD_BYTES
