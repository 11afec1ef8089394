"""Why the stage is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import Timestamp, from_days, timestamp_maybe
from regua_sdk.kinds import Ruling


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    kind: str
    """From an open register: `payment.received`, `message.bounced`, ..."""
    subject: str | None
    """An item's key, or the key of the proposal that this answers: the contract says which,
    by the kind."""
    amount: int | None
    """The money in it, in minor units."""
    on: date
    """The customer's civil date of it."""
    at: Timestamp
    """When the host learned of it."""
    details: Mapping[str, str]
    """By name."""

    @classmethod
    def from_contract(cls, event: wit.Event) -> Self:
        """From the contract's record."""
        return cls(
            event.kind,
            event.subject,
            event.amount,
            from_days(event.on),
            Timestamp(event.at),
            dict(event.details),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard said of one proposal."""

    key: str
    """The proposal's key."""
    ruling: Ruling
    """How it ruled: ALLOWED, REDUCED up to `at_most`, DEFERRED to `not_before`, REFUSED."""
    rule: str
    """The rule that spoke, e.g. `contact-cap`, `quiet-hours`, `fee-once`."""
    not_before: Timestamp | None
    """The earliest instant of what was deferred, where the rule knows it."""
    at_most: int | None
    """What is allowed of what was reduced, in minor units."""

    @classmethod
    def from_contract(cls, verdict: wit.Verdict) -> Self:
        """From the contract's record."""
        return cls(
            verdict.key,
            verdict.ruling,
            verdict.rule,
            timestamp_maybe(verdict.not_before),
            verdict.at_most,
        )


class Verdicts(tuple[Verdict, ...]):
    """Verdicts, in the order of the proposals: `situation.verdicts.of_key("fee")`."""

    __slots__ = ()

    def of_key(self, key: str) -> Verdict | None:
        """The one on a proposal's key."""
        return next((verdict for verdict in self if verdict.key == key), None)

    def refused(self) -> Verdicts:
        """Those on proposals that were refused."""
        return Verdicts(verdict for verdict in self if verdict.ruling is Ruling.REFUSED)

    def earliest_not_before(self) -> Timestamp | None:
        """The earliest instant to which something was deferred."""
        instants = [v.not_before for v in self if v.ruling is Ruling.DEFERRED]
        return min((at for at in instants if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Entered:
    """The first call of this visit."""


@dataclass(frozen=True, slots=True)
class Woken:
    """The wake-up that an earlier decision asked for, or one that was deferred."""

    planned: Timestamp
    """When it was to be."""
    late_by_ms: int
    """By how much it is late."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Not all of the decision just made was allowed, and nothing of it was done: decide
    again, once.
    """

    verdicts: Verdicts
    """What was ruled."""
    event: Event | None
    """What the decision was asked for, if it was an event."""


Trigger = Entered | Woken | Answered | Event
"""Why the stage is asked."""


def from_contract(trigger: wit.Trigger) -> Trigger:
    """From the contract's variant."""
    match trigger:
        case wit.Trigger_Entered():
            return Entered()
        case wit.Trigger_Woken(value=lateness):
            return Woken(Timestamp(lateness.planned), lateness.late_by_ms)
        case wit.Trigger_Answered(value=answer):
            about = None if answer.event is None else Event.from_contract(answer.event)
            return Answered(Verdicts(map(Verdict.from_contract, answer.verdicts)), about)
        case wit.Trigger_Event(value=event):
            return Event.from_contract(event)


def event(trigger: Trigger) -> Event | None:
    """The event that a call is about."""
    if isinstance(trigger, Answered):
        return trigger.event
    return trigger if isinstance(trigger, Event) else None


def verdicts(trigger: Trigger) -> Verdicts:
    """The verdicts that a call is about."""
    return trigger.verdicts if isinstance(trigger, Answered) else Verdicts()
