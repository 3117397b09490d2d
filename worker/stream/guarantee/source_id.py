"""The id that the broker gave a topic: another one under the same name is another topic.

Kafka tells it from Metadata version 10 on (KIP-516); aiokafka speaks up to version 5, so this one
request is described here, field by field as in the protocol guide.
"""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

from worker.stream.guarantee.client import Client
from worker.stream.guarantee.statelog import NO_SOURCE

ATTEMPTS = 8

_TEXT = CompactString("utf-8")


class _Uuid(AbstractType[bytes]):  # type: ignore[misc]  # aiokafka has no types
    """Sixteen bytes as they are."""

    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return value

    @classmethod
    def decode(cls, data: BytesIO) -> bytes:
        return data.read(16)


_PARTITION = (
    ("error_code", Int16),
    ("partition_index", Int32),
    ("leader_id", Int32),
    ("leader_epoch", Int32),
    ("replica_nodes", CompactArray(Int32)),
    ("isr_nodes", CompactArray(Int32)),
    ("offline_replicas", CompactArray(Int32)),
    ("tags", TaggedFields),
)
_TOPIC = (
    ("error_code", Int16),
    ("name", _TEXT),
    ("topic_id", _Uuid),
    ("is_internal", Boolean),
    ("partitions", CompactArray(*_PARTITION)),
    ("authorized_operations", Int32),
    ("tags", TaggedFields),
)
_BROKER = (("node_id", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT), ("tags", TaggedFields))


class _MetadataResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 3
    API_VERSION = 10
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", CompactArray(*_BROKER)),
        ("cluster_id", _TEXT),
        ("controller_id", Int32),
        ("topics", CompactArray(*_TOPIC)),
        ("authorized_operations", Int32),
        ("tags", TaggedFields),
    )


class _MetadataRequestV10(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 3
    API_VERSION = 10
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Uuid), ("name", _TEXT), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class _MetadataRequest(Request[_MetadataRequestV10]):  # type: ignore[misc]  # aiokafka has no types
    """Asks for one topic."""

    API_KEY = 3

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def build(self, request_struct_class: type[_MetadataRequestV10]) -> _MetadataRequestV10:
        no_tags: dict[int, bytes] = {}
        return request_struct_class([(NO_SOURCE, self._topic, no_tags)], False, False, False, no_tags)  # noqa: FBT003


async def source_id(client: Client, topic: str) -> bytes:
    """Return the 16 bytes of the topic's id; `NO_SOURCE` where the broker tells none.

    Raises:
        aiokafka.errors.KafkaError: None of `ATTEMPTS` brokers answered.
    """
    connection = AIOKafkaClient(bootstrap_servers=client.bootstrap, **client.security)
    await connection.bootstrap()
    try:
        answer = await _answer(connection, topic)
    except (IncompatibleBrokerVersion, NotImplementedError):  # older than Kafka 2.8
        return NO_SOURCE
    finally:
        await connection.close()
    found = [entry[2] for entry in answer.topics if entry[1] == topic and entry[0] == 0]
    return bytes(found[0]) if found else NO_SOURCE


async def _answer(connection: AIOKafkaClient, topic: str) -> Any:
    """Ask one broker after the other: the one that is down is among those known."""
    for attempt in range(ATTEMPTS):
        try:
            return await connection.send(connection.get_random_node(), _MetadataRequest(topic))
        except (IncompatibleBrokerVersion, NotImplementedError):
            raise
        except KafkaError:
            if attempt == ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.3)
    raise AssertionError
