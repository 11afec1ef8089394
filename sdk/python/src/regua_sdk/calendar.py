"""Days and instants. A day is a `datetime.date` on the customer's calendar; an instant is a
`Timestamp`. There is no way from one to the other without the host's time zones.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

HORIZON_DAYS = 3_660
"""No decision names a day further ahead."""

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MINUTE_MS = 60_000


def from_days(days: int) -> date:
    """The day so many days after 1970-01-01."""
    return date.fromordinal(days + _EPOCH_ORDINAL)


def from_days_maybe(days: int | None) -> date | None:
    """The same, of what may be missing."""
    return None if days is None else from_days(days)


def to_days(what: str, day: date) -> int:
    """Days since 1970-01-01. Raises TypeError, which names `what`, for anything but a day;
    a `datetime` is none, because its day depends on the zone.
    """
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError(f"{what} is {day!r}, which is not a datetime.date")
    return day.toordinal() - _EPOCH_ORDINAL


class Timestamp(int):
    """Milliseconds since 1970-01-01T00:00:00Z."""

    __slots__ = ()

    def plus_minutes(self, minutes: int) -> Self:
        """So many minutes later, or earlier if negative."""
        return type(self)(self + minutes * _MINUTE_MS)

    def minutes_until(self, other: int) -> int:
        """Minutes from this instant to the other, a begun one counted whole; 0 if it has
        passed.
        """
        return max(0, -(-(other - self) // _MINUTE_MS))


def timestamp_maybe(millis: int | None) -> Timestamp | None:
    """The instant, where there is one."""
    return None if millis is None else Timestamp(millis)
