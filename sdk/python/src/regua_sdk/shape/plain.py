"""Shapes of single values."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from types import NoneType
from typing import Any

from regua_sdk.kinds import word
from regua_sdk.shape.base import Json, Readable, misfit

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPES = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}
_WORDS = {str: "text", int: "a whole number", bool: "true or false", NoneType: "null"}


class Plain:
    """Text, a whole number, a truth value, or nothing."""

    def __init__(self, kind: type) -> None:
        """`str`, `int`, `bool` or `NoneType`."""
        self._kind = kind

    def read(self, value: Json, at: str) -> Any:
        """No kind is taken for another: `true` is no number, and neither is `1.0`."""
        if type(value) is not self._kind:
            misfit(at, value, _WORDS[self._kind])
        return value

    def schema(self) -> dict[str, object]:
        """Of the kind."""
        return {"type": _TYPES[self._kind]}

    def default(self) -> Any:
        """Empty text, 0, false."""
        return self._kind()


class Day:
    """A `datetime.date`."""

    def read(self, value: Json, at: str) -> date:
        """Of the form `YYYY-MM-DD`, and no other."""
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        return misfit(at, value, "a date of the form YYYY-MM-DD")

    def schema(self) -> dict[str, object]:
        """Text of the format `date`."""
        return {"type": "string", "format": "date"}

    def default(self) -> date:
        """There is none."""
        raise TypeError("there is no default day")


class Case:
    """A case of an enumeration: its value where that is text, else its name as the contract
    spells it.
    """

    def __init__(self, kind: type[Enum]) -> None:
        """The cases in their order."""
        self._name = kind.__name__
        self._cases = {
            case.value if isinstance(case.value, str) else word(case): case for case in kind
        }

    def read(self, value: Json, at: str) -> Enum:
        """By its word."""
        if not (isinstance(value, str) and value in self._cases):
            misfit(at, value, f"one of {', '.join(self._cases)}")
        return self._cases[value]

    def schema(self) -> dict[str, object]:
        """The words."""
        return {"type": "string", "enum": list(self._cases)}

    def default(self) -> Enum:
        """There is none."""
        raise TypeError(f"there is no default {self._name}")


class Own:
    """A class that says for itself how it is read."""

    def __init__(self, kind: type[Readable]) -> None:
        """The class."""
        self._kind = kind

    def read(self, value: Json, at: str) -> Readable:
        """As the class reads it."""
        return self._kind.from_json(value, at)

    def schema(self) -> dict[str, object]:
        """As the class says."""
        return self._kind.json_schema()

    def default(self) -> Readable:
        """What the class makes of no arguments."""
        return self._kind()
