"""The debtor, without anything that names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import from_days_maybe
from regua_sdk.channel import Channel
from regua_sdk.kinds import CustomerKind


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way to pay on file."""

    key: str
    """Names the method in a charge; means nothing outside."""
    kind: str
    """From an open register: card, debit, pix, boleto, transfer, ..."""
    is_default: bool
    """Whether it is charged unless another is named."""
    expires_on: date | None
    """Its last day, if it has one."""

    @classmethod
    def from_contract(cls, method: wit.PaymentMethod) -> Self:
        """From the contract's record."""
        return cls(
            method.key, method.kind, method.is_default, from_days_maybe(method.expires_on)
        )


@dataclass(frozen=True, slots=True)
class Customer:
    """The debtor, without anything that names them."""

    bucket: int
    """0 to 9999, stable for this customer: for splitting into groups."""
    kind: CustomerKind
    """What the law takes them for."""
    locale: str
    """BCP 47, e.g. `pt-BR`."""
    jurisdiction: str
    """ISO 3166-2, e.g. `BR-SP`; the country alone where no more is known."""
    segments: tuple[str, ...]
    """Sorted."""
    reachable: tuple[Channel, ...]
    """Channels with an address, consent and no opt-out; the preferred first."""
    attributes: dict[str, str]
    """Those that the tenant declared visible to stages."""
    methods: tuple[PaymentMethod, ...]
    """Ways to pay on file, by key."""

    @classmethod
    def from_contract(cls, customer: wit.Customer) -> Self:
        """From the contract's record."""
        return cls(
            customer.bucket,
            customer.kind,
            customer.locale,
            customer.jurisdiction,
            tuple(customer.segments),
            tuple(map(Channel.from_contract, customer.reachable)),
            dict(customer.attributes),
            tuple(map(PaymentMethod.from_contract, customer.methods)),
        )

    @property
    def country(self) -> str:
        """The country of the jurisdiction, e.g. `BR`."""
        return self.jurisdiction.partition("-")[0]

    @property
    def default_method(self) -> PaymentMethod | None:
        """The way to pay that is charged unless another is named."""
        return next((method for method in self.methods if method.is_default), None)
