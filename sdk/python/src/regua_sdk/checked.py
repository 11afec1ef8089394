"""What a stage hands to a builder, held against its type.

Python takes a `float` for an amount without a word, and the component's boundary answers it
with a trap. So the builders ask here: what does not fit raises, and the stage refuses.
"""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

Kind = TypeVar("Kind", bound=Enum)

AMOUNT_MAX = 10**15
"""The largest amount that a stage may name, in minor units."""


def whole(what: str, value: int, least: int, most: int) -> int:
    """The value, where it is an int within these bounds. Raises TypeError or ValueError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{what} is {value!r}, which is not an int")
    if not least <= value <= most:
        raise ValueError(f"{what} is {value}, which is not {least} to {most}")
    return int(value)


def amount(what: str, value: int) -> int:
    """The value, where it is 1 to 10^15 minor units. Raises TypeError or ValueError."""
    return whole(what, value, 1, AMOUNT_MAX)


def text(what: str, value: str) -> str:
    """The value, where it is text that UTF-8 can hold. Raises TypeError or ValueError."""
    if not isinstance(value, str):
        raise TypeError(f"{what} is {value!r}, which is not a str")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{what} cannot be written as UTF-8: {error}") from None
    return str(value)


def case(what: str, value: Kind, kind: type[Kind]) -> Kind:
    """The value, where it is a case of an enumeration. Raises TypeError."""
    if not isinstance(value, kind):
        raise TypeError(f"{what} is {value!r}, which is not a {kind.__name__}")
    return value
