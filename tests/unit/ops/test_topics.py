from dataclasses import replace

import pytest

from schemas.topics import ARTICLES, DAY_MS, DECISIONS, SPLIT, STATE
from worker.ops.settings import Settings
from worker.ops.topics import Cluster, Found, faults, notes, plan, wanted

HOUR_MS = 3_600_000


def settings(**more):
    return Settings(kafka_bootstrap="kafka:9092", **more)


def there(wants, brokers=3):
    """A cluster that has exactly what is wanted."""
    topics = {want.name: Found(want.partitions, min(3, brokers), dict(want.config)) for want in wants}
    return Cluster(brokers, topics)


def changed(cluster, name, **config):
    found = cluster.topics[name]
    config = {key.replace("_", "."): value for key, value in config.items()}
    return replace(cluster, topics={**cluster.topics, name: replace(found, config={**found.config, **config})})


def test_an_empty_cluster_gets_everything():
    """Every topic is created, with as many copies as there are brokers."""
    wants = wanted(settings())

    todo = plan(wants, Cluster(1, {}))

    assert todo.create == wants
    assert todo.replicas == 1
    assert plan(wants, Cluster(5, {})).replicas == 3


def test_applying_twice_does_nothing():
    """A cluster that has what is wanted has no faults and nothing is left to do."""
    wants = wanted(settings())

    todo = plan(wants, there(wants))

    assert (todo.create, todo.alter) == ((), ())
    assert [] == list(faults(wants, there(wants))) + list(notes(wants, there(wants)))


@pytest.mark.parametrize("missing", [SPLIT, STATE])
def test_a_partner_that_is_made_later_has_as_many_partitions(missing):
    """Split pages and state always get the same count, whatever is asked for the new one."""
    wants = wanted(settings(), 4)
    cluster = there(wants)
    gone = next(want.name for want in wants if want.topic is missing)
    cluster = replace(cluster, topics={name: found for name, found in cluster.topics.items() if name != gone})

    todo = plan(wanted(settings(), 48), cluster)

    assert [(gone, 4)] == [(want.name, want.partitions) for want in todo.create]


def test_partners_that_differ_are_a_fault():
    """Split pages and state with other counts would part sites from their state."""
    wants = wanted(settings())
    cluster = there(wants)
    split = next(want.name for want in wants if want.topic is SPLIT)
    cluster = replace(cluster, topics={**cluster.topics, split: replace(cluster.topics[split], partitions=24)})

    assert any("must be equal" in fault for fault in faults(wants, cluster))


@pytest.mark.parametrize(
    ("config", "is_fault"),
    [
        ({"retention_ms": "3600000"}, True),
        ({"retention_ms": "-1"}, False),
        ({"retention_ms": str(400 * DAY_MS)}, False),
        ({"max_message_bytes": "1000012"}, True),
        ({"max_message_bytes": "99000000"}, False),
        ({"cleanup_policy": "compact"}, True),
        ({"message_timestamp_type": "LogAppendTime"}, True),
    ],
    ids=str,
)
def test_what_is_too_small_is_a_fault_and_what_is_larger_is_not(config, is_fault):
    """Sizes and times may be larger than asked; policies must be as asked. What is a fault is altered."""
    wants = wanted(settings())
    cluster = changed(there(wants), "pages.rejected.v1", **config)

    altered = [want.name for want, _ in plan(wants, cluster).alter]

    assert is_fault == bool(list(faults(wants, cluster)))
    assert altered == (["pages.rejected.v1"] if is_fault else [])


def test_a_missing_topic_is_named_with_the_remedy():
    """Whoever reads the fault knows the command."""
    wants = wanted(settings(topic_prefix="eu."))

    found = list(faults(wants, Cluster(3, {})))

    assert "eu.pages.raw.v1 is missing: `newsworker topics apply` creates it." in found


def test_entries_that_live_longer_lengthen_retention():
    """With a longer life of entries, split pages, state and outputs are kept longer too."""
    wants = {
        w.topic: int(w.config["retention.ms"]) for w in wanted(settings(dedupe_ttl_hours=900, dedupe_cap_hours=900))
    }

    assert wants[SPLIT] == wants[STATE] == 900 * HOUR_MS + DAY_MS
    assert wants[ARTICLES] > 900 * HOUR_MS


def test_decisions_are_wanted_only_where_they_are_on():
    """The optional topic is there when its setting is."""
    assert DECISIONS not in {want.topic for want in wanted(settings())}
    assert DECISIONS in {want.topic for want in wanted(settings(decisions=True))}


def test_few_brokers_and_silent_ones_are_noted():
    """What works but deserves a look is said: one broker, a broker that does not tell its settings."""
    wants = wanted(settings())
    silent = Cluster(1, {want.name: Found(want.partitions, 1) for want in wants})

    found = list(notes(wants, silent))

    assert [] == list(faults(wants, silent))
    assert "1 broker(s)" in found[0]
    assert sum("doesn't tell its settings" in note for note in found) == len(wants)
