"""One source partition as one actor: claim, process, commit, close. No locks: it alone does all that.

    CLAIMING -> LIVE -> CLOSING -> CLOSED          any error: abort, end the process

The next record must be the expected one. What Faust delivers twice is skipped; what it leaves out is read
from the log, in between (``hole``) and at the end (``tail``); only what the log lacks too is passed over.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

from worker.stream.guarantee.errors import SourceRecreated
from worker.stream.guarantee.form import Form
from worker.stream.guarantee.inbox import Budget, Inbox
from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.observer import Cause, Observer, PartitionStatus, Phase
from worker.stream.guarantee.pending import Pending
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.records import Record
from worker.stream.guarantee.shrinking import Shrinking
from worker.stream.guarantee.waiting import Waiting

log = logging.getLogger(__name__)

TURN_SECONDS = 0.01
"""The actor lets others have the loop after so long: health answers and other partitions wait for it."""


class Partition:
    """The actor of one assignment of one partition.

    Args:
        topic: The source topic.
        number: The partition.
        claimable: Returns where effects and positions are kept, once the claim begins.
        reader: Reads what Faust leaves out.
        budget: Bytes that may wait in the layer's inboxes.
        limits: When a commit is due.
        observer: Told what happens.
        refetched: Counts by cause, shared by the layer's partitions.
    """

    def __init__(
        self,
        topic: str,
        number: int,
        claimable: Callable[[], Awaitable[Form]],
        reader: LogReader,
        *,
        budget: Budget,
        limits: Limits,
        observer: Observer,
        refetched: dict[Cause, int],
    ) -> None:
        self.topic, self.number, self.reader = topic, number, reader
        self.limits, self.observer = limits, observer
        self.inbox = Inbox(limits.inbox_records, budget)
        self.status = PartitionStatus(number, claim_started=time.time())
        self.next = 0
        """The source offset that is expected next."""
        self.closing = False
        self.is_claimed = False
        """Whether the position means something: the claim has read it."""
        self.is_on_trial = False
        """Whether its first records are not all done yet, each after a trial."""
        self._ending = asyncio.Event()
        self._claimable = claimable
        self._form: Form | None = None
        self._refetched = refetched
        self._absent: set[int] = set()
        self._pending = Pending(limits)
        self._heard_at = time.monotonic()
        self._turn_at = 0.0
        self._shrinking = Shrinking()
        self._waiting = Waiting()

    # -- the side of Faust

    async def deliver(self, record: Record) -> None:
        """Take a delivered record in; waits while the partition is live and its inbox full."""
        if self.closing or record.offset < self.next:
            return
        self._heard_at = time.monotonic()
        if self.inbox.is_full and self.status.phase is Phase.CLAIMING:
            self.inbox.drop(record)
            return
        while self.inbox.is_full and not self.closing:
            self.inbox.room.clear()
            await self.inbox.budget.hold(self.inbox.room)
        if not self.closing:
            self.inbox.put(record)

    def close(self) -> None:
        """Ask the actor to commit what is whole and end."""
        self.closing = True
        self._ending.set()
        self.inbox.bell.set()
        self.inbox.room.set()

    async def until_closing(self, seconds: float) -> None:
        """Wait until `close` was called, for so long at most."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    def look(self, stable_end: int) -> None:
        """Note the end of the log; what is missing there shows when the partition is quiet."""
        status = self.status
        if status.phase is Phase.LIVE:
            self._shrinking.seen(stable_end, status.position)
            if self._shrinking.why:
                self.inbox.bell.set()
        status.stable_end = stable_end
        if status.phase is not Phase.CLAIMING:  # the position is not known before
            self._waiting.seen(stable_end, time.time())
        if status.position < stable_end and self._is_quiet():
            self.inbox.bell.set()

    def count_in_flight(self) -> None:
        """Bring the counts of the status up to date."""
        self.status.waiting_since = self._waiting.since(self.status.position)
        self.status.in_flight = len(self.inbox) + len(self._pending)
        self.status.oldest_in_flight_ms = self.inbox.oldest_ms

    # -- the actor

    async def live(self) -> None:
        """Claim, then process and commit until `close`.

        Raises:
            Exception: Whatever went wrong; the caller ends the process.
        """
        await self._claim()
        while not self.closing:
            await self._step()
        self.status.phase = Phase.CLOSING
        await self._commit()
        await self.form.close()
        self.inbox.clear()
        self.status.phase = Phase.CLOSED
        self.observer.revoked(self.number)

    async def abort(self) -> None:
        """Take the open atom back where that can be done, for a process that ends. Never raises."""
        if self._form is not None:
            await self._form.abort()

    @property
    def form(self) -> Form:
        """Return where effects and positions are kept."""
        assert self._form is not None, "claim comes first"  # noqa: S101 - the actor's order, not an input
        return self._form

    async def _claim(self) -> None:
        began = time.monotonic()
        self._form = await self._claimable()
        claim = await self.form.claim(lambda: self.closing)
        if self.closing:
            return
        self.next = self.status.position = claim.position
        self.is_claimed = True
        if claim.on_trial:
            await self._try_out(claim.on_trial)
        if self.closing:
            return
        seconds = time.monotonic() - began
        self.status.recovery_seconds = seconds
        self.status.phase = Phase.LIVE
        self.observer.claimed(self.number, seconds, claim.records)
        log.info(
            "partition claimed",
            extra={"topic": self.topic, "partition": self.number, "position": self.next, "seconds": round(seconds, 3)},
        )

    async def _step(self) -> None:
        if self._shrinking.why:
            raise SourceRecreated(self.topic, self.number, self._shrinking.why)
        record = self.inbox.pop()
        if record is not None:
            if record.offset > self.next:
                await self._fill(record.offset)
            if record.offset == self.next and not self.closing:
                await self._take(record)
        elif self.next < self.inbox.let_go:
            await self._refetch(self.inbox.let_go, "hole")
        elif self._is_quiet() and self.next < (self.status.stable_end or 0):
            await self._tail()
        else:
            await self._wait()
        if self._pending.is_due:
            await self._commit()

    async def _wait(self) -> None:
        """Wait for a record, for the next commit, or for a while."""
        self.inbox.bell.clear()
        self.inbox.room.set()
        if not self._pending:
            if not await self._heard(self.limits.quiet_seconds) and not self.closing:
                await self.form.maintain()
        elif not await self._heard(min(self.limits.idle_seconds, self._pending.left_seconds)):
            await self.form.idle()
            await self._heard(self._pending.left_seconds)

    async def _heard(self, seconds: float) -> bool:
        """Tell whether the bell rang within ``seconds``."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self.inbox.bell.wait()
        except TimeoutError:
            return False
        return True

    def _is_quiet(self) -> bool:
        """Tell whether nothing came for long though Faust could deliver, or for very long in any case."""
        if self.inbox:
            return False
        silence = time.monotonic() - self._heard_at
        could = min(silence, self.inbox.budget.free_seconds)
        return could >= self.limits.quiet_seconds or silence >= self.limits.held_seconds

    async def _take(self, record: Record, *, is_fatal: bool = False) -> None:
        self.observer.received(1)
        unit = self.form.decide(record, is_fatal=is_fatal)
        if not self._pending.has_room(unit):
            await self._commit()
        self._pending.begin()
        await self.form.add(unit)
        self._pending.add(unit)
        self.next = record.offset + 1
        self.status.last_progress = time.time()
        if self._pending.is_full:
            await self._commit()
        await self._turn()

    async def _commit(self) -> None:
        if not self._pending:
            return
        began = time.monotonic()
        await self.form.commit(self.next)
        thens = self._pending.take()
        self.status.position = self.next
        self.status.last_commit = time.time()
        self.observer.committed(len(thens), time.monotonic() - began)
        for then in thens:
            then()
        if not self.closing:
            await self.form.maintain()

    async def _turn(self) -> None:
        now = time.monotonic()
        if now - self._turn_at >= TURN_SECONDS:
            await asyncio.sleep(0)
            self._turn_at = time.monotonic()

    # -- what Faust left out

    async def _fill(self, upto: int) -> None:
        """Read what lies before ``upto``; look ahead over the inbox, so that one look serves many markers."""
        if all(offset in self._absent for offset in range(self.next, upto)):
            self._absent.difference_update(range(self.next, upto))
            self.next = upto
            return
        await self._refetch(upto, "hole", look_to=max(upto, self.inbox.last_offset + 1))

    async def _tail(self) -> None:
        """Read the end of the log, unless Faust begins to deliver again."""
        end = self.status.stable_end or 0
        await self._refetch(end, "tail")
        self._heard_at = time.monotonic()

    async def _refetch(self, upto: int, cause: Cause, *, look_to: int = 0) -> None:
        """Process what the log has before ``upto``, then go on there.

        Args:
            upto: The first offset that is not to be processed here.
            cause: Why these records were not delivered.
            look_to: Offsets from ``upto`` to before this are only looked at: those the log lacks are
                remembered, they are transaction markers.
        """
        started, lost = self.next, await self._skip_expired(upto)
        seen, found = set(), 0
        async for record in self.reader.read(self.topic, self.number, self.next, max(upto, look_to)):
            seen.add(record.offset)
            if record.offset >= upto:
                continue
            if self.closing or (cause == "tail" and self.inbox):
                break
            await self._take(record)
            found += 1
            if self._pending.is_due:
                await self._commit()
        else:
            self._absent = set(range(upto, look_to)) - seen
            self.next = max(self.next, upto)
            if not self._pending:
                self.status.position = self.next
        self._count(cause, found, started, lost)

    async def _skip_expired(self, upto: int) -> int:
        """Move to where the log begins if that is further on; return how many offsets are gone."""
        beginning = min(await self.reader.beginning(self.topic, self.number), upto)
        lost = max(0, beginning - self.next)
        self.next += lost
        return lost

    def _count(self, cause: Cause, found: int, started: int, lost: int) -> None:
        where = {"topic": self.topic, "partition": self.number, "offset": started}
        if found:
            self._refetched[cause] += found
            self.observer.refetched(cause, found)
            log.info("records refetched", extra={**where, "cause": cause, "records": found})
        if lost:
            self._refetched["log"] += lost
            self.observer.refetched("log", lost)
            log.error("records expired before they were read", extra={**where, "records": lost})

    async def _try_out(self, count: int) -> None:
        """Do the first records after a claim with care: those that kill a child are not handled.

        One by one, and a revoke waits for none of them: all workers of the group would wait with it.
        """
        self.is_on_trial = True
        end = min(self.next + count, await self.reader.end(self.topic, self.number))
        await self._skip_expired(end)
        for record in [record async for record in self.reader.read(self.topic, self.number, self.next, end)]:
            is_fatal = await self._is_fatal(record)
            if self.closing:
                return
            await self._take(record, is_fatal=is_fatal)
            if self._pending.is_due:
                await self._commit()
        await self._commit()
        self.next = self.status.position = max(self.next, end)
        self.is_on_trial = False

    async def _is_fatal(self, record: Record) -> bool:
        """Tell whether the record must not be handled; without a meaning once the partition is closing."""
        trial = asyncio.ensure_future(self.form.trial([record]))
        ending = asyncio.ensure_future(self._ending.wait())
        await asyncio.wait((trial, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not trial.done():
            trial.cancel()
            return False
        return record.offset in trial.result()
