"""When the stage is asked, and where the case stands."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import Timestamp, from_days
from regua_sdk.kinds import Weekday


@dataclass(frozen=True, slots=True)
class Moment:
    """The logical instant of the call. There is no other clock."""

    at: Timestamp
    """The instant."""
    date: datetime.date
    """The customer's civil date."""
    minute_of_day: int
    """Minutes since the customer's midnight, 0 to 1439."""
    weekday: Weekday
    """The customer's day of the week."""
    is_business_day: bool
    """By the workflow's holiday calendar."""
    time_zone: str
    """IANA name, e.g. `America/Sao_Paulo`."""

    @classmethod
    def from_contract(cls, moment: wit.Moment) -> Self:
        """From the contract's record."""
        return cls(
            Timestamp(moment.at),
            from_days(moment.local_date),
            moment.local_minute_of_day,
            moment.local_weekday,
            moment.is_business_day,
            moment.time_zone,
        )


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the stage the case stands."""

    id: str
    """The stage's id in the workflow."""
    entered: Timestamp
    """When this visit began."""
    calls_before: int
    """0 on the first call of this visit."""
    visits_before: int
    """0 on the first visit."""
    days: int
    """Days since this visit began."""
    business_days: int
    """Business days since this visit began."""

    @classmethod
    def from_contract(cls, position: wit.StagePosition) -> Self:
        """From the contract's record, without the memory: `decide` is handed that."""
        return cls(
            position.id,
            Timestamp(position.entered),
            position.calls_before,
            position.visits_before,
            position.days_in_stage,
            position.business_days_in_stage,
        )
