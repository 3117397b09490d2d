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

_new = object.__new__
_set_fields, _set_names, _set_extra, _set_private = [
    BaseModel.__dict__[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
]
"""What fills a record, past its own ``__setattr__``, which refuses: records are frozen."""

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
    """Return a record without checking it: a tenth of the cost, for fields that come from records.

    Args:
        record: Its class.
        fields: All its fields, those with defaults too, in the order of the class: bytes follow it. The record
            keeps this dictionary.
    """
    made = _new(record)
    _set_fields(made, fields)
    _set_names(made, _names_of(record))
    _set_extra(made, None)
    _set_private(made, None)
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
