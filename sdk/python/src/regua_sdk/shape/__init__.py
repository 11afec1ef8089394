"""From JSON to a stage's own types and back, and the types' JSON Schema.

The types are those that annotations name: `str`, `int`, `bool`, `datetime.date`, enums,
`list[T]`, `tuple[T, ...]`, `dict[str, T]`, `T | None`, dataclasses of these, and classes that
say for themselves how they are read: see `Readable`.
"""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from regua_sdk.refusal import ConfigProblem, Misfit
from regua_sdk.shape.base import Json, Readable, Shape
from regua_sdk.shape.collected import Listed, Named, Optional
from regua_sdk.shape.plain import Case, Day, Own, Plain
from regua_sdk.shape.record import Record
from regua_sdk.shape.written import to_json

__all__ = ["Json", "Readable", "Shape", "parse", "root_schema", "shape_of", "to_json"]


def shape_of(kind: Any) -> Shape:
    """How a type is read. Raises TypeError for one that has no shape, and names it."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        others = [arg for arg in args if arg is not NoneType]
        if len(others) == 1 and len(args) == 2:
            return Optional(shape_of(others[0]))
    elif origin is list:
        return Listed(shape_of(args[0]), list)
    elif origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return Listed(shape_of(args[0]), tuple)
    elif origin is dict and args[0] is str:
        return Named(shape_of(args[1]))
    elif kind in (None, NoneType):
        return Plain(NoneType)
    elif kind in (str, int, bool):
        return Plain(kind)
    elif kind is date:
        return Day()
    elif isinstance(kind, type) and issubclass(kind, Enum):
        return Case(kind)
    elif isinstance(kind, type) and issubclass(kind, Readable):
        return Own(kind)
    elif isinstance(kind, type) and is_dataclass(kind):
        return Record(kind, shape_of)
    raise TypeError(f"JSON cannot be read as {kind!r}")


def root_schema(shape: Shape) -> str:
    """A JSON Schema 2020-12 document, as JSON."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **shape.schema()}
    return json.dumps(schema, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def parse(shape: Shape, text: str | bytes) -> Any:
    """The value that a JSON text says. Raises `Misfit`, with a pointer for each problem."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Misfit([ConfigProblem("", f"is not JSON: {error}")]) from None
    return shape.read(value, "")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
