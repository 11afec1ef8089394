"""Charging a method on file, and charging for being late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from regua_sdk import checked
from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import to_days
from regua_sdk.decision.action import key_of
from regua_sdk.kinds import ActionKind
from regua_sdk.situation.balance import Item
from regua_sdk.situation.customer import PaymentMethod


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge of a method on file."""

    kind: ClassVar[ActionKind] = ActionKind.CHARGE

    amount: int | None = None
    """In minor units; none: all that is chaseable."""
    method: PaymentMethod | None = None
    """None: the default one."""
    on: date | None = None
    """None: at once."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_Charge(
            wit.Charge(
                None if self.amount is None else checked.amount("a charge", self.amount),
                None if self.method is None else self.method.key,
                None if self.on is None else to_days("the day of a charge", self.on),
            )
        )


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee, posted at most once per item, kind and occurrence, for ever."""

    kind: ClassVar[ActionKind] = ActionKind.ADD_FEE

    item: Item | str
    """The item, or its key."""
    fee_kind: str
    """1 to 64 characters of `a-z`, `0-9`, `-` and `.`."""
    amount: int
    """In minor units."""
    occurrence: str = "1"
    """For a fee that may come again: `2025-06`."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_AddFee(
            wit.Fee(
                checked.text("the kind of a fee", self.fee_kind),
                key_of(self.item),
                checked.text("the occurrence of a fee", self.occurrence),
                checked.amount("a fee", self.amount),
            )
        )


@dataclass(frozen=True, slots=True)
class Interest:
    """Interest on an item up to a day, which the host computes by the tenant's terms."""

    kind: ClassVar[ActionKind] = ActionKind.ADD_INTEREST

    item: Item | str
    """The item, or its key."""
    terms: str
    """The name of the tenant's terms."""
    until: date
    """Its last day."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_AddInterest(
            wit.Interest(
                checked.text("the terms", self.terms),
                key_of(self.item),
                to_days("the last day of interest", self.until),
            )
        )
