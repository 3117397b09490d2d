"""`newsworker topics` on real brokers."""

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from tests.integration.cli import CommandLine


@pytest.fixture
def newsworker(broker, monkeypatch, capsys):
    """The command line in an installation of its own."""
    return CommandLine(broker.bootstrap, monkeypatch, capsys)


def test_topics_are_applied_once_and_checked(newsworker):
    """A fresh cluster gets what is missing, says so, and a second time there is nothing to do."""
    before = newsworker("topics", "check")
    first = newsworker("topics", "apply", "--partitions", "2")
    second = newsworker("topics", "apply", "--partitions", "7")
    after = newsworker("topics", "check")

    assert before.code == 1
    assert f"{newsworker.installation}.pages.raw.v1 is missing" in before.err
    assert (first.code, first.out.count("create ")) == (0, 6)
    assert "a partition of a new topic has 1 copies" in first.out
    assert (second.code, "nothing to do" in second.out) == (0, True)
    assert after.code == 0


def test_a_dry_run_changes_nothing(newsworker):
    """What would be created is said and not done."""
    dry = newsworker("topics", "apply", "--dry-run")
    after = newsworker("topics", "check")

    assert (dry.code, dry.out.count("create ")) == (0, 6)
    assert (after.code, after.err.count("is missing")) == (1, 6)


@pytest.mark.parametrize("broker", ["kafka"], indirect=True)
def test_what_others_set_is_kept(newsworker, broker):
    """Raising a topic's limit keeps the settings that somebody else gave it."""
    newsworker("topics", "apply", "--partitions", "1")
    topic = f"{newsworker.installation}.pages.rejected.v1"
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in {"max.message.bytes": "1000", "segment.bytes": "20000000"}.items()
    ]
    told = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
    next(iter(admin.incremental_alter_configs([told]).values())).result(30)

    faulty = newsworker("topics", "check")
    newsworker("topics", "apply")
    after = newsworker("topics", "check")

    config = next(iter(admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]).values())).result(30)
    assert faulty.code == 1
    assert f"{topic}: max.message.bytes is 1000, it should be 6797738." in faulty.err
    assert after.code == 0
    assert config["segment.bytes"].value == "20000000"
