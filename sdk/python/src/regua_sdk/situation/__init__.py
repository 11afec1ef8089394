"""Everything a stage may know when it is asked."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from regua_sdk.bindings.imports import types as wit
from regua_sdk.situation import trigger
from regua_sdk.situation.balance import Balance, Items
from regua_sdk.situation.customer import Customer
from regua_sdk.situation.effect import Effect, Effects
from regua_sdk.situation.history import History
from regua_sdk.situation.letters import Attempt, Letters, attempt
from regua_sdk.situation.moment import Moment, Position
from regua_sdk.situation.trigger import Event, Trigger, Verdicts

__all__ = ["Attempt", "Letters", "Situation"]


class Situation:
    """Everything a stage may know when it is asked. Each part is read when it is first
    looked at.
    """

    def __init__(self, record: wit.Situation) -> None:
        """Around the contract's record, which nobody changes from now on."""
        self._record = record

    @cached_property
    def now(self) -> Moment:
        """The logical instant of the call."""
        return Moment.from_contract(self._record.now)

    @property
    def today(self) -> date:
        """The customer's civil date."""
        return self.now.date

    @cached_property
    def trigger(self) -> Trigger:
        """Why the stage is asked."""
        return trigger.from_contract(self._record.trigger)

    @property
    def event(self) -> Event | None:
        """The event that this call is about, if it is about one: also when the stage is
        asked once more about its answer to it.
        """
        return trigger.event(self.trigger)

    @property
    def verdicts(self) -> Verdicts:
        """What the guard said of the decision just made; empty on a first ask."""
        return trigger.verdicts(self.trigger)

    @cached_property
    def stage(self) -> Position:
        """Where in the stage the case stands."""
        return Position.from_contract(self._record.stage)

    @cached_property
    def customer(self) -> Customer:
        """The debtor, without anything that names them."""
        return Customer.from_contract(self._record.customer)

    @cached_property
    def balance(self) -> Balance:
        """What is owed, in the case's one currency."""
        return Balance.from_contract(self._record.balance)

    @property
    def items(self) -> Items:
        """The open items, oldest due first."""
        return self.balance.items

    @cached_property
    def history(self) -> History:
        """What the past says of this customer, over all cases."""
        return History.from_contract(self._record.history)

    @property
    def score(self) -> wit.Score | None:
        """The chance of payment in `permille`, and the `model` that says so; none where the
        tenant has no model.
        """
        return self._record.score

    @cached_property
    def effects(self) -> Effects:
        """What became of everything proposed earlier in this case, newest first."""
        return Effects(map(Effect.from_contract, self._record.effects))

    @cached_property
    def effects_of_visit(self) -> Effects:
        """The effects of this visit of this stage, newest first."""
        return self.effects.by_stage(self.stage.id).since(self.stage.entered)

    def attempt(self, message: Effect) -> Attempt:
        """How a message has fared, by its effect and by a bounce that this call is about."""
        return attempt(message, self.event)

    def letters(self, name: str) -> Letters:
        """The letters of a name in this visit: messages whose keys `Letters.key` makes."""
        return Letters(
            name, self.customer.reachable, self.effects_of_visit, self.verdicts, self.event
        )
