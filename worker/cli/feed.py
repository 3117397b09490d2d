"""``newsworker feed``: pages from files onto the raw topic, each confirmed by the broker."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.topics import RAW, max_message_bytes, topic_name
from worker.cli.failures import CommandError
from worker.cli.pages import PageFile, checked, page_files, read_manifest
from worker.ops.exits import ExitCode
from worker.ops.loading import load
from worker.ops.settings import Settings
from worker.samples import Headers, Sample, sample_pages
from worker.stream.wire import record_of

if TYPE_CHECKING:
    from aiokafka import AIOKafkaProducer
    from rich.progress import Progress

IN_FLIGHT = 200
"""Pages that wait for the broker's answer at most: 60 MB of usual ones."""

MEGABYTE = 1_000_000
LONGEST_REFUSAL = 200


@dataclass(slots=True)
class Fed:
    """What became of the pages so far."""

    confirmed: int = 0
    size: int = 0
    """Bytes of the confirmed pages' records."""
    broken: int = 0
    """Lines among them that are no envelope: fed as they are, for the worker to reject and keep."""
    faults: Counter[str] = field(default_factory=Counter)
    """Pages that were not fed, by why."""
    began: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Return how many pages have an answer, whatever it is."""
        return self.confirmed + self.faults.total()

    @property
    def summary(self) -> str:
        """Return the closing line."""
        seconds = max(time.monotonic() - self.began, 0.001)
        told = f"{self.confirmed:,} pages confirmed ({self.size / MEGABYTE:,.1f} MB) in {seconds:.1f} s"
        broken = f", {self.broken:,} of them broken lines, to be rejected" if self.broken else ""
        faults = "".join(f", {n} {fault}" for fault, n in self.faults.items())
        return f"{told}, {self.confirmed / seconds:,.0f} a second{broken}{faults}"


def feed(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Files (.html, .html.gz, .txt, .jsonl, .warc, .warc.gz) or folders."),
    ] = None,
    *,
    samples: Annotated[bool, typer.Option("--samples", help="The invented pages that come with the worker.")] = False,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="Lines with id, url and fetched_at (or crawled_at).")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(min=0.01, help="Pages a second at most; without it, all at once.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Put pages on the raw topic and say how many the broker confirmed; exit 1 if any was not fed.

    A line of a .jsonl file that is no page is named and fed as it is: the worker rejects and keeps it.
    """
    if bool(paths) == samples:
        raise CommandError("give files or folders to feed, or --samples for the invented ones", ExitCode.USAGE)
    files = checked(paths or [])
    found = sample_pages() if samples else page_files(files, read_manifest(manifest))
    total = None if samples or any(map(_holds_many, files)) else len(files)
    fed = asyncio.run(_feed(load(), found, total, rate, is_quiet=quiet))
    typer.echo(fed.summary)
    if fed.faults:
        raise typer.Exit(ExitCode.FAILED)


def _holds_many(path: Path) -> bool:
    return path.name.lower().endswith((".jsonl", ".warc", ".warc.gz"))


async def _feed(
    settings: Settings, found: Iterable[PageFile | Sample], total: int | None, rate: float | None, *, is_quiet: bool
) -> Fed:
    """Feed the pages over one connection.

    Raises:
        AccessError: The broker does not let us in.
        Unreachable: No broker answers.
        CommandError: There is no raw topic.
    """
    topic = topic_name(RAW, prefix=settings.topic_prefix, app_id=settings.app_id)
    producer = await _producer(settings, topic)
    fed = Fed()
    try:
        with _progress(is_shown=not is_quiet and sys.stderr.isatty()) as progress:
            bar = progress.add_task("feeding", total=total)
            feeder = Feeder(producer, topic, fed, lambda: progress.update(bar, completed=fed.done))
            await feeder.feed(found, rate)
    except BaseException:
        typer.echo(f"stopped: {fed.summary}", err=True)
        raise
    finally:
        await producer.stop()
    return fed


class Feeder:
    """Sends pages and counts the broker's answers.

    Args:
        producer: Started.
        topic: The raw topic's name on the cluster.
        fed: Where it is counted.
        moved: Called when a page is done.
    """

    def __init__(self, producer: AIOKafkaProducer, topic: str, fed: Fed, moved: Callable[[], object]) -> None:
        self._producer, self._topic, self._fed, self._moved = producer, topic, fed, moved
        self._room = asyncio.Semaphore(IN_FLIGHT)

    async def feed(self, found: Iterable[PageFile | Sample], rate: float | None) -> None:
        """Send the pages, ``rate`` a second at most, and wait for the last answer."""
        due = time.monotonic()
        async with asyncio.TaskGroup() as answers:
            for each in found:
                if isinstance(each, PageFile) and each.page is None:
                    if each.line is None:
                        self._refused(each.id, each.reason or "unreadable", each.error or "")
                        continue
                    typer.echo(f"{each.id}: fed as it is, {each.reason}: {_cut(each.error)}", err=True)
                await self._room.acquire()
                await self._send(each, answers)
                if rate is not None:
                    due += 1 / rate
                    await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _send(self, each: PageFile | Sample, answers: asyncio.TaskGroup) -> None:
        from aiokafka.errors import MessageSizeTooLargeError  # noqa: PLC0415 - loaded by now

        key, value, headers = _record(each)
        is_broken = isinstance(each, PageFile) and each.page is None
        try:
            answer = await self._producer.send(self._topic, value, key=key, headers=list(headers))
        except MessageSizeTooLargeError as error:
            self._room.release()
            self._refused(each.id, "too large for the topic", str(error))
            return
        answers.create_task(self._answered(each.id, len(value), answer, is_broken=is_broken))

    async def _answered(self, page: str, size: int, answer: Awaitable[object], *, is_broken: bool) -> None:
        from aiokafka.errors import MessageSizeTooLargeError  # noqa: PLC0415 - loaded by now

        try:
            await answer
        except MessageSizeTooLargeError as error:
            self._refused(page, "too large for the topic", str(error))
        else:
            self._fed.confirmed += 1
            self._fed.size += size
            self._fed.broken += is_broken
            self._moved()
        finally:
            self._room.release()

    def _refused(self, page: str, why: str, error: str) -> None:
        self._fed.faults[why] += 1
        self._moved()
        typer.echo(f"{page}: not fed, {why}: {_cut(error)}", err=True)


def _cut(error: str | None) -> str:
    return (error or "")[:LONGEST_REFUSAL]


def _record(each: PageFile | Sample) -> tuple[bytes | None, bytes, Headers]:
    """Return key, value and headers of the page on the raw topic; what is broken goes as it was found."""
    if isinstance(each, Sample):
        return each.key, each.value, each.headers
    if each.page is None:
        return None, each.line or b"", ()
    return record_of(each.page)


async def _producer(settings: Settings, topic: str) -> AIOKafkaProducer:
    """Return a started producer, once the broker answers and has the topic."""
    from aiokafka import AIOKafkaProducer  # noqa: PLC0415 - the Kafka client takes a while

    from worker.ops.access import reach  # noqa: PLC0415 - as above
    from worker.ops.admin import admin  # noqa: PLC0415 - as above
    from worker.ops.kafka import security  # noqa: PLC0415 - as above

    await reach(settings)
    async with admin(settings) as client:
        if topic not in await client.list_topics():
            raise CommandError(
                f"there is no topic {topic}: `newsworker topics apply` creates it", ExitCode.CONFIGURATION
            )
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap,
        acks="all",
        linger_ms=5,
        compression_type="lz4",
        max_request_size=max_message_bytes(RAW, settings.max_page_bytes),
        **security(settings),
    )
    await producer.start()
    return producer


def _progress(*, is_shown: bool) -> Progress:
    from rich.console import Console  # noqa: PLC0415 - who pipes needs no bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"))
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), disable=not is_shown, transient=True)
