"""The registry as a whole: what the topics promise each other."""

from schemas.topics import ALL, DAY_MS, RAW, REJECTED, SPLIT, STATE, max_message_bytes, topic_name

MAX_PAGE_BYTES = 5_000_000


def test_names_are_things_with_a_major_version():
    """Every public topic is named `<things>[.<state>].v<major>`, once."""
    names = [topic.name for topic in ALL if topic is not STATE]

    assert len(set(names)) == len(names)
    assert all(name.rsplit(".", 1)[1] == "v1" for name in names)


def test_the_state_follows_the_split_pages():
    """State and split pages have the same partitions, or sites would part from their state."""
    assert STATE.partitions == SPLIT.partitions


def test_the_rejected_topic_takes_the_largest_input():
    """Whatever fits the topics that the stages read fits the rejected topic, headers included."""
    largest_input = max(max_message_bytes(topic, MAX_PAGE_BYTES) for topic in (RAW, SPLIT))

    assert max_message_bytes(REJECTED, MAX_PAGE_BYTES) >= largest_input + 64 * 1024


def test_the_largest_page_fits_as_base64():
    """A page of the size limit fits the raw topic although base64 makes it a third larger."""
    assert max_message_bytes(RAW, MAX_PAGE_BYTES) >= MAX_PAGE_BYTES * 4 // 3 + 64 * 1024


def test_outputs_outlive_every_entry():
    """Events are kept longer than an entry can live, so that a reader can always rebuild."""
    cap_days = 28

    kept = {t.name: t.retention_ms for t in ALL if "teams" in t.readers}

    assert set(kept) == {"articles.v1", "teasers.v1"}
    assert min(kept.values()) > cap_days * DAY_MS


def test_names_carry_prefix_and_app_id():
    """An installation's prefix goes before every name, the app id only into the state topic's."""
    assert topic_name(RAW, prefix="eu.", app_id="nw") == "eu.pages.raw.v1"
    assert topic_name(STATE, prefix="eu.", app_id="nw") == "eu.nw-dedupe-state"
