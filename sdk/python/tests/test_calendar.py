"""Days, instants and wake-ups."""

from datetime import date, datetime

import pytest

from regua_sdk import Timestamp, Wake
from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import from_days, to_days
from regua_sdk.decision.wake import WakeKind


def test_known_days_have_their_numbers() -> None:
    for text, days in (("1970-01-01", 0), ("2000-02-29", 11_016), ("2025-06-11", 20_250)):
        assert from_days(days) == date.fromisoformat(text)
        assert to_days("a day", date.fromisoformat(text)) == days
    assert from_days(-719_162) == date.min
    assert from_days(2_932_896) == date.max


def test_a_datetime_is_no_day() -> None:
    with pytest.raises(TypeError, match=r"the day of a task is .* not a datetime\.date"):
        to_days("the day of a task", datetime(2025, 6, 11))  # noqa: DTZ001


def test_begun_minutes_count_whole() -> None:
    now = Timestamp(1_000)
    assert now.minutes_until(1_000) == 0
    assert now.minutes_until(1_001) == 1
    assert now.minutes_until(now.plus_minutes(15)) == 15
    assert now.minutes_until(0) == 0


def test_wake_ups_keep_to_the_contracts_bounds() -> None:
    assert Wake.after_minutes(0) == Wake(WakeKind.AFTER_MINUTES, 15)
    assert Wake.after_minutes(10**12) == Wake(WakeKind.AFTER_MINUTES, 5_270_400)
    assert Wake.after_days(0) == Wake.after_days(-3) == Wake(WakeKind.AFTER_DAYS, 1)
    assert Wake.after_business_days(70_000) == Wake(WakeKind.AFTER_BUSINESS_DAYS, 3_660)
    assert Wake.at(Timestamp(0), 60_000 * 20 + 1) == Wake.after_minutes(21)
    assert Wake.at(Timestamp(60_000), 0) == Wake.after_minutes(15)


def test_wake_ups_become_the_contracts() -> None:
    assert Wake.after_days(3).to_contract() == wit.Wake_AfterDays(3)
    assert Wake.on(date(2025, 6, 12)).to_contract() == wit.Wake_OnDate(20_251)
    assert Wake.on_event().to_contract() == wit.Wake_OnEvent()


def test_a_wake_up_of_another_type_is_refused_in_words() -> None:
    with pytest.raises(TypeError, match=r"after-days is 1\.5, which is not an int"):
        Wake.after_days(1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="after-days is 4000"):
        Wake(WakeKind.AFTER_DAYS, 4_000)
