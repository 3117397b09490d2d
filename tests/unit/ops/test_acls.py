from schemas.topics import ALL, REJECTED, topic_name
from worker.ops.acls import Resource, acls
from worker.ops.settings import Settings

SETTINGS = Settings(kafka_bootstrap="kafka:9092", app_id="nw", topic_prefix="eu.", decisions=True)


def allowed(principal, operation):
    return {acl.name for acl in acls(SETTINGS) if (acl.principal, acl.operation) == (principal, operation)}


def test_a_stage_writes_only_its_outputs():
    """Each stage may write what the registry says it writes, and no input of its own."""
    assert allowed("split", "Write") == {"eu.pages.split.v1", "eu.pages.rejected.v1"}
    assert "eu.pages.split.v1" not in allowed("dedupe", "Write")


def test_only_dedupe_has_transactions():
    """Transactional ids belong to one principal, by the prefix of the installation."""
    ids = [acl for acl in acls(SETTINGS) if acl.resource is Resource.TRANSACTIONAL_ID]

    assert {("dedupe", "nw-dedupe-", True)} == {(acl.principal, acl.name, acl.is_prefix) for acl in ids}


def test_only_the_topics_job_creates():
    """Creating and altering belongs to the job, on the registry's topics alone."""
    names = {topic_name(topic, prefix="eu.", app_id="nw") for topic in ALL}

    assert {"topics-job"} == {acl.principal for acl in acls(SETTINGS) if acl.operation in ("Create", "AlterConfigs")}
    assert allowed("topics-job", "Create") == names


def test_readers_of_events_read_events_only():
    """A consuming team reads the two output topics and nothing of the inside."""
    assert {name for name in allowed("teams", "Read") if not name.startswith("<")} == {
        "eu.articles.v1",
        "eu.teasers.v1",
    }


def test_replay_reads_what_was_rejected():
    """Replay reads one topic and writes the two that pages come from."""
    assert f"eu.{REJECTED.name}" in allowed("replay", "Read")
    assert allowed("replay", "Write") == {"eu.pages.raw.v1", "eu.pages.split.v1"}


def test_every_entry_stands_once_and_makes_a_command():
    """The list has no repeats, and each entry is a command that can be run as it stands."""
    entries = acls(SETTINGS)

    assert len(set(entries)) == len(entries)
    assert all(
        entry.command("kafka:9092").startswith("kafka-acls --bootstrap-server kafka:9092 --add") for entry in entries
    )
