"""Faust as the layer wants it: one place that makes an app, with settings that were measured.

A stage is an app; its id is its consumer group. The app delivers, the layer keeps positions, so the
source topic is declared with ``acks=False`` and Faust keeps no books of its own.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Coroutine, Generator, Mapping
from functools import partial
from importlib.metadata import version
from types import coroutine
from typing import Any, cast

import aiokafka
import faust
from aiokafka import TopicPartition
from faust.auth import Credentials, OAuthCredentials, SASLCredentials, SSLCredentials
from faust.transport.drivers import aiokafka as driver
from mode.services import WaitResults

from worker.stream.guarantee.client import Client
from worker.stream.guarantee.errors import UnknownVersion

PROVEN = {"faust-streaming": ("0.15.3",), "aiokafka": ("0.14.0",), "mode-streaming": ("0.7.1",)}
"""Versions that the layer went through its kills with. Another one has to go through them first."""

SESSION_SECONDS = 10.0
"""A dead worker's partitions stand still for so long (Faust's default: 60 s)."""

REBALANCE_SECONDS = 15.0
"""Also how long a join waits for a dead member; a revoke has to be done within it."""

HEARTBEAT_SECONDS = 3.0
"""At most so long between heartbeats, whatever the session: a member hears of a join by the answer to one. At a third
of a session of 120 s it heard after the rebalance was over without it, and its successors had fenced it."""

POLL_RECORDS = 500
"""Records handed over at once. Without a bound Faust moves a whole fetch, up to thousands."""

BUFFER_RECORDS = 128
"""Records that Faust holds for the agent: of 300 kB pages about 40 MB (default 4096: 1.2 GB)."""

FETCH_BYTES = 1 << 20
"""Bytes that one fetch brings of a partition."""

_LOUD = ("faust", "mode", "aiokafka")
"""Loggers that build debug records on the hot path whatever the handlers' level: up to 24 % of samples."""


def check_versions() -> None:
    """Make sure that the layer was proven with what is installed.

    Raises:
        UnknownVersion: It was not; the message names library and versions.
    """
    for library, proven in PROVEN.items():
        installed = version(library)
        if installed not in proven:
            raise UnknownVersion(
                f"{library} {installed} is installed, the guarantee layer was proven with {', '.join(proven)}: "
                "install that, or run `make chaos` with the new one and add it to the proven versions"
            )


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    """Reads with read_committed: Faust's own does so only under its own exactly_once."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # The isolation level is copied once, at `start`, from this attribute into the fetcher.
        consumer._isolation_level = "read_committed"  # noqa: SLF001 - the version is checked at start
        return consumer


class Consumer(driver.Consumer):
    """Faust's consumer, with positions stored and asked for by the layer."""

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def wait_first(self, *coros: Any, timeout: Any = None) -> WaitResults:  # noqa: ASYNC109 - Faust's signature
        """Wait as Faust does, but let a coroutine that has nothing to wait for make no tasks.

        Faust hands each record over by racing its callback against three events: four tasks a record, though the
        callback waits only where the agent's buffer is full.
        """
        first, *others = coros
        if timeout is not None or not isinstance(first, Coroutine):
            return await super().wait_first(*coros, timeout=timeout)
        try:
            awaited = first.send(None)
        except StopIteration as end:
            for other in others:
                other.close()
            return WaitResults([first], [end.value], stopped=False)
        return await super().wait_first(_going_on(first, awaited), *others)

    async def store_positions(self, topic: str, positions: Mapping[int, int]) -> bool:
        """Store the next offset of each partition as the group's; False where a rebalance is under way."""
        offsets = {TopicPartition(topic, number): position for number, position in positions.items()}
        return bool(await self._thread.commit(offsets))

    async def stored_position(self, topic: str, partition: int) -> int | None:
        """Return the group's offset of a partition; None where the group has none."""
        consumer = self._thread._ensure_consumer()  # noqa: SLF001 - the version is checked at start
        found = await self._thread.call_thread(consumer.committed, TopicPartition(topic, partition))
        return cast("int | None", found)


async def _going_on(begun: Coroutine[Any, Any, Any], awaited: Any) -> Any:
    """Go on with a coroutine that has begun and waits for ``awaited``; for one that does not ask for its task."""
    return await _steps(begun, awaited)


@coroutine
def _steps(begun: Coroutine[Any, Any, Any], awaited: Any) -> Generator[Any, Any, Any]:
    while True:
        try:
            got = yield awaited
        except BaseException as error:  # noqa: BLE001 - it is the coroutine's, cancellation too
            step = partial(begun.throw, error)
        else:
            step = partial(begun.send, got)
        try:
            awaited = step()
        except StopIteration as end:
            return end.value


class Transport(driver.Transport):
    """Faust's aiokafka transport with our consumer."""

    Consumer = Consumer


class App(faust.App):
    """A Faust app on `Transport`."""

    @property
    def positions(self) -> Consumer:
        """Return the consumer as what stores positions."""
        return cast("Consumer", self.consumer)

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> Transport:
        return Transport(self.conf.broker_producer, self)


def make_app(
    app_id: str,
    client: Client,
    *,
    session_seconds: float = SESSION_SECONDS,
    buffer_records: int = BUFFER_RECORDS,
    **settings: Any,
) -> App:
    """Return the Faust app of one stage.

    Args:
        app_id: Id of the app and name of its consumer group.
        client: Where the broker is and how to talk to it.
        session_seconds: The group's session timeout; heartbeats go out at a third of it, or oftener.
        buffer_records: Records that Faust holds for the agent.
        **settings: Further settings of Faust; they win.

    Raises:
        UnknownVersion: The layer was not proven with the installed libraries.
    """
    check_versions()
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logger.level))
    options: dict[str, Any] = {
        "broker": [f"kafka://{address.strip()}" for address in client.bootstrap.split(",")],
        "broker_session_timeout": session_seconds,
        "broker_heartbeat_interval": min(session_seconds / 3, HEARTBEAT_SECONDS),
        "broker_rebalance_timeout": REBALANCE_SECONDS,
        "broker_request_timeout": max(client.request_timeout_seconds, session_seconds + 1),
        "broker_max_poll_records": POLL_RECORDS,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": max(FETCH_BYTES, client.max_record_bytes),
        "producer_acks": -1,
        "producer_request_timeout": 60.0,
        "producer_max_request_size": client.max_record_bytes,
        "stream_buffer_maxsize": buffer_records,
        "stream_wait_empty": False,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "store": "memory://",
        "datadir": tempfile.gettempdir(),
        "web_enabled": False,
        "key_serializer": "raw",
        "value_serializer": "raw",
    }
    if client.security:
        options["broker_credentials"] = _credentials(client.security)
    return App(app_id, **(options | settings))


def source_topic(app: faust.App, name: str) -> Any:
    """Return the topic that an agent of the layer reads: bytes, and no bookkeeping by Faust."""
    return app.topic(
        name,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        acks=False,
    )


def _credentials(security: Mapping[str, Any]) -> Credentials | None:
    """Return aiokafka's security arguments in Faust's form; None for a plain connection."""
    match security.get("security_protocol", "PLAINTEXT"):
        case "SSL":
            return SSLCredentials(security["ssl_context"])
        case "SASL_SSL" | "SASL_PLAINTEXT" if security.get("sasl_mechanism") == "OAUTHBEARER":
            return OAuthCredentials(
                oauth_cb=security["sasl_oauth_token_provider"], ssl_context=security.get("ssl_context")
            )
        case "SASL_SSL" | "SASL_PLAINTEXT":
            return SASLCredentials(
                username=security.get("sasl_plain_username"),
                password=security.get("sasl_plain_password"),
                mechanism=security.get("sasl_mechanism"),
                ssl_context=security.get("ssl_context"),
            )
        case _:
            return None
