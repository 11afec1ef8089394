"""What happens to services and debts when asking did not help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from regua_sdk import checked
from regua_sdk.amount import WHOLE_BASIS_POINTS
from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import HORIZON_DAYS, to_days
from regua_sdk.decision.action import keys_of
from regua_sdk.kinds import ActionKind, ServiceChange
from regua_sdk.situation.balance import Item


@dataclass(frozen=True, slots=True)
class Service:
    """A change of the service under a contract: see `Item.contract`."""

    kind: ClassVar[ActionKind] = ActionKind.CHANGE_SERVICE

    contract: str
    """The contract's reference at the tenant."""
    change: ServiceChange
    """What happens to it."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_ChangeService(
            wit.Service(
                checked.text("the contract", self.contract),
                checked.case("the change of a service", self.change, ServiceChange),
            )
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """Items given to an agency for a commission and a term."""

    kind: ClassVar[ActionKind] = ActionKind.PLACE_WITH_AGENCY

    agency: str
    """The agency's name."""
    items: Sequence[Item | str]
    """The items, or their keys."""
    commission_bps: int
    """Hundredths of a percent, 0 to 10000."""
    term_days: int
    """How long the agency has: 1 to 3660."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_PlaceWithAgency(
            wit.Placement(
                checked.text("the agency", self.agency),
                list(keys_of(self.items)),
                checked.whole("the commission", self.commission_bps, 0, WHOLE_BASIS_POINTS),
                checked.whole("the term in days", self.term_days, 1, HORIZON_DAYS),
            )
        )


@dataclass(frozen=True, slots=True)
class Recall:
    """Items taken back from the agency that a placement gave them to. Items that are paid
    are no longer among the open ones, so a stage has to remember the keys of what it placed.
    """

    kind: ClassVar[ActionKind] = ActionKind.RECALL_PLACEMENT

    placement: str
    """The key of the proposal that placed them."""
    items: Sequence[Item | str]
    """The items, or their keys: 1 to 200."""
    reason: str
    """At most 500 characters."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        return wit.Action_RecallPlacement(
            wit.Recall(
                checked.text("the placement", self.placement),
                list(keys_of(self.items)),
                checked.text("the reason", self.reason),
            )
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """A rest for the whole case; facts still reach the stage."""

    kind: ClassVar[ActionKind] = ActionKind.HOLD

    until: date
    """Its last day: after today."""
    reason: str
    """At most 500 characters."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        until = to_days("the last day of a hold", self.until)
        return wit.Action_Hold(wit.Hold(checked.text("the reason", self.reason), until))


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Items given up."""

    kind: ClassVar[ActionKind] = ActionKind.WRITE_OFF

    items: Sequence[Item | str]
    """The items, or their keys."""
    reason: str
    """At most 500 characters."""

    def to_contract(self) -> wit.Action:
        """To the contract's variant."""
        reason = checked.text("the reason", self.reason)
        return wit.Action_WriteOff(wit.WriteOff(list(keys_of(self.items)), reason))
