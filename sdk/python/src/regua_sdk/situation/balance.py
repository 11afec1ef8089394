"""What is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from regua_sdk.amount import to_decimal
from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import HORIZON_DAYS, from_days, from_days_maybe
from regua_sdk.kinds import CoverKind, DeliveryState, Disposition, ItemKind


@dataclass(frozen=True, slots=True)
class Item:
    """Something owed. Amounts are in minor units."""

    key: str
    """Names the item in proposals; means nothing outside."""
    kind: ItemKind
    """What it is."""
    parent: str | None
    """The key of the item that this fee or interest was charged on."""
    contract: str | None
    """The contract's reference at the tenant."""
    issued_on: date
    """When it was issued."""
    due_on: date
    """When it is, or was, to be paid."""
    days_overdue: int
    """Negative before the due date."""
    original: int
    """What it was issued for."""
    outstanding: int
    """What is left of it."""
    chaseable: int
    """What is left less covers, never below 0, and 0 while an agency has it."""
    disposition: Disposition
    """Who works on it."""
    is_first: bool
    """Whether it is the first invoice this customer was ever sent."""
    delivery: DeliveryState
    """What is known of the document's own way to the debtor."""

    @classmethod
    def from_contract(cls, item: wit.OpenItem) -> Self:
        """From the contract's record."""
        return cls(
            item.key,
            item.kind,
            item.parent,
            item.contract,
            from_days(item.issued_on),
            from_days(item.due_on),
            item.days_overdue,
            item.original,
            item.outstanding,
            item.chaseable,
            item.disposition,
            item.is_first,
            item.delivery,
        )


class Items(tuple[Item, ...]):
    """Items, with ways to choose among them: `situation.items.past_due().chaseable()`."""

    __slots__ = ()

    def past_due(self) -> Items:
        """Those whose due date has passed."""
        return Items(item for item in self if item.days_overdue > 0)

    def coming_due(self) -> Items:
        """Those whose due date has not passed."""
        return Items(item for item in self if item.days_overdue <= 0)

    def chaseable(self) -> Items:
        """Those with something that may be chased: not covered, not with an agency."""
        return Items(
            item
            for item in self
            if item.chaseable > 0 and item.disposition is Disposition.CHASED
        )

    def placed(self) -> Items:
        """Those that an agency works on."""
        return Items(item for item in self if item.disposition is Disposition.PLACED)

    def of_kind(self, kind: ItemKind) -> Items:
        """Those of a kind."""
        return Items(item for item in self if item.kind is kind)

    def invoices(self) -> Items:
        """Principal alone."""
        return self.of_kind(ItemKind.INVOICE)

    def of_contract(self, contract: str) -> Items:
        """Those under a contract."""
        return Items(item for item in self if item.contract == contract)

    def total_outstanding(self) -> int:
        """The sum of what is left of them, in minor units."""
        return sum(item.outstanding for item in self)

    def total_chaseable(self) -> int:
        """The sum of what may be chased of them, in minor units."""
        return sum(item.chaseable for item in self)


@dataclass(frozen=True, slots=True)
class Cover:
    """Why part of the debt is not chased for now."""

    kind: CoverKind
    """Why."""
    item_key: str | None
    """The key of the item; none where the cover is of several, or of the whole account."""
    amount: int
    """What it takes of what could be chased, in minor units."""
    until: date | None
    """Its last day; none where an event ends it."""

    @classmethod
    def from_contract(cls, cover: wit.Cover) -> Self:
        """From the contract's record."""
        return cls(
            cover.kind, cover.subject or None, cover.amount, from_days_maybe(cover.until)
        )


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed, in the case's one currency. Amounts are in minor units."""

    currency: str
    """ISO 4217."""
    minor_digits: int
    """How many digits the minor unit has: 0 to 4."""
    outstanding: int
    """All that is open, due or not."""
    past_due: int
    """What is past due."""
    chaseable: int
    """What is past due and may be chased: never more than is past due."""
    credit: int
    """Money received and not yet matched to an item."""
    anchor: date | None
    """Due date from which `days_overdue` counts; none while nothing is overdue."""
    days_overdue: int
    """0 while nothing is overdue, but negative, to the earliest coming due date, where
    something is coming due."""
    items: Items
    """Oldest due first, then by key; at most 200."""
    items_omitted: int
    """How many items there are beyond those listed."""
    covers: tuple[Cover, ...]
    """Why part of it is not chased for now, by subject, then kind."""

    @classmethod
    def from_contract(cls, balance: wit.Balance) -> Self:
        """From the contract's record."""
        return cls(
            balance.currency,
            balance.minor_digits,
            balance.outstanding,
            balance.past_due,
            balance.chaseable,
            balance.credit,
            from_days_maybe(balance.anchor),
            balance.days_overdue,
            Items(map(Item.from_contract, balance.items)),
            balance.items_omitted,
            tuple(map(Cover.from_contract, balance.covers)),
        )

    def item(self, key: str) -> Item | None:
        """The item of a key."""
        return next((item for item in self.items if item.key == key), None)

    def next_change_after(self, today: date) -> date | None:
        """The first day after `today` on which the calendar alone changes what may be
        chased: an item becomes past due, or a cover has ended. None where only an event
        can, or where it lies beyond the days that a decision may name.
        """
        last_days = [item.due_on for item in self.items]
        last_days += [cover.until for cover in self.covers if cover.until is not None]
        first, last = today.toordinal() + 1, today.toordinal() + HORIZON_DAYS
        days = [day.toordinal() + 1 for day in last_days]
        ahead = [day for day in days if first <= day <= min(last, date.max.toordinal())]
        return date.fromordinal(min(ahead)) if ahead else None

    def display(self, amount: int) -> str:
        """An amount of this balance as a person reads it: `20.00 BRL`."""
        return f"{to_decimal(amount, self.minor_digits)} {self.currency}"
