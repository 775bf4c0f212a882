"""Typed reading of JSON objects that came from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

MOST = 2**63 - 1
LEAST = -(2**63)


class FieldError(ValueError):
    """A field that is missing, of another type, or out of range."""


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """``value`` when it is a JSON object."""
    if not isinstance(value, Mapping):
        raise FieldError(f"{what} is not an object")
    return value


def _field(source: Mapping[str, Any], name: str) -> Any:
    if name not in source:
        raise FieldError(f"field '{name}' is missing")
    return source[name]


def text(source: Mapping[str, Any], name: str) -> str:
    """A string."""
    value = _field(source, name)
    if not isinstance(value, str):
        raise FieldError(f"field '{name}' is not a string")
    return value


def flag(source: Mapping[str, Any], name: str) -> bool:
    """A boolean."""
    value = _field(source, name)
    if not isinstance(value, bool):
        raise FieldError(f"field '{name}' is not true or false")
    return value


def integer(source: Mapping[str, Any], name: str, least: int = LEAST, most: int = MOST) -> int:
    """An integer in ``[least, most]``."""
    value = _field(source, name)
    if type(value) is not int or not least <= value <= most:
        raise FieldError(f"field '{name}' is not an integer in [{least}, {most}]")
    return value


def number(source: Mapping[str, Any], name: str) -> float:
    """A finite number."""
    return finite(_field(source, name), f"field '{name}'")


def finite(value: Any, what: str) -> float:
    """``value`` as a float when it is a finite number."""
    if type(value) not in (int, float):
        raise FieldError(f"{what} is not a number")
    try:
        result = float(value)
    except OverflowError:
        raise FieldError(f"{what} is not a finite number") from None
    if not math.isfinite(result):
        raise FieldError(f"{what} is not a finite number")
    return result


def child(source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object."""
    return mapping(_field(source, name), f"field '{name}'")


def items(source: Mapping[str, Any], name: str) -> list[Any]:
    """A list."""
    value = _field(source, name)
    if not isinstance(value, list):
        raise FieldError(f"field '{name}' is not a list")
    return value
