"""The contracts as others read them: JSON Schema, AsyncAPI and a page of documentation. Pure."""

import json
from typing import Any

from schemas.article import Article
from schemas.base import Record
from schemas.raw_page import RawPage
from schemas.rejected import RejectReason
from schemas.topics import ALL, DAY_MS, Topic, topic_name

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

NAMES_ELSEWHERE = {
    "headline": ("headline", "headline"),
    "authors": ("author", "authors"),
    "lead": ("abstract", "description"),
    "body": ("articleBody", "articleBody"),
    "published_at": ("datePublished", "datePublished"),
    "modified_at": ("dateModified", "dateModified"),
    "language": ("inLanguage", "inLanguage"),
    "section": ("articleSection", "breadcrumbs"),
    "topics": ("keywords", "–"),
    "images": ("image", "images"),
    "canonical_url": ("mainEntityOfPage", "canonicalUrl"),
    "url": ("url", "url"),
    "agency": ("sourceOrganization", "–"),
    "paywalled": ("isAccessibleForFree (negated)", "–"),
    "word_count": ("wordCount", "–"),
    "site_name": ("publisher.name", "–"),
    "captions": ("image.caption", "–"),
}
"""Field of ``Article``: its name in schema.org's NewsArticle, and in the Zyte article item."""


def generated() -> dict[str, str]:
    """Return every generated file: path from the project's root, content."""
    schemas = {f"schemas/json/{t.name}.json": _json(json_schema(t)) for t in ALL if t.record is not None}
    return schemas | {"schemas/asyncapi.yaml": _json(asyncapi()), "docs/topics.md": topics_page()}


def json_schema(topic: Topic) -> dict[str, Any]:
    """Return the JSON Schema of the topic's record: open, so that an old reader takes new data.

    Enumerations are published as strings with ``x-known-values``: new values may come within a major version.

    Raises:
        ValueError: The topic carries opaque bytes.
    """
    if topic.record is None:
        raise ValueError(f"{topic.name} carries opaque bytes and has no schema")
    schema = topic.record.model_json_schema(mode="validation" if topic.record is RawPage else "serialization")
    opened: dict[str, Any] = _open_enums(schema)
    return {"$schema": _DIALECT, "$id": topic.schema_ref} | opened


def _open_enums(node: Any) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(node, list):
        return [_open_enums(item) for item in node]
    if not isinstance(node, dict):
        return node
    opened = {key: _open_enums(value) for key, value in node.items() if key != "enum"}
    return opened | {"x-known-values": node["enum"]} if "enum" in node else opened


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document of the topics that other teams write or read."""
    public = [t for t in ALL if not t.internal]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "newsworker",
            "version": "1.0.0",
            "description": "Raw news pages in; articles, teasers and rejected pages out. JSON is valid YAML.",
        },
        "channels": {t.name: _channel(t) for t in public},
        "operations": {
            ("receive" if t is ALL[0] else "send") + "-" + t.name.replace(".", "-"): {
                "action": "receive" if t is ALL[0] else "send",
                "channel": {"$ref": f"#/channels/{t.name.replace('/', '~1')}"},
            }
            for t in public
        },
        "components": {"schemas": _shared(public)},
    }


def _shared(topics: list[Topic]) -> dict[str, Any]:
    """Return what the records are made of, by name: a ``$ref`` counts from the root of the whole document."""
    return {name: _rooted(part) for t in topics if t.record for name, part in json_schema(t).get("$defs", {}).items()}


def _embedded(topic: Topic) -> dict[str, Any]:
    """Return the schema of the topic's record as it stands inside the AsyncAPI document."""
    rooted: dict[str, Any] = _rooted(json_schema(topic))
    return {key: value for key, value in rooted.items() if key not in ("$schema", "$id", "$defs")}


def _rooted(node: Any) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(node, list):
        return [_rooted(item) for item in node]
    if not isinstance(node, dict):
        return node
    moved = {key: _rooted(value) for key, value in node.items()}
    ref = moved.get("$ref")
    return moved | {"$ref": ref.replace("#/$defs/", "#/components/schemas/")} if isinstance(ref, str) else moved


def _channel(topic: Topic) -> dict[str, Any]:
    payload: dict[str, Any] = (
        {"schemaFormat": f"application/schema+json;version={_DIALECT}", "schema": _embedded(topic)}
        if topic.record is not None
        else {"schemaFormat": "application/octet-stream", "schema": {"type": "string", "format": "binary"}}
    )
    return {
        "address": topic.name,
        "description": topic.summary,
        "messages": {
            (topic.record.__name__ if topic.record else "RejectedPage"): {
                "payload": payload,
                "bindings": {"kafka": {"key": {"type": "string", "description": topic.key}}},
            }
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms},
            }
        },
    }


def topics_page() -> str:
    """Return docs/topics.md: the registry, and every field of every record."""
    lines = [
        "# Topics and records",
        "",
        "What each topic holds, and what each field means.",
        "Generated by `make contracts` from `schemas/`: change it there.",
        "",
        "| topic | key | record | kept | partitions | written by | read by |",
        "|---|---|---|---|---|---|---|",
    ]
    for topic in ALL:
        record = f"[`{topic.record.__name__}`](#{topic.record.__name__.lower()})" if topic.record else "opaque bytes"
        days = f"{topic.retention_ms // DAY_MS} d"
        row = (f"`{topic_name(topic)}`", topic.key, record, days, str(topic.partitions))
        lines.append("| " + " | ".join((*row, ", ".join(topic.writers), ", ".join(topic.readers))) + " |")
    lines += ["", "Partitions are defaults; those of `pages.split.v1` and of the state topic are equal and fixed.", ""]
    for topic in ALL:
        if topic.record is not None:
            lines += _record_section(topic.record, f"Topic `{topic_name(topic)}`. {topic.summary}", seen=lines)
    return "\n".join([*lines, *_rejected_section(), *_names_section()])


def _record_section(record: type[Record], intro: str, seen: list[str]) -> list[str]:
    lines = [f"## {record.__name__}", "", intro, "", "| field | type | meaning |", "|---|---|---|"]
    schema = record.model_json_schema(mode="serialization")
    for name, field in schema["properties"].items():
        meaning = " ".join(str(field.get("description", "")).split())
        lines.append(f"| `{name}` | {_type_name(field)} | {meaning} |")
    lines.append("")
    for name, nested in sorted(schema.get("$defs", {}).items()):
        if "properties" not in nested or f"### {name}" in seen:
            continue
        lines += [f"### {name}", "", "| field | type | meaning |", "|---|---|---|"]
        for key, field in nested["properties"].items():
            meaning = " ".join(str(field.get("description", "")).split())
            lines.append(f"| `{key}` | {_type_name(field)} | {meaning} |")
        lines.append("")
    return lines


def _type_name(field: dict[str, Any]) -> str:
    """Return a reader's word for a field's type: ``string or null``, ``list of Block``."""
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type_name(option) for option in field["anyOf"]))
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    if field.get("type") == "array":
        return "list of " + _type_name(field.get("items", {}))
    if field.get("format") == "date-time":
        return "time, RFC 3339"
    return str(field.get("type", "string"))


def _rejected_section() -> list[str]:
    lines = [
        "## Rejected pages",
        "",
        "Topic `pages.rejected.v1`: key and value are the input's own, byte for byte;",
        "the reason stands in the header `rejected-reason`.",
        "",
        "| reason | stage |",
        "|---|---|",
    ]
    for reason in RejectReason:
        stage = "dedupe" if reason is RejectReason.INVALID_SPLIT_PAGE else "split"
        lines.append(f"| `{reason.value}` | {'both' if reason is RejectReason.INTERNAL else stage} |")
    return [*lines, ""]


def _names_section() -> list[str]:
    lines = [
        "## Names elsewhere",
        "",
        "| field of `Article` | schema.org `NewsArticle` | Zyte article item |",
        "|---|---|---|",
    ]
    for field in Article.model_fields:
        if field in NAMES_ELSEWHERE:
            schema_org, zyte = NAMES_ELSEWHERE[field]
            lines.append(f"| `{field}` | `{schema_org}` | {'–' if zyte == '–' else f'`{zyte}`'} |")
    return [*lines, ""]


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
