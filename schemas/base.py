"""What all records share: frozen, tolerant readers, strict bytes.

Readers ignore unknown fields, so that a newer writer never stops an older reader.
"""

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError


class ContractError(ValueError):
    """The bytes are not the record they should be; the message names field and fault."""


class Record(BaseModel):
    """A value that goes over the wire: frozen, unknown fields ignored, documented by field."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
        ser_json_inf_nan="null",
        allow_inf_nan=False,
    )


R = TypeVar("R", bound=Record)

_set_fields = object.__setattr__
"""Past the records' own, which refuses: they are frozen."""

_MESSAGE_CHARACTERS = 500
"""Longest error message: the rejected topic's header takes as much."""


def decode(record: type[R], value: bytes | None) -> R:
    """Return the record that ``value`` is the JSON of.

    Raises:
        ContractError: The value is missing, no JSON, or lacks what the contract asks for.
    """
    if value is None:
        raise ContractError(f"{record.__name__}: the record has no value")
    try:
        return record.model_validate_json(value)
    except ValidationError as error:
        raise ContractError(_first_fault(record, error)) from error


def trusted(record: type[R], fields: dict[str, Any]) -> R:
    """Return a record without checking it: a fifth of the cost, for fields that come from records.

    Args:
        record: Its class.
        fields: All its fields, those with defaults too, in the order of the class: bytes follow it. The record
            keeps this dictionary.
    """
    made = record.__new__(record)
    _set_fields(made, "__dict__", fields)
    _set_fields(made, "__pydantic_fields_set__", _names_of(record))
    _set_fields(made, "__pydantic_extra__", None)
    _set_fields(made, "__pydantic_private__", None)
    return made


@cache
def _names_of(record: type[Record]) -> set[str]:
    """Return the names of its fields. One set serves all records: they are frozen, so none adds to it."""
    return set(record.model_fields)


def encode(record: Record) -> bytes:
    """Return the record as UTF-8 JSON: the same record, the same bytes."""
    return record.__pydantic_serializer__.to_json(record)


def _first_fault(record: type[Record], error: ValidationError) -> str:
    """Name field and fault of the first error, without the input: it may be a whole page."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "(whole)"
    return f"{record.__name__}.{field}: {first['msg']}"[:_MESSAGE_CHARACTERS]
