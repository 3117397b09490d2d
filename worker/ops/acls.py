"""Who may do what: least privilege, made from the registry. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from schemas.topics import ALL, REJECTED, Topic, topic_name
from worker.ops.names import Stage
from worker.ops.settings import Settings


class Resource(StrEnum):
    """What an entry is about."""

    TOPIC = "topic"
    GROUP = "group"
    TRANSACTIONAL_ID = "transactional-id"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, order=True)
class Acl:
    """One thing that one principal may do."""

    principal: str
    """Role; an installation maps users to it."""

    operation: str
    """Kafka's operation: Read, Write, Describe, ..."""

    resource: Resource
    name: str
    is_prefix: bool = False
    """Whether it holds for all names that begin so."""

    def command(self, bootstrap: str) -> str:
        """Return the `kafka-acls` command that adds it."""
        target = "--cluster" if self.resource is Resource.CLUSTER else f"--{self.resource} '{self.name}'"
        pattern = " --resource-pattern-type prefixed" if self.is_prefix else ""
        return (
            f"kafka-acls --bootstrap-server {bootstrap} --add --allow-principal 'User:{self.principal}' "
            f"--operation {self.operation} {target}{pattern}"
        )


def acls(settings: Settings) -> tuple[Acl, ...]:
    """Return all entries, by principal and resource, each once."""
    return tuple(dict.fromkeys((*_topics(settings), *_groups(settings), *_rest(settings))))


def _topics(settings: Settings) -> Iterator[Acl]:
    for topic in (topic for topic in ALL if settings.decisions or not topic.optional):
        name = _name(topic, settings)
        for principal in topic.readers:
            yield Acl(principal, "Read", Resource.TOPIC, name)
            yield Acl(principal, "Describe", Resource.TOPIC, name)
        for principal in topic.writers:
            yield Acl(principal, "Write", Resource.TOPIC, name)
            yield Acl(principal, "Describe", Resource.TOPIC, name)
        for principal in {*topic.readers, *topic.writers} & set(Stage):
            yield Acl(principal, "DescribeConfigs", Resource.TOPIC, name)
        for operation in ("Create", "Describe", "DescribeConfigs", "AlterConfigs"):
            yield Acl("topics-job", operation, Resource.TOPIC, name)


def _groups(settings: Settings) -> Iterator[Acl]:
    for stage in Stage:
        yield Acl(stage, "Read", Resource.GROUP, f"{settings.app_id}-{stage}")
        yield Acl(stage, "Describe", Resource.GROUP, f"{settings.app_id}-{stage}")
    yield Acl("teams", "Read", Resource.GROUP, "<team>-", is_prefix=True)


def _rest(settings: Settings) -> Iterator[Acl]:
    for operation in ("Write", "Describe"):
        yield Acl(Stage.DEDUPE, operation, Resource.TRANSACTIONAL_ID, f"{settings.app_id}-dedupe-", is_prefix=True)
    for stage in Stage:
        yield Acl(stage, "IdempotentWrite", Resource.CLUSTER, "kafka-cluster")
    yield Acl("replay", "DescribeConfigs", Resource.TOPIC, _name(REJECTED, settings))


def _name(topic: Topic, settings: Settings) -> str:
    return topic_name(topic, prefix=settings.topic_prefix, app_id=settings.app_id)
