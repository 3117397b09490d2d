"""Asks and changes a cluster's topics, through aiokafka's admin client."""

import random
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    NodeNotReadyError,
    RequestTimedOutError,
    TopicAlreadyExistsError,
    for_code,
)

from worker.ops.kafka import security
from worker.ops.settings import Settings
from worker.ops.topics import Cluster, Found, Plan, Wanted

REQUEST_SECONDS = 15.0
"""How long an administrative request may take."""

_TOPIC_LEVEL = 1
"""Kafka's source of a setting that was given to the topic itself (ConfigSource.DYNAMIC_TOPIC_CONFIG)."""

_OLD_ENTRY = 5
"""Fields of an entry in the request's oldest version, whose fourth says only whether it is the default."""

_UNKNOWN_TOPIC = 3


class Admin(AIOKafkaAdminClient):  # type: ignore[misc] # aiokafka has no types
    """Asks the next broker where one is down. aiokafka picks one by chance, from all that the cluster still names."""

    async def _send_request(self, request: Any, node_id: int | None = None) -> Any:  # noqa: ANN401 - as it is there
        if node_id is not None:
            return await super()._send_request(request, node_id)
        away: KafkaError = NodeNotReadyError("no broker is known")
        known = [broker.nodeId for broker in self._client.cluster.brokers()]
        for node in random.sample(known, len(known)):
            try:
                return await super()._send_request(request, node)
            except (KafkaConnectionError, NodeNotReadyError, RequestTimedOutError) as error:
                away = error
        raise away


@asynccontextmanager
async def admin(settings: Settings) -> AsyncIterator[Admin]:
    """Open an admin client and close it again.

    Raises:
        KafkaError: No broker can be reached or lets us in.
    """
    client = Admin(
        bootstrap_servers=settings.kafka_bootstrap,
        request_timeout_ms=int(REQUEST_SECONDS * 1000),
        **security(settings),
    )
    try:
        await client.start()
        yield client
    finally:
        await client.close()


async def described(client: AIOKafkaAdminClient, names: Iterable[str]) -> Cluster:
    """Return what the cluster has of these topics.

    Raises:
        KafkaError: The broker refuses to tell, by its reason.
    """
    asked = set(names)
    brokers = (await client.describe_cluster())["brokers"]
    # To ask some brokers about a topic is to create it, so all are listed. Settings may be asked for by name,
    # and the answer tells a topic that is not there from one that we may not see.
    there = {topic["topic"]: topic["partitions"] for topic in await client.describe_topics() if topic["topic"] in asked}
    configs = await _configs(client, asked)
    found = {
        name: Found(
            len(partitions),
            min((len(p["replicas"]) for p in partitions), default=0),
            {key: value for key, (value, _) in configs.get(name, {}).items()},
        )
        for name, partitions in there.items()
    }
    return Cluster(len(brokers), found)


async def apply(client: AIOKafkaAdminClient, plan: Plan) -> None:
    """Create and alter topics as planned. A topic that somebody else created in between is well.

    Raises:
        KafkaError: The broker refuses, by its reason.
    """
    if plan.create:
        topics = [NewTopic(w.name, w.partitions, plan.replicas, topic_configs=dict(w.config)) for w in plan.create]
        for name, code, *_ in (await client.create_topics(topics)).topic_errors:
            if code != TopicAlreadyExistsError.errno:
                _check(code, name)
    for want, change in plan.alter:
        await _alter(client, want, change)


async def _alter(client: AIOKafkaAdminClient, want: Wanted, change: Mapping[str, str]) -> None:
    """Change some settings of a topic. The request replaces all, so those that others gave are given again."""
    configs = (await _configs(client, [want.name]))[want.name]
    kept = {name: value for name, (value, is_topic_level) in configs.items() if is_topic_level}
    resource = ConfigResource(ConfigResourceType.TOPIC, want.name, {**kept, **change})
    for response in await client.alter_configs([resource]):
        for code, *_ in response.resources:
            _check(code, want.name)


async def _configs(client: AIOKafkaAdminClient, names: Iterable[str]) -> Mapping[str, Mapping[str, tuple[str, bool]]]:
    """Return each topic's settings: value, and whether it was given to the topic itself.

    One that is not there is left out; one that we may not see is an error.
    """
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    if not resources:
        return {}
    found: dict[str, Mapping[str, tuple[str, bool]]] = {}
    for response in await client.describe_configs(resources):
        for code, _, _, name, entries in response.resources:
            if code == _UNKNOWN_TOPIC:
                continue
            _check(code, name)
            found[name] = {entry[0]: (entry[1], _is_topic_level(entry)) for entry in entries}
    return found


def _is_topic_level(entry: Any) -> bool:  # noqa: ANN401 - a tuple that aiokafka reads off the wire
    if len(entry) <= _OLD_ENTRY:
        return not entry[3]
    return bool(entry[3] == _TOPIC_LEVEL)


def _check(code: int, name: str) -> None:
    if code:
        error: type[KafkaError] = for_code(code)
        raise error(name)
