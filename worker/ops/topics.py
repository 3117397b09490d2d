"""What the topics of an installation should be, and what is missing: pure judgement, made from the registry.

`newsworker topics` shows and applies it; a starting worker verifies it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.topics import ALL, DAY_MS, SPLIT, STATE, Topic, max_message_bytes, topic_name
from worker.ops.settings import Settings

HOUR_MS = 3_600_000
MARGIN_MS = 2 * DAY_MS
"""Outputs outlive every entry by so much, so that a reader who is behind can still rebuild."""

MOST_REPLICAS = 3
"""Copies of each partition, where there are as many brokers."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One topic as it should be."""

    topic: Topic
    name: str
    """Name on the cluster."""

    partitions: int
    config: Mapping[str, str]
    """Settings of the topic, by Kafka's names."""


@dataclass(frozen=True, slots=True)
class Found:
    """One topic as it is."""

    partitions: int
    replicas: int
    config: Mapping[str, str] = field(default_factory=dict)
    """Effective settings; empty where the broker doesn't tell."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster has."""

    brokers: int
    topics: Mapping[str, Found]


@dataclass(frozen=True, slots=True)
class Plan:
    """What `topics apply` does: nothing where all is well."""

    create: tuple[Wanted, ...]
    alter: tuple[tuple[Wanted, Mapping[str, str]], ...]
    """Topics with the settings to change."""

    replicas: int
    """Copies of each partition of a new topic."""


def wanted(settings: Settings, partitions: int | None = None) -> tuple[Wanted, ...]:
    """Return the topics of this installation in the order in which data flows.

    Args:
        settings: Names, sizes and lifetimes come from them.
        partitions: Partitions of every topic; None takes the registry's.
    """
    used = (topic for topic in ALL if settings.decisions or not topic.optional)
    return tuple(_wanted(topic, settings, partitions or topic.partitions) for topic in used)


def _wanted(topic: Topic, settings: Settings, partitions: int) -> Wanted:
    name = topic_name(topic, prefix=settings.topic_prefix, app_id=settings.app_id)
    config = {
        "cleanup.policy": "delete",
        "retention.ms": str(_retention_ms(topic, settings)),
        "message.timestamp.type": "LogAppendTime" if topic.append_time else "CreateTime",
        "max.message.bytes": str(max_message_bytes(topic, settings.max_page_bytes)),
    }
    return Wanted(topic, name, partitions, config)


def _retention_ms(topic: Topic, settings: Settings) -> int:
    """Return the registry's retention, longer where entries live longer than it foresees."""
    ttl_ms, cap_ms = int(settings.dedupe_ttl_hours * HOUR_MS), int(settings.dedupe_cap_hours * HOUR_MS)
    if topic in (SPLIT, STATE):
        return max(topic.retention_ms, ttl_ms + DAY_MS)
    if "teams" in topic.readers:
        return max(topic.retention_ms, cap_ms + MARGIN_MS)
    return topic.retention_ms


def plan(wants: Sequence[Wanted], cluster: Cluster) -> Plan:
    """Return what to create and to alter. Idempotent: after it was done nothing is left.

    Partitions of topics that exist stay: a site's place is fixed by them. A new state topic takes as many
    as the split pages have, and the reverse.
    """
    counts = {want.topic: cluster.topics[want.name].partitions for want in wants if want.name in cluster.topics}
    create = tuple(_paired(want, counts) for want in wants if want.name not in cluster.topics)
    alter = tuple((want, change) for want in wants if (change := _change(want, cluster)))
    return Plan(create, alter, min(MOST_REPLICAS, max(1, cluster.brokers)))


def _paired(want: Wanted, counts: Mapping[Topic, int]) -> Wanted:
    other = {SPLIT: STATE, STATE: SPLIT}.get(want.topic)
    return want if other is None or other not in counts else replace(want, partitions=counts[other])


def _change(want: Wanted, cluster: Cluster) -> Mapping[str, str]:
    found = cluster.topics.get(want.name)
    if found is None or not found.config:
        return {}
    return {name: value for name, value in want.config.items() if not _is_enough(name, value, found.config.get(name))}


def _is_enough(name: str, value: str, has: str | None) -> bool:
    """Tell whether a setting serves: sizes and times may be larger."""
    if has is None:
        return True
    if name == "retention.ms":
        return int(has) < 0 or int(has) >= int(value)
    if name == "max.message.bytes":
        return int(has) >= int(value)
    return has == value


def faults(wants: Sequence[Wanted], cluster: Cluster) -> Iterator[str]:
    """Name what is missing or too small, a sentence each; nothing where all is well."""
    for want in wants:
        found = cluster.topics.get(want.name)
        if found is None:
            yield f"{want.name} is missing: `newsworker topics apply` creates it."
            continue
        for name, value in _change(want, cluster).items():
            yield f"{want.name}: {name} is {found.config[name]}, it should be {value}."
    yield from _pair_faults(wants, cluster)


def _pair_faults(wants: Sequence[Wanted], cluster: Cluster) -> Iterator[str]:
    pair = [(want, cluster.topics.get(want.name)) for want in wants if want.topic in (SPLIT, STATE)]
    counts = {want.name: found.partitions for want, found in pair if found is not None}
    if len(set(counts.values())) > 1:
        have = " and ".join(f"{name} has {n}" for name, n in counts.items())
        yield f"{have} partitions: they must be equal, or sites part from their state. Take a new app id."


def notes(wants: Sequence[Wanted], cluster: Cluster) -> Iterator[str]:
    """Say what works and deserves a look: too few copies, settings that the broker doesn't tell."""
    if cluster.brokers < MOST_REPLICAS:
        yield f"The cluster has {cluster.brokers} broker(s), so a partition has as many copies; production has 3."
    for want in wants:
        found = cluster.topics.get(want.name)
        if found is None:
            continue
        if found.replicas < min(MOST_REPLICAS, cluster.brokers):
            yield f"{want.name} has {found.replicas} copies on {cluster.brokers} brokers."
        if not found.config:
            yield f"{want.name}: the broker doesn't tell its settings, so they were not checked."
