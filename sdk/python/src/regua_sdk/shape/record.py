"""The shape of a dataclass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from inspect import getdoc
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from regua_sdk.refusal import ConfigProblem, Misfit, below
from regua_sdk.shape.base import Json, Shape, misfit
from regua_sdk.shape.written import to_json


class Record:
    """A dataclass, read from an object. A member that it does not have is a problem, so that
    a misspelt setting is no silent default. `Annotated[T, "words", {"minItems": 1}]` gives a
    field's description and further keywords of its schema, which the host holds a config to.
    """

    def __init__(self, kind: type[Any], shape_of: Callable[[Any], Shape]) -> None:
        """Raises TypeError for a field that has no shape, and names it."""
        self._kind = kind
        hints = get_type_hints(kind, include_extras=True)
        self._members = {
            field.name: _Member(field, hints[field.name], kind, shape_of)
            for field in fields(kind)
        }

    def read(self, value: Json, at: str) -> Any:
        """Tells what is wrong with every member. What the dataclass itself raises as
        ValueError is a problem of the whole.
        """
        if not isinstance(value, dict):
            misfit(at, value, "an object")
        problems = [
            ConfigProblem(below(at, name), f"is not one of {', '.join(self._members)}")
            for name in value
            if name not in self._members
        ]
        read = {}
        for name, member in self._members.items():
            if name not in value:
                if member.is_required:
                    problems.append(ConfigProblem(at, f"lacks `{name}`"))
                continue
            try:
                read[name] = member.shape.read(value[name], below(at, name))
            except Misfit as found:
                problems += found.problems
        if problems:
            raise Misfit(problems)
        try:
            return self._kind(**read)
        except ValueError as error:
            raise Misfit([ConfigProblem(at, str(error))]) from error

    def schema(self) -> dict[str, object]:
        """An object of these members and no others."""
        schema: dict[str, object] = {
            "title": self._kind.__name__,
            "type": "object",
            "properties": {name: member.schema() for name, member in self._members.items()},
            "additionalProperties": False,
        }
        # A dataclass without words of its own has its signature for a docstring.
        words = getdoc(self._kind)
        if words and not words.startswith(f"{self._kind.__name__}("):
            schema["description"] = words
        required = [name for name, member in self._members.items() if member.is_required]
        if required:
            schema["required"] = required
        return schema

    def default(self) -> Any:
        """What the dataclass makes of no arguments. Raises TypeError where it asks for some."""
        return self._kind()


class _Member:
    """A field of a dataclass."""

    def __init__(
        self, field: Field[Any], hint: Any, kind: type[Any], shape_of: Callable[[Any], Shape]
    ) -> None:
        notes: tuple[Any, ...] = ()
        if get_origin(hint) is Annotated:
            hint, *notes = get_args(hint)  # type: ignore[assignment]
        try:
            self.shape = shape_of(hint)
        except TypeError as error:
            raise TypeError(f"{kind.__name__}.{field.name}: {error}") from None
        self.is_required = field.default is MISSING and field.default_factory is MISSING
        self._default = field.default
        self._notes = notes

    def schema(self) -> dict[str, object]:
        schema = self.shape.schema()
        for note in self._notes:
            schema |= {"description": note} if isinstance(note, str) else note
        if self._default is not MISSING:
            schema["default"] = to_json(self._default)
        return schema
