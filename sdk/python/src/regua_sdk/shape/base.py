"""What a shape is."""

from __future__ import annotations

from typing import Any, NoReturn, Protocol, Self, runtime_checkable

from regua_sdk.refusal import ConfigProblem, Misfit

Json = dict[str, Any] | list[Any] | str | int | float | bool | None
"""A JSON value, as the `json` module reads it."""

_SHOWN_CHARS_MAX = 60


class Shape(Protocol):
    """How a type is read from JSON."""

    def read(self, value: Json, at: str) -> Any:
        """The value of the type. `at` is the pointer to the JSON value. Raises `Misfit`."""
        ...

    def schema(self) -> dict[str, object]:
        """JSON Schema of what is read."""
        ...

    def default(self) -> Any:
        """What an absent value is. Raises TypeError where there is no such thing."""
        ...


@runtime_checkable
class Readable(Protocol):
    """A class that says for itself how it is read."""

    @classmethod
    def from_json(cls, value: Json, at: str) -> Self:
        """From a JSON value at a pointer. Raises `Misfit`."""
        ...

    @classmethod
    def json_schema(cls) -> dict[str, object]:
        """JSON Schema of what is read."""
        ...


def misfit(at: str, value: Json, expected: str) -> NoReturn:
    """Says that a value is not what is expected there."""
    shown = repr(value)
    if len(shown) > _SHOWN_CHARS_MAX:
        shown = shown[:_SHOWN_CHARS_MAX] + "..."
    raise Misfit([ConfigProblem(at, f"{shown} is not {expected}")])
