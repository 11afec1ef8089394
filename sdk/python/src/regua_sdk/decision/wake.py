"""When to ask again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Self

from regua_sdk import checked
from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import HORIZON_DAYS, Timestamp, from_days, to_days


class WakeKind(Enum):
    """What a wake-up counts in."""

    AFTER_MINUTES = "after-minutes"
    AFTER_DAYS = "after-days"
    AFTER_BUSINESS_DAYS = "after-business-days"
    ON_DATE = "on-date"
    ON_EVENT = "on-event"


_BOUNDS = {
    WakeKind.AFTER_MINUTES: (15, HORIZON_DAYS * 24 * 60),
    WakeKind.AFTER_DAYS: (1, HORIZON_DAYS),
    WakeKind.AFTER_BUSINESS_DAYS: (1, HORIZON_DAYS),
    WakeKind.ON_DATE: (to_days("the first day", date.min), to_days("the last day", date.max)),
    WakeKind.ON_EVENT: (0, 0),
}


@dataclass(frozen=True, slots=True)
class Wake:
    """When to ask again. The host rolls days to business days and into the workflow's send
    window; events that the stage listens to come earlier. What is counted keeps to the
    contract's bounds whatever is asked for.
    """

    kind: WakeKind
    """What it counts in."""
    amount: int
    """How many of them; of a day, days since 1970-01-01; of an event, 0."""

    def __post_init__(self) -> None:
        """Raises TypeError or ValueError for what no wake-up can be."""
        checked.whole(f"a wake-up {self.kind.value}", self.amount, *_BOUNDS[self.kind])

    @classmethod
    def after_minutes(cls, minutes: int) -> Self:
        """After so many minutes; fewer than 15 become 15, more than 5270400 that."""
        return cls._clamped(WakeKind.AFTER_MINUTES, minutes)

    @classmethod
    def after_days(cls, days: int) -> Self:
        """After so many days; fewer than 1 become 1, more than 3660 that."""
        return cls._clamped(WakeKind.AFTER_DAYS, days)

    @classmethod
    def after_business_days(cls, days: int) -> Self:
        """After so many business days; fewer than 1 become 1, more than 3660 that."""
        return cls._clamped(WakeKind.AFTER_BUSINESS_DAYS, days)

    @classmethod
    def on(cls, day: date) -> Self:
        """On a day, which has to lie ahead, at most 3660 days."""
        return cls(WakeKind.ON_DATE, to_days("a wake-up", day))

    @classmethod
    def on_event(cls) -> Self:
        """On an event, or after the workflow's longest silence."""
        return cls(WakeKind.ON_EVENT, 0)

    @classmethod
    def at(cls, now: Timestamp, instant: int) -> Self:
        """As soon after `now` as `instant` and the contract's bounds allow."""
        return cls.after_minutes(now.minutes_until(instant))

    @classmethod
    def _clamped(cls, kind: WakeKind, count: int) -> Self:
        least, most = _BOUNDS[kind]
        return cls(kind, max(least, min(count, most)))

    def to_contract(self) -> wit.Wake:
        """To the contract's variant."""
        match self.kind:
            case WakeKind.AFTER_MINUTES:
                return wit.Wake_AfterMinutes(self.amount)
            case WakeKind.AFTER_DAYS:
                return wit.Wake_AfterDays(self.amount)
            case WakeKind.AFTER_BUSINESS_DAYS:
                return wit.Wake_AfterBusinessDays(self.amount)
            case WakeKind.ON_DATE:
                return wit.Wake_OnDate(self.amount)
            case WakeKind.ON_EVENT:
                return wit.Wake_OnEvent()

    def __repr__(self) -> str:
        """As the contract has it."""
        match self.kind:
            case WakeKind.ON_EVENT:
                return "Wake(on-event)"
            case WakeKind.ON_DATE:
                return f"Wake(on-date {from_days(self.amount)})"
            case _:
                return f"Wake({self.kind.value} {self.amount})"
