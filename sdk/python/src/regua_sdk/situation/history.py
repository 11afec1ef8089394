"""What the past says of the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import Timestamp, from_days_maybe, timestamp_maybe
from regua_sdk.channel import Channel


@dataclass(frozen=True, slots=True)
class Contacts:
    """How often a customer was written to over a channel."""

    last_7_days: int = 0
    """In the last 7 days."""
    last_30_days: int = 0
    """In the last 30 days."""
    total: int = 0
    """Ever."""


@dataclass(frozen=True, slots=True)
class Decline:
    """A charge that was declined."""

    code: str
    """The payment provider's reason."""
    is_hard: bool
    """Whether the same method will never work."""
    at: Timestamp
    """When."""


@dataclass(frozen=True, slots=True)
class History:
    """What the past says of this customer, over all cases."""

    customer_since: date | None
    """Since when they are one."""
    invoices_paid: int
    """Invoices they paid."""
    invoices_paid_late: int
    """How many of those they paid late."""
    average_days_late_centi: int
    """Mean days late over paid invoices, in hundredths of a day."""
    worst_days_late: int
    """The latest they ever paid."""
    promises_kept: int
    """Promises to pay that they kept."""
    promises_broken: int
    """Promises to pay that they broke."""
    plans_completed: int
    """Payment plans paid to the end."""
    plans_broken: int
    """Payment plans that broke."""
    contacts_by_channel: dict[Channel, Contacts]
    """How often they were written to; see `contacts`."""
    last_contact: Timestamp | None
    """When they were last written to."""
    last_reply: Timestamp | None
    """When they last answered."""
    last_payment: Timestamp | None
    """When they last paid."""
    last_decline: Decline | None
    """The last charge that was declined."""

    @classmethod
    def from_contract(cls, history: wit.History) -> Self:
        """From the contract's record."""
        decline = history.last_decline
        return cls(
            from_days_maybe(history.customer_since),
            history.invoices_paid,
            history.invoices_paid_late,
            history.average_days_late_centi,
            history.worst_days_late,
            history.promises_kept,
            history.promises_broken,
            history.plans_completed,
            history.plans_broken,
            {
                Channel.from_contract(count.channel): Contacts(
                    count.last_7_days, count.last_30_days, count.total
                )
                for count in history.contacts
            },
            timestamp_maybe(history.last_contact),
            timestamp_maybe(history.last_reply),
            timestamp_maybe(history.last_payment),
            None
            if decline is None
            else Decline(decline.code, decline.is_hard, Timestamp(decline.at)),
        )

    def contacts(self, channel: Channel) -> Contacts:
        """How often they were written to over a channel."""
        return self.contacts_by_channel.get(channel, Contacts())
