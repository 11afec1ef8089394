"""Money in minor units: cents, centavos, yen. An amount is a plain `int`, never a float."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Self

from regua_sdk.refusal import BadConfig, ConfigProblem, Misfit, below

if TYPE_CHECKING:
    from regua_sdk.situation.balance import Balance

WHOLE_BASIS_POINTS = 10_000
"""All of it, in hundredths of a percent."""

_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_DECIMAL_SCHEMA = r"^[0-9]{1,12}(\.[0-9]{1,4})?$"
_CURRENCY = "^[A-Z]{3}$"


class Rounding(Enum):
    """What becomes of the fraction of a minor unit."""

    DOWN = "down"
    """Towards zero."""
    HALF_UP = "half-up"
    """To the nearest minor unit, a half away from zero."""
    UP = "up"
    """Away from zero."""


def share(amount: int, basis_points: int, rounding: Rounding) -> int:
    """The share of so many hundredths of a percent, 0 to 10000, in minor units.

    >>> share(1_025, 200, Rounding.HALF_UP)
    21
    """
    if not 0 <= basis_points <= WHOLE_BASIS_POINTS:
        raise ValueError(f"a share of {basis_points} basis points, which is not 0 to 10000")
    whole = WHOLE_BASIS_POINTS
    addend = {Rounding.DOWN: 0, Rounding.HALF_UP: whole // 2, Rounding.UP: whole - 1}
    size = (abs(amount) * basis_points + addend[rounding]) // whole
    return -size if amount < 0 else size


def split(amount: int, parts: int) -> list[int]:
    """So many parts that add up to the amount and differ by one minor unit at most, the
    larger first.

    >>> split(100, 3)
    [34, 33, 33]
    """
    if parts < 1:
        raise ValueError(f"an amount cannot be split into {parts} parts")
    each, rest = divmod(amount, parts)
    return [each + (index < rest) for index in range(parts)]


def to_decimal(amount: int, minor_digits: int) -> str:
    """The amount with a decimal point, as a person writes it.

    >>> to_decimal(-1_250, 2)
    '-12.50'
    """
    sign = "-" if amount < 0 else ""
    figures = str(abs(amount)).zfill(minor_digits + 1)
    if minor_digits == 0:
        return sign + figures
    return f"{sign}{figures[:-minor_digits]}.{figures[-minor_digits:]}"


class AmountByCurrency:
    """Amounts as a tenant writes them, by currency: `{ BRL: "20.00", JPY: "500" }`.

    One workflow may serve cases in several currencies, and 500 minor units are lunch in one
    and a coin in another.
    """

    def __init__(self, amounts: Mapping[str, str] | None = None) -> None:
        """Digits with at most four decimals, by ISO 4217 code. Raises `Misfit`."""
        self._amounts = dict(amounts or {})
        for currency, decimal in self._amounts.items():
            if not (isinstance(decimal, str) and _DECIMAL.fullmatch(decimal)):
                text = f"{decimal!r} is not digits with at most four decimals, as text"
                raise Misfit([ConfigProblem(below("", currency), text)])

    def of(self, balance: Balance) -> int | None:
        """The amount for the balance's currency in minor units; none where the tenant names
        none. Raises `BadConfig` for an amount with more digits than the currency has.
        """
        decimal = self._amounts.get(balance.currency)
        if decimal is None:
            return None
        whole, _, fraction = decimal.partition(".")
        kept, cut = fraction[: balance.minor_digits], fraction[balance.minor_digits :]
        if cut.strip("0"):
            text = f"an amount of {balance.currency} has more digits than the currency"
            raise BadConfig([ConfigProblem("", text)])
        return int(whole + kept.ljust(balance.minor_digits, "0"))

    @classmethod
    def from_json(cls, value: object, at: str) -> Self:
        """From a config. Raises `Misfit`."""
        if not isinstance(value, dict):
            raise Misfit([ConfigProblem(at, f"{value!r} is not amounts by currency")])
        try:
            return cls(value)
        except Misfit as misfit:
            raise misfit.under(at) from None

    @classmethod
    def json_schema(cls) -> dict[str, object]:
        """Of what a config has here."""
        return {
            "type": "object",
            "propertyNames": {"pattern": _CURRENCY},
            "additionalProperties": {"type": "string", "pattern": _DECIMAL_SCHEMA},
        }
