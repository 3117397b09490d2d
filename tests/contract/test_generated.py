"""Generated files are in step with the contracts they come from."""

from pathlib import Path

import pytest

from schemas.publish import generated, json_schema
from schemas.topics import ALL, ARTICLES, REJECTED

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", generated())
def test_a_generated_file_is_in_step(path: str):
    """What is committed is what `make contracts` writes today."""
    assert (ROOT / path).read_text(encoding="utf-8") == generated()[path], f"{path} is stale: run `make contracts`"


def test_every_field_of_a_published_schema_is_documented():
    """No field goes without a sentence that says what it means."""
    schema = json_schema(ARTICLES)
    objects = [schema, *(definition for definition in schema["$defs"].values() if "properties" in definition)]

    undocumented = [name for o in objects for name, field in o["properties"].items() if not field.get("description")]

    assert undocumented == []


def test_a_published_schema_is_open():
    """An old reader takes new data: no object is closed, no enumeration is final."""
    text = str(json_schema(ARTICLES))

    assert "additionalProperties': False" not in text
    assert "'enum'" not in text


def test_opaque_bytes_have_no_schema():
    """A topic that carries the input's own bytes says so instead of giving a schema."""
    with pytest.raises(ValueError, match="opaque bytes"):
        json_schema(REJECTED)


def test_parts_of_one_name_are_one():
    """The AsyncAPI document has one place a name: no two records mean different things by it."""
    parts = [item for topic in ALL if topic.record for item in json_schema(topic).get("$defs", {}).items()]

    assert [] == [name for name, part in parts if part != dict(parts)[name]]
