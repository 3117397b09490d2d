"""Authors: the names that the page gives."""

from worker.extract.metadata import Json, Metadata, plain


def authors(metadata: Metadata) -> tuple[tuple[str, ...], str] | None:
    """Return the names and their source, None where the page names nobody."""
    if names := _names(metadata, metadata.article.get("author")):
        return tuple(dict.fromkeys(names)), "jsonld"
    if claimed := metadata.metas.get("author"):
        return tuple(dict.fromkeys(claimed)), "meta"
    return None


def _names(metadata: Metadata, value: Json) -> list[str]:
    value = metadata.follow(value)
    if isinstance(value, list):
        return [name for each in value for name in _names(metadata, each)]
    if isinstance(value, dict):
        value = value.get("name")
    name = plain(value)
    return [name] if name else []
