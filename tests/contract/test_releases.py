"""Within a major version contracts only grow: today's schemas against every released one.

Released schemas stand in ``schemas/released/<topic>/<minor>.json`` and are never edited.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsoncompat
import pytest

from schemas.publish import json_schema
from schemas.topics import ALL, ARTICLES, RAW, Topic

RELEASED = Path(__file__).parents[2] / "schemas" / "released"
PUBLIC = [topic for topic in ALL if topic.record is not None and not topic.internal]
RELEASES = [
    pytest.param(topic, file, id=f"{topic.name}-{file.stem}")
    for topic in PUBLIC
    for file in sorted((RELEASED / topic.name).glob("*.json"))
]


def compatible(old: dict[str, Any], new: dict[str, Any], *, role: str = "serializer") -> bool:
    """Tell whether a reader of ``old`` takes what a writer of ``new`` sends (serializer), or the reverse."""
    plain = [json.dumps({k: v for k, v in schema.items() if k != "$id"}) for schema in (old, new)]
    return jsoncompat.check_compat(*plain, role) and names(old) <= names(new)


def names(schema: dict[str, Any]) -> set[tuple[str, str]]:
    """Return every field name, with the object it belongs to."""
    objects = {"": schema} | schema.get("$defs", {})
    return {(name, field) for name, value in objects.items() for field in value.get("properties", {})}


@pytest.mark.parametrize(("topic", "file"), RELEASES)
def test_a_reader_of_a_release_takes_what_is_written_today(topic: Topic, file: Path):
    """No field of a release is gone, retyped or optional today; for the input, none became required."""
    role = "deserializer" if topic is RAW else "serializer"

    assert compatible(json.loads(file.read_bytes()), json_schema(topic), role=role)


def test_the_newest_release_is_the_one_that_events_name():
    """Each public topic has the release that `ce_dataschema` points to, and none beyond."""
    newest = {topic.name: max(int(file.stem) for file in (RELEASED / topic.name).glob("*.json")) for topic in PUBLIC}

    assert newest == {topic.name: topic.minor for topic in PUBLIC}


def retyped(schema: dict[str, Any]) -> None:
    """Make a number a text."""
    schema["properties"]["revision"] = {"type": "string"}


def removed(schema: dict[str, Any]) -> None:
    """Take a field away."""
    del schema["properties"]["headline"]
    schema["required"].remove("headline")


def made_optional(schema: dict[str, Any]) -> None:
    """Let a field that readers count on be absent."""
    schema["required"].remove("status")


def retyped_inside(schema: dict[str, Any]) -> None:
    """Change a field of a nested object."""
    schema["$defs"]["Block"]["properties"]["text"] = {"type": "integer"}


@pytest.mark.parametrize("change", [retyped, removed, made_optional, retyped_inside])
def test_a_breaking_change_is_refused(change: Callable[[dict[str, Any]], None]):
    """The gate can fail: each change that would hurt a reader is seen."""
    old = json_schema(ARTICLES)
    new = copy.deepcopy(old)
    change(new)

    assert not compatible(old, new)


def test_a_new_optional_field_passes():
    """Growing by a field is what readers are promised to survive."""
    old = json_schema(ARTICLES)
    new = copy.deepcopy(old)
    new["properties"]["reading_seconds"] = {"type": ["integer", "null"]}

    assert compatible(old, new)


def test_a_field_that_the_input_must_have_is_refused():
    """A crawler of yesterday is still understood: the input asks for nothing more."""
    old = json_schema(RAW)
    new = copy.deepcopy(old)
    new["properties"]["crawler"] = {"type": "string"}
    new["required"] = [*new["required"], "crawler"]

    assert not compatible(old, new, role="deserializer")
