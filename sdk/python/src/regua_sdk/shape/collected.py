"""Shapes of several values."""

from __future__ import annotations

from typing import Any

from regua_sdk.refusal import Misfit, below
from regua_sdk.shape.base import Json, Shape, misfit


class Listed:
    """A list of one shape."""

    def __init__(self, each: Shape, kind: type[list[Any]] | type[tuple[Any, ...]]) -> None:
        """Read as a list or as a tuple."""
        self._each = each
        self._kind = kind

    def read(self, value: Json, at: str) -> Any:
        """Tells what is wrong with every value."""
        if not isinstance(value, list):
            misfit(at, value, "a list")
        return self._kind(_all(self._each, enumerate(value), at).values())

    def schema(self) -> dict[str, object]:
        """An array."""
        return {"type": "array", "items": self._each.schema()}

    def default(self) -> Any:
        """Empty."""
        return self._kind()


class Named:
    """Values of one shape by name."""

    def __init__(self, each: Shape) -> None:
        """Read as a dict."""
        self._each = each

    def read(self, value: Json, at: str) -> dict[str, Any]:
        """Tells what is wrong with every value."""
        if not isinstance(value, dict):
            misfit(at, value, "an object")
        return _all(self._each, value.items(), at)

    def schema(self) -> dict[str, object]:
        """An object of any members."""
        return {"type": "object", "additionalProperties": self._each.schema()}

    def default(self) -> dict[str, Any]:
        """Empty."""
        return {}


class Optional:
    """A value or null."""

    def __init__(self, some: Shape) -> None:
        """The shape of the value."""
        self._some = some

    def read(self, value: Json, at: str) -> Any:
        """None where it is null."""
        return None if value is None else self._some.read(value, at)

    def schema(self) -> dict[str, object]:
        """Either."""
        return {"anyOf": [self._some.schema(), {"type": "null"}]}

    def default(self) -> None:
        """None."""


def _all(each: Shape, values: Any, at: str) -> dict[Any, Any]:
    """Every value read, by its place."""
    read, problems = {}, []
    for place, value in values:
        try:
            read[place] = each.read(value, below(at, place))
        except Misfit as found:
            problems += found.problems
    if problems:
        raise Misfit(problems)
    return read
