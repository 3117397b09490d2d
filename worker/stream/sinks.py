"""From values to messages: keys, CloudEvents headers and bytes, a topic a function.

Nothing here comes from a clock or an offset: the same page gives the same bytes, so a replay repeats itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from schemas import Article, PageDecisions, SplitPage, Teaser, encode
from schemas.topics import ARTICLES, DECISIONS, SPLIT, TEASERS, Topic
from worker.extract.errors import PageTooLarge
from worker.identity import event_id
from worker.stream.guarantee import Message
from worker.stream.installation import VERSION, Headers, Installation
from worker.stream.rejected import size

_OURS: Headers = (("content-type", b"application/json"), ("newsworker-version", VERSION.encode()))


@dataclass(frozen=True, slots=True)
class _Sink:
    """A topic's name on the cluster, the largest record it takes, and headers that never change."""

    topic: str
    max_bytes: int
    headers: Headers

    def message(self, key: str, value: bytes, headers: Headers = ()) -> Message:
        """Return the record.

        Raises:
            PageTooLarge: It is larger than the topic takes; sending it would end the process, again and again.
        """
        message = Message(self.topic, key.encode(), value, (*self.headers, *headers))
        if (n := size(message)) > self.max_bytes:
            raise PageTooLarge(f"what was read from it takes {n} bytes, {self.topic} takes {self.max_bytes}")
        return message


class Sinks:
    """Every topic that a stage writes, but for the rejected pages. Its methods are **pure**.

    Args:
        to: Names and sizes of the topics.
    """

    def __init__(self, to: Installation) -> None:
        self._split = _sink(SPLIT, to)
        self._decisions = _sink(DECISIONS, to)
        self._article = _event_sink(ARTICLES, "news.article.v1", to)
        self._teaser = _event_sink(TEASERS, "news.teaser.v1", to)

    def split_page(self, page: SplitPage, trace: Headers) -> Message:
        """Return the record of a split page, keyed by its site.

        Raises:
            PageTooLarge: What was read from the page is larger than the topic takes.
        """
        return self._split.message(page.site, encode(page), trace)

    def events(
        self, events: tuple[Article | Teaser, ...], page: SplitPage, at: datetime, trace: Headers
    ) -> tuple[Message, ...]:
        """Return the records of a page's events, keyed by their ids.

        Args:
            events: What is new, revised or enriched.
            page: The page that shows it.
            at: Event time: when it was fetched, else when it was received.
            trace: The page's trace context.

        Raises:
            PageTooLarge: One of them is larger than its topic takes.
        """
        subject = (("ce_subject", page.url.encode(errors="replace")),) if page.url else ()
        shared: Headers = (("ce_time", _rfc3339(at)), *subject, *trace)
        return tuple(self._event(event, page.page_id, shared) for event in events)

    def decisions(self, decisions: PageDecisions) -> Message:
        """Return the record of a page's decisions.

        Raises:
            PageTooLarge: It is larger than the topic takes.
        """
        return self._decisions.message(decisions.page_id, encode(decisions))

    def _event(self, event: Article | Teaser, page_id: str, shared: Headers) -> Message:
        match event:
            case Article():
                sink, key, kind = self._article, event.article_id, "article"
            case Teaser():
                sink, key, kind = self._teaser, event.teaser_id, "teaser"
        return sink.message(key, encode(event), (("ce_id", event_id(kind, key, page_id).encode()), *shared))


def _sink(topic: Topic, to: Installation, headers: Headers = ()) -> _Sink:
    return _Sink(to.topic(topic), to.max_bytes(topic), (*headers, *_OURS))


def _event_sink(topic: Topic, ce_type: str, to: Installation) -> _Sink:
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_type", ce_type.encode()),
        ("ce_source", to.ce_source.encode()),
        ("ce_dataschema", topic.schema_ref.encode()),
    )
    return _sink(topic, to, headers)


def _rfc3339(moment: datetime) -> bytes:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z").encode()
