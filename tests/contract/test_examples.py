"""The examples show readers what comes; they are held to the models and to the published schemas."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas import ContractError, decode, encode
from schemas.publish import json_schema
from schemas.topics import ALL, Topic

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
WITH_RECORD = [topic for topic in ALL if topic.record is not None]
CASES = [
    pytest.param(topic, file, id=f"{topic.name}-{file.stem}")
    for topic in WITH_RECORD
    for file in sorted((EXAMPLES / topic.name).glob("*.json"))
]


@pytest.mark.parametrize(("topic", "file"), CASES)
def test_an_example_is_a_record_of_its_topic(topic: Topic, file: Path):
    """Every example decodes, and comes back the same when it is encoded and decoded again."""
    record = decode(topic.record, file.read_bytes())

    assert decode(topic.record, encode(record)) == record


@pytest.mark.parametrize(("topic", "file"), CASES)
def test_an_example_keeps_to_the_published_schema(topic: Topic, file: Path):
    """Every example is valid by the published JSON Schema, as a validator of another make reads it."""
    validator = Draft202012Validator(json_schema(topic))

    assert [e.message for e in validator.iter_errors(json.loads(file.read_bytes()))] == []


@pytest.mark.parametrize(("topic", "file"), CASES)
def test_an_example_shows_every_field_of_its_record(topic: Topic, file: Path):
    """An output example has all fields that the record has and no other; an input may leave some out."""
    shown = set(json.loads(file.read_bytes()))

    assert shown <= set(topic.record.model_fields)
    assert topic.name == "pages.raw.v1" or shown | {"ranks"} >= set(topic.record.model_fields)


def test_every_topic_with_a_record_has_an_example():
    """No record goes without an example, and no folder of examples without a topic."""
    assert {folder.name for folder in EXAMPLES.iterdir()} == {topic.name for topic in WITH_RECORD}


def test_an_example_with_a_wrong_type_is_refused():
    """The check can fail: a revision that is no number is neither a record nor valid."""
    example = json.loads((EXAMPLES / "articles.v1" / "new.json").read_bytes()) | {"revision": "first"}
    topic = next(topic for topic in WITH_RECORD if topic.name == "articles.v1")

    with pytest.raises(ContractError, match=r"Article\.revision"):
        decode(topic.record, json.dumps(example).encode())
    assert not Draft202012Validator(json_schema(topic)).is_valid(example)
