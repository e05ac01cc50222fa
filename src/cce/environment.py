"""A Lambda's environment as one frozen dataclass; no other code reads ``os.environ``."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from cce.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Environment = TypeVar("Environment", bound=DataclassInstance)


def read(environment: type[Environment]) -> Environment:
    """Fill a dataclass from the variables named as its fields in upper case.

    A field of type ``str`` takes the text, ``int`` a whole number, ``tuple[str, ...]`` a comma list.

    Raises
    ------
    ConfigurationError
        When a variable is missing or malformed; the message names it.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Example:
    ...     path: str
    >>> bool(read(Example).path)
    True
    """
    return environment(
        **{field.name: _value(field.name.upper(), str(field.type)) for field in fields(environment)}
    )


def _value(name: str, kind: str) -> Any:  # noqa: ANN401 - one of three types, by the field
    try:
        text = os.environ[name]
    except KeyError as error:
        message = f"environment variable {name} is missing; template.yaml sets it"
        raise ConfigurationError(message) from error
    if kind == "int":
        try:
            return int(text)
        except ValueError as error:
            message = f"environment variable {name} is {text!r}, not a whole number"
            raise ConfigurationError(message) from error
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text
