"""From a stage's own types to JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from regua_sdk.kinds import word


def to_json(value: Any) -> Any:
    """The JSON value that `parse` reads as this one. Raises TypeError for a value that has
    none.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, str) else word(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [to_json(one) for one in value]
    if isinstance(value, dict):
        return {_name(name): to_json(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{value!r} cannot be written as JSON")


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"{name!r} is no name of a JSON member")
    return str(name)
