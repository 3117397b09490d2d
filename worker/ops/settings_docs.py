"""The settings as JSON Schema and as a page of the documentation. Pure."""

import json

from pydantic import SecretStr

from worker.ops.loading import FIELDS, shown, variables

HEAD = """\
# Settings

Every setting of the worker, with its default.
Made by `newsworker config schema --markdown`; a test fails when it is stale.

Order: command line, environment, the TOML file that `NEWSWORKER_CONFIG` names, default.
Keys of the file are the names without `NEWSWORKER_`, in lower case.
`NEWSWORKER_X_FILE` reads the value of X from a file: the way for secrets.
An unknown `NEWSWORKER_*` name stops the start: it is a typo.
`newsworker config check` says whether all is good, `newsworker config show` where each value comes from.

| variable | default | meaning | example |
|---|---|---|---|
"""


def as_json() -> str:
    """Return the JSON Schema of the settings file."""
    from worker.ops.settings import Settings  # noqa: PLC0415 - beside its fields, which `loading` gives

    return json.dumps(Settings.model_json_schema(), indent=2) + "\n"


def as_markdown() -> str:
    """Return the page ``docs/settings.md``."""
    return HEAD + "".join(_row(name) for name in FIELDS)


def _row(name: str) -> str:
    field = FIELDS[name]
    if field.is_required():
        default = "required"
    else:
        text = shown(field.default)
        default = f"`{text}`" if text else "–"
    example = "" if _is_secret(name) else f"`{field.examples[0]}`" if field.examples else ""
    meaning = " ".join((field.description or "").split()).replace("``", "`").replace("|", "\\|")
    return f"| `{variables()[name]}` | {default} | {meaning} | {example} |\n"


def _is_secret(name: str) -> bool:
    return SecretStr.__name__ in str(FIELDS[name].annotation)
