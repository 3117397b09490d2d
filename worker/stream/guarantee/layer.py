"""The layer around the actors: Faust's signals in, partitions out, positions to the group, trouble to the exit.

Every rebalance revokes everything from everyone, so a revoke closes all partitions and an assignment
claims anew; what a form remembers makes a partition that stayed cost nothing. Claims run in the
background: no heartbeat is sent while Faust's callback runs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NoReturn

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)

from worker.stream.guarantee.client import PATIENCE_SECONDS, Client
from worker.stream.guarantee.errors import (
    GuaranteeNotKept,
    Refused,
    SourceRecreated,
    Stuck,
    UndecodableState,
    UnknownVersion,
)
from worker.stream.guarantee.faust_app import App
from worker.stream.guarantee.form import Form
from worker.stream.guarantee.inbox import Budget
from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.observer import Observer, Status
from worker.stream.guarantee.partition import Partition
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.records import EventStream, Record

log = logging.getLogger(__name__)

UNFORESEEN, GAVE_UP, CONFIGURATION = 70, 75, 78
"""Exit codes: an error nobody foresaw; broker trouble or a lost ownership; what only a person can put right."""

NO_RIGHT = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
"""The broker lets us in but not do this: trying again does not help."""

FOR_A_PERSON = (GuaranteeNotKept, UnknownVersion, Refused, SourceRecreated, UndecodableState, *NO_RIGHT)
"""Another start would end in the same way, until somebody does what the message says."""

REFUSED_SECONDS = 20.0
"""How long a process whose records are refused shows it before it ends: for a scrape every 15 s. The next start would
be refused as well, so nothing is lost by waiting."""

Leave = Callable[[int], NoReturn]


def leave(code: int) -> NoReturn:
    """End this process at once: nothing that runs on may commit."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def exit_code(error: BaseException) -> int:
    """Return the exit code for what ended a partition."""
    if isinstance(error, FOR_A_PERSON):
        return CONFIGURATION
    return GAVE_UP if isinstance(error, KafkaError | Stuck | OSError) else UNFORESEEN


class Layer(ABC):
    """What both forms share. Make one a Faust app, before the app starts."""

    def __init__(
        self,
        app: App,
        *,
        source: str,
        client: Client,
        limits: Limits,
        observer: Observer,
        guarantee: str,
        leave: Leave = leave,
    ) -> None:
        self.app, self.source, self.client = app, source, client
        self.limits, self.observer = limits, observer
        self.reader = LogReader(client)
        self._leave = leave
        self._status = Status(guarantee)
        self._partitions: dict[int, Partition] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._budget = Budget(limits.inbox_bytes)
        self._stored: dict[int, int] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._is_closed = False
        app.on_partitions_assigned.connect(self._on_assigned, weak=False)
        app.on_partitions_revoked.connect(self._on_revoked, weak=False)
        app.on_before_shutdown.connect(self._on_shutdown, weak=False)  # Faust sends no revoke at a stop

    # -- for the shell

    async def run(self, stream: EventStream) -> None:
        """Hand every record of the agent's stream to its partition. Lets nothing escape into Faust.

        Args:
            stream: The agent's stream of the source topic, declared with ``acks=False``.
        """
        try:
            async for event in stream.noack().events():
                message = event.message
                partition = self._partitions.get(message.partition)
                if partition is not None:
                    await partition.deliver(_as_record(message))
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - in an agent an error loses the record it was about
            await self._die(error, None)

    def status(self) -> Status:
        """Return the layer at this moment. The snapshot is live: read it, do not keep it."""
        self._status.partitions = {number: part.status for number, part in sorted(self._partitions.items())}
        for partition in self._partitions.values():
            partition.count_in_flight()
        return self._status

    async def close(self) -> None:
        """Commit what is whole, give every partition back and store the positions. Idempotent."""
        await self._close_partitions()
        self._is_closed = True
        keepers, self._keepers = self._keepers, []
        for keeper in keepers:
            keeper.cancel()
        await self.reader.close()

    # -- what a form adds

    @abstractmethod
    def begin(self) -> None:
        """Prepare what the first claims will need, while the app starts. Called in the event loop."""

    @abstractmethod
    async def _prepare(self) -> None:
        """Do what comes before the first claim, such as finding out what the broker can do."""

    @abstractmethod
    async def _claimable(self, number: int) -> Form:
        """Return the form of a partition, the kept one where it stayed."""

    @abstractmethod
    def _forget(self, numbers: Iterable[int]) -> None:
        """Drop what is kept of partitions that left."""

    # -- Faust's signals

    async def _on_assigned(self, _app: Any, /, *args: Any, **_: Any) -> None:
        await self._close_partitions()
        if self._is_closed:
            return
        mine = {tp.partition for tp in args[0] if tp.topic == self.source}
        self._forget(set(self._partitions) - mine)
        self._partitions = {number: self._partition(number) for number in sorted(mine)}
        self._stored.clear()
        self._status.rebalances += 1
        for number, partition in self._partitions.items():
            self._tasks[number] = asyncio.create_task(self._live(partition), name=f"{self.source}/{number}")
        if not self._keepers:
            chores = ((self._look, self.limits.look_seconds), (self._store, self.limits.commit_seconds / 2))
            self._keepers = [
                asyncio.create_task(self._keep(do, seconds), name=f"{self.source} {do.__name__}")
                for do, seconds in chores
            ]

    async def _on_revoked(self, _app: Any, /, *_args: Any, **_: Any) -> None:
        await self._close_partitions()

    async def _on_shutdown(self, _app: Any, /, *_args: Any, **_: Any) -> None:
        await self.close()

    # -- partitions

    def _partition(self, number: int) -> Partition:
        return Partition(
            self.source,
            number,
            lambda: self._claimable(number),
            self.reader,
            budget=self._budget,
            limits=self.limits,
            observer=self.observer,
            refetched=self._status.refetched,
        )

    async def _live(self, partition: Partition) -> None:
        try:
            await self._prepare()
            await partition.live()
        except BaseException as error:  # noqa: BLE001 - nothing may go on after it
            await self._die(error, partition)

    async def _close_partitions(self) -> None:
        for partition in self._partitions.values():
            partition.close()
        tasks, self._tasks = self._tasks, {}
        if tasks:
            await asyncio.gather(*tasks.values())
            await self._store()

    async def _die(self, error: BaseException, partition: Partition | None) -> None:
        code = exit_code(error)
        where = f"{self.source}/{partition.number}" if partition else self.source
        log.critical(
            "guarantee: leaving the process: %s",
            error or repr(error),
            extra={"where": where, "code": code},
            exc_info=error,
        )
        if partition is not None:
            await partition.abort()
            if isinstance(error, Refused):
                self._status.refused = str(error)
                await partition.until_closing(REFUSED_SECONDS)
        self._leave(code)

    def _notice(self, sentence: str) -> None:
        log.warning("guarantee notice", extra={"notice": sentence})
        if sentence not in self._status.notices:
            self._status.notices.append(sentence)

    # -- beside the partitions

    async def _keep(self, do: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Do it again and again: look up the ends of the logs, or store the positions."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await do()
            except (KafkaError, TimeoutError) as error:
                # The actors find out for themselves whether the broker is gone; this is for lag and tails.
                log.warning("the broker does not answer", extra={"topic": self.source, "reason": repr(error)})

    async def _look(self) -> None:
        partitions = dict(self._partitions)
        if not partitions:
            return
        ends = await self.reader.ends(self.source, partitions)
        for number, end in ends.items():
            partitions[number].look(end)

    async def _store(self) -> None:
        """Store as the group's offsets the positions that moved, and what a claim found: a hint may have died."""
        moved = {
            number: partition.status.position
            for number, partition in self._partitions.items()
            if partition.is_claimed and partition.status.position != self._stored.get(number)
        }
        if moved:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if await self.app.positions.store_positions(self.source, moved):
                    self._stored.update(moved)


def _as_record(message: Any) -> Record:
    return Record(
        message.topic,
        message.partition,
        message.offset,
        round(message.timestamp * 1000) if message.timestamp else 0,  # Faust divides by 1000: cutting it loses a ms
        message.key,
        message.value,
        tuple(message.headers or ()),
    )
