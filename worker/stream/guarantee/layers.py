"""The two forms of the layer, as the stages use them: one an app, made before the app starts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from worker.stream.guarantee.abilities import abilities, resolved
from worker.stream.guarantee.client import Client
from worker.stream.guarantee.faust_app import App
from worker.stream.guarantee.layer import Layer, Leave, leave
from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.observer import Observer, Silent
from worker.stream.guarantee.records import Guarantee, Record, State, Unit
from worker.stream.guarantee.source_id import source_id
from worker.stream.guarantee.stateful import Places, StatefulForm
from worker.stream.guarantee.stateless import StatelessForm, Trial
from worker.stream.guarantee.writer import Confirming, Transactional, Writer

S = TypeVar("S", bound=State)

EAGER = Limits(commit_seconds=0.5, commit_records=100)
"""Limits of `Stateless`: its outputs are visible at once, a commit only confirms and stores the position."""


class Stateful(Layer, Generic[S]):
    """Outputs, state and position as one atom; see `docs/guarantee.md`.

    Args:
        app: The Faust app whose agent hands its stream to `run`.
        source: The source topic; its partitions are those of the state topic.
        state_topic: Where state records go: cleaned by time, never compacted, broker's timestamps.
        handler: Decides on a record against the state and changes nothing. Total.
        new_state: Makes the empty state of a partition.
        client: The broker.
        name: Prefix of the transactional ids, ``<name>-<partition>``; also ``<name>-probe``.
        guarantee: What is wanted; `status` says what it came to.
        limits: When commits and snapshots are due.
        observer: Told what happens.
        leave: Ends the process; for tests.
    """

    def __init__(
        self,
        app: App,
        *,
        source: str,
        state_topic: str,
        handler: Callable[[Record, S], Unit],
        new_state: Callable[[], S],
        client: Client,
        name: str,
        guarantee: Guarantee = Guarantee.AUTO,
        limits: Limits | None = None,
        observer: Observer | None = None,
        leave: Leave = leave,
    ) -> None:
        super().__init__(
            app,
            source=source,
            client=client,
            limits=limits or Limits(),
            observer=observer or Silent(),
            guarantee=guarantee,
            leave=leave,
        )
        self.state_topic, self.name, self.guarantee = state_topic, name, guarantee
        self._handler, self._new_state = handler, new_state
        self._forms: dict[int, StatefulForm[S]] = {}
        self._source_id = b""
        self._preparing = asyncio.Lock()

    def begin(self) -> None:
        """Do nothing: a claim of this form needs nothing that takes long to come."""

    def states(self) -> dict[int, S]:
        """Return the live states by partition. Read only."""
        return {number: form.state for number, form in self._forms.items()}

    async def _prepare(self) -> None:
        async with self._preparing:
            if self.guarantee is Guarantee.AUTO or not self._source_id:
                self.guarantee = await resolved(self.guarantee, self.client, f"{self.name}-probe")
                self._status.guarantee = self.guarantee
                self.reader.lists_exactly = self.guarantee is Guarantee.EXACTLY_ONCE
                self._source_id = await source_id(self.client, self.source)

    async def _claimable(self, number: int) -> StatefulForm[S]:
        form = self._forms.get(number)
        hint = await self.app.positions.stored_position(self.source, number)
        places = Places(self.source, self.state_topic, number, self._source_id, hint)
        if form is None:
            form = self._forms[number] = StatefulForm(
                places,
                handler=self._handler,
                new_state=self._new_state,
                limits=self.limits,
                reader=self.reader,
                new_writer=lambda: self._writer(number),
                notice=self._notice,
            )
        form.places = places
        return form

    def _forget(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._forms.pop(number, None)

    def _writer(self, number: int) -> Writer:
        if self.guarantee is Guarantee.EXACTLY_ONCE:
            return Transactional(self.client, f"{self.name}-{number}", self.observer)
        return Confirming(self.client.producer(), self.observer)


class Stateless(Layer):
    """Deliveries confirmed in batches, then the position; see `docs/guarantee.md`.

    Args:
        app: The Faust app whose agent hands its stream to `run`.
        source: The source topic.
        handler: Decides on a record. Total, but for what ends the interpreter.
        client: The broker.
        name: Prefix of ids that are used to ask the broker what it can do.
        trial: Tries the first records of each claimed partition out where a crash does no harm.
        quarantine: Gives the effects of a record that crashed; required with ``trial``.
        limits: When deliveries are confirmed.
        observer: Told what happens.
        leave: Ends the process; for tests.
    """

    def __init__(
        self,
        app: App,
        *,
        source: str,
        handler: Callable[[Record], Unit],
        client: Client,
        name: str,
        trial: Trial | None = None,
        quarantine: Callable[[Record], Unit] | None = None,
        limits: Limits = EAGER,
        observer: Observer | None = None,
        leave: Leave = leave,
    ) -> None:
        super().__init__(
            app,
            source=source,
            client=client,
            limits=limits,
            observer=observer or Silent(),
            guarantee=Guarantee.AT_LEAST_ONCE,
            leave=leave,
        )
        self.name = name
        self._handler, self._trial, self._quarantine = handler, trial, quarantine or handler
        self._is_idempotent: bool | None = None
        self._tried: set[int] = set()
        self._beginning: asyncio.Future[frozenset[int]] | None = None
        self._preparing = asyncio.Lock()

    async def _prepare(self) -> None:
        async with self._preparing:
            if self._is_idempotent is None:
                self._is_idempotent = (await abilities(self.client, None)).has_idempotence
                self.reader.lists_exactly = self._is_idempotent

    async def _claimable(self, number: int) -> StatelessForm:
        is_new = number not in self._tried
        self._tried.add(number)
        return StatelessForm(
            self.source,
            number,
            handler=self._handler,
            quarantine=self._quarantine,
            trial=self._trial if is_new else None,
            stored=lambda partition: self.app.positions.stored_position(self.source, partition),
            limits=self.limits,
            reader=self.reader,
            writer=Confirming(self.client.producer(enable_idempotence=bool(self._is_idempotent)), self.observer),
        )

    def begin(self) -> None:
        """Let the child of the trial start while the group forms: a claim need not wait for its imports."""
        if self._trial is not None:
            self._beginning = asyncio.ensure_future(self._trial(()))

    def _forget(self, numbers: Iterable[int]) -> None:
        cut_short = {number for number, partition in self._partitions.items() if partition.is_on_trial}
        self._tried -= cut_short.union(numbers)
