"""Offers to the debtor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from regua_sdk import checked
from regua_sdk.amount import WHOLE_BASIS_POINTS
from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import to_days
from regua_sdk.decision.action import keys_of
from regua_sdk.kinds import ActionKind
from regua_sdk.situation.balance import Item


@dataclass(frozen=True, slots=True)
class Discount:
    """A share off the items when they are paid by the day."""

    kind: ClassVar[ActionKind] = ActionKind.OFFER_DISCOUNT

    basis_points: int
    """Hundredths of a percent, 1 to 10000."""
    items: Sequence[Item | str]
    """The items, or their keys."""
    valid_until: date
    """The last day of the offer: after today."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_OfferDiscount(
            wit.Discount(
                list(keys_of(self.items)),
                checked.whole("a discount", self.basis_points, 1, WHOLE_BASIS_POINTS),
                to_days("the last day of an offer", self.valid_until),
            )
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """1 to 60 instalments by date, each above 0. They add up to the chaseable amount of the
    offer's items, less their fees where these are waived: see `split`.
    """

    instalments: Sequence[tuple[date, int]]
    """The day and the minor units of each, each day after the one before it."""
    waive_fees: bool = False
    """Whether the items' fees are waived for who keeps it."""

    def to_contract(self) -> wit.Plan:
        """To the contract's record."""
        return wit.Plan(
            [
                wit.Instalment(
                    to_days("the day of an instalment", due_on),
                    checked.amount("an instalment", amount),
                )
                for due_on, amount in self.instalments
            ],
            bool(self.waive_fees),
        )


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """Up to three payment plans to choose from."""

    kind: ClassVar[ActionKind] = ActionKind.OFFER_PLAN

    items: Sequence[Item | str]
    """The items, or their keys."""
    plans: Sequence[Plan]
    """1 to 3."""
    valid_until: date
    """The last day of the offer: after today."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_OfferPlan(
            wit.PlanOffer(
                list(keys_of(self.items)),
                [plan.to_contract() for plan in self.plans],
                to_days("the last day of an offer", self.valid_until),
            )
        )
