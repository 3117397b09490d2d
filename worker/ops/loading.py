"""Loading settings: what the library does not do.

It refuses unknown names, says where a value came from, and tells a fault by variable, value and example.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from worker.ops.exits import ConfigurationError
from worker.ops.names import ENV_PREFIX
from worker.ops.settings import Settings
from worker.ops.sources import CONFIG_VARIABLE

FIELDS = Settings.model_fields

_LONGEST_VALUE = 80
"""Characters of a bad value that a message shows."""

_LOGIN = re.compile(r"[^/\s,]+@")
"""A login in an address: a message shows none."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of a setting comes from."""

    setting: str
    """Name of the field."""

    value: str
    """The value as text, ``***`` for a secret."""

    source: str
    """``command line``, ``environment``, ``file PATH`` or ``default``."""


def load(given: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings of this process.

    Args:
        given: Values from the command line by field name; None stands for *not given*.

    Raises:
        ConfigurationError: A name is unknown, a value is wrong, or two don't fit.
    """
    for name in unknown_variables(os.environ):
        raise ConfigurationError(_unknown(name))
    asked = {name: value for name, value in (given or {}).items() if value is not None}
    _check_file()
    try:
        return Settings(**asked)
    except ValidationError as error:
        raise ConfigurationError(_told(error.errors(include_url=False)[0], asked)) from None


def variables() -> Mapping[str, str]:
    """Return the environment variable of each field."""
    return {name: f"{ENV_PREFIX}{name.upper()}" for name in FIELDS}


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Give each ``NEWSWORKER_*`` name that means nothing: it is a typo."""
    known = {CONFIG_VARIABLE}
    for variable in variables().values():
        known |= {variable, f"{variable}_FILE"}
    return (name for name in sorted(environment) if name.upper().startswith(ENV_PREFIX) and name not in known)


def origins(settings: Settings, given: Mapping[str, object] | None = None) -> Iterator[Origin]:
    """Give each setting with its value and where that comes from."""
    file = os.environ.get(CONFIG_VARIABLE)
    in_file = _toml(file) if file else {}
    for name, variable in variables().items():
        if (given or {}).get(name) is not None:
            source = "command line"
        elif variable in os.environ:
            source = "environment"
        elif f"{variable}_FILE" in os.environ and f"{name}_file" not in FIELDS:
            source = f"file {os.environ[f'{variable}_FILE']}"
        else:
            source = f"file {file}" if name in in_file else "default"
        yield Origin(name, shown(getattr(settings, name)), source)


def shown(value: object) -> str:
    """Return a setting's value as text that may be seen: a secret as ``***``."""
    match value:
        case None:
            return ""
        case SecretStr():
            return "***"
        case bool():
            return str(value).lower()
        case tuple():
            return ",".join(str(part) for part in value)
        case _:
            return str(value)


def _check_file() -> None:
    file = os.environ.get(CONFIG_VARIABLE)
    for name in _toml(file) if file else ():
        if name not in FIELDS:
            close = difflib.get_close_matches(name, FIELDS, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ConfigurationError(f"{file}: unknown setting {name}{hint}")


def _toml(file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{CONFIG_VARIABLE}: can't read {file}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{CONFIG_VARIABLE}: {file} is not TOML: {error}") from error


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, variables().values(), 1)
    hint = f"did you mean {close[0]}?" if close else "`newsworker config schema` lists all names."
    return f"{name}: there is no such setting; {hint}"


def _told(error: ErrorDetails, given: Mapping[str, Any]) -> str:
    """Say which setting is wrong, with which value, why, and what a good one looks like."""
    if not error["loc"]:  # a relation between settings: the message has the names
        return str(error["msg"]).removeprefix("Value error, ")
    name = str(error["loc"][0])
    variable = f"{ENV_PREFIX}{name.upper()}"
    field = FIELDS.get(name)
    if field is None:
        return f"{variable}: there is no such setting"
    example = f"Example: {variable}={field.examples[0]}" if field.examples else ""
    if error["type"] == "missing":
        return f"{variable} is missing. {example}"
    reason = str(error["msg"]).removeprefix("Value error, ")
    return f"{variable}={_bad_value(field, name, error, given)}: {reason}. {example}"


def _bad_value(field: FieldInfo, name: str, error: ErrorDetails, given: Mapping[str, object]) -> str:
    if "SecretStr" in str(field.annotation):
        return "***"
    value = given.get(name, os.environ.get(f"{ENV_PREFIX}{name.upper()}", error.get("input", "")))
    text = _LOGIN.sub("***@", value if isinstance(value, str) else repr(value))
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
